// The frames as the network gets them, and the numbers of one.

import type { FrameValue } from "../library.ts";
import { useTexts, type TextOf } from "../../languages.tsx";
import { FilterEquation } from "../equations.tsx";
import { HeatMap } from "../figures/heat-map.tsx";
import { css } from "../figures/palette.ts";
import { TimeFigure } from "../figures/time-figure.tsx";
import { useNumbers } from "../../numbers.ts";
import { STAGE_TEXTS } from "../stage-texts.ts";
import { ownFrame, type WalkView } from "../walk-view.ts";
import { ColumnTitle, Stage } from "./stage.tsx";

const FILES = [
  "src/audio/features/spectral-frames.ts",
  "src/audio/features/filter-bank.ts",
  "src/audio/features/normalize.ts",
];
const MARKED_HERTZ = [500, 1000, 2000, 4000];

export function FramesStage({ view, number }: { readonly view: WalkView; readonly number: number }) {
  const t = useTexts(STAGE_TEXTS);
  const { whole } = useNumbers();
  const { network, walk, axis, palette } = view;
  const { data, frames, size } = walk.frames;
  const frame = ownFrame(view);
  const column = data.subarray(frame * size, (frame + 1) * size);
  const isCepstral = network.frameValues[0]?.kind === "coefficient";
  const loudest = column.reduce((best, value, i) => (value > column[best] ? i : best), 0);
  const facts = { hop: network.hopMs, window: network.windowMs, size, frames: whole(frames) };
  const name = frames === 0 ? "" : nameOf(network.frameValues[loudest], t);
  return (
    <Stage
      number={number}
      title={t("framesTitle")}
      text={t(isCepstral ? "cepstralFrames" : "filterFrames", facts)}
      equation={isCepstral ? undefined : <FilterEquation />}
      files={FILES}
      column={
        <>
          <ColumnTitle>{t("frameColumn", { frame: frame + 1, size })}</ColumnTitle>
          <div class="profile" aria-hidden="true">
            {Array.from(column, (value, i) => (
              <div
                key={i}
                style={{
                  height: `${Math.min(100, Math.max(2, 40 + 22 * value)).toFixed(1)}%`,
                  background: css(palette.energy(value)),
                }}
              />
            ))}
          </div>
        </>
      }
    >
      <TimeFigure
        view={view}
        label={t("framesFigure", { ...facts, name })}
        class="frames"
        names={isCepstral ? undefined : <HertzMarks values={network.frameValues} size={size} />}
      >
        <HeatMap values={data} columns={frames} color={palette.energy} part={axis.allFrames} upward />
      </TimeFigure>
    </Stage>
  );
}

/** Where some frequencies are, from the bottom. */
function HertzMarks({ values, size }: { readonly values: readonly FrameValue[]; readonly size: number }) {
  const last = values.findLast(({ hertz }) => hertz !== undefined)?.hertz ?? 0;
  return MARKED_HERTZ.filter((hertz) => hertz < last).map((hertz) => {
    const row = values.findIndex((value) => (value.hertz ?? 0) >= hertz);
    return (
      <span key={hertz} style={{ bottom: `${((100 * (row + 0.5)) / size).toFixed(1)}%` }}>
        {hertz < 1000 ? hertz : `${hertz / 1000}k`}
      </span>
    );
  });
}

function nameOf({ kind, hertz, index, delta }: FrameValue, t: TextOf<typeof STAGE_TEXTS>): string {
  if (delta > 0) return t("slope", { name: nameOf({ kind, hertz, index, delta: delta - 1 }, t) });
  if (kind === "energy") return t("energy");
  return kind === "coefficient" ? t("coefficient", { index }) : `${Math.round(hertz ?? 0)} Hz`;
}
