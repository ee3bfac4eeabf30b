// The frames that one step sees, and where they are in the recording.

import { useMemo } from "preact/hooks";
import { useTexts } from "../../languages.tsx";
import { ContextEquation } from "../equations.tsx";
import { HeatMap } from "../figures/heat-map.tsx";
import { placed, TimeFigure } from "../figures/time-figure.tsx";
import { useNumbers } from "../../numbers.ts";
import { STAGE_TEXTS } from "../stage-texts.ts";
import { ownFrame, type WalkView } from "../walk-view.ts";
import { ColumnTitle, Stage } from "./stage.tsx";

const FILES = ["src/network/layers.ts"];

export function ContextStage({ view, number }: { readonly view: WalkView; readonly number: number }) {
  const t = useTexts(STAGE_TEXTS);
  const { whole } = useNumbers();
  const { network, walk, axis, palette, step } = view;
  const { data, frames, size } = walk.frames;
  const { before, after } = network.context ?? { before: 0, after: 0 };
  const count = before + 1 + after;
  const first = ownFrame(view) - before;
  const seen = useMemo(() => {
    const window = new Float32Array(count * size).fill(-Infinity); // beyond the ends are zeros; nothing is drawn there
    for (let i = 0; i < count; i++)
      if (first + i >= 0 && first + i < frames)
        window.set(data.subarray((first + i) * size, (first + i + 1) * size), i * size);
    return window;
  }, [data, frames, size, first, count]);
  const { stride } = network;
  const facts = { before, after, inputs: whole(count * size), count, step: step + 1 };
  const steps = { stride, frames: whole(frames), steps: whole(walk.steps), stepMs: network.stepMs };
  const from = axis.soundOf(Math.max(0, first)).from;
  const { to } = axis.soundOf(Math.min(frames - 1, first + count - 1));
  return (
    <Stage
      number={number}
      title={t("contextTitle")}
      text={`${t("context", facts)}${stride > 1 ? ` ${t("stride", steps)}` : ""}`}
      equation={<ContextEquation before={before} after={after} />}
      files={FILES}
      column={
        <>
          <ColumnTitle>{t("contextNow", facts)}</ColumnTitle>
          <div class="context-window" role="img" aria-label={t("contextFigure", facts)}>
            <HeatMap values={seen} columns={count} color={palette.energy} upward />
            <div class="own" style={placed({ from: before / count, to: (before + 1) / count })} />
          </div>
        </>
      }
    >
      <TimeFigure view={view} label={t("contextWhere", facts)} class="strip">
        <HeatMap values={data} columns={frames} color={palette.energy} part={axis.allFrames} upward />
        <div class="window" style={placed({ from, to })} />
      </TimeFigure>
    </Stage>
  );
}
