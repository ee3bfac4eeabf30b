// The samples, and the piece of them that a frame is made of.

import { useMemo } from "preact/hooks";
import { useNumbers } from "../../numbers.ts";
import { useTexts } from "../../languages.tsx";
import { placed, TimeFigure } from "../figures/time-figure.tsx";
import { loudest, Waveform } from "../figures/waveform.tsx";
import { STAGE_TEXTS } from "../stage-texts.ts";
import { ownFrame, type WalkView } from "../walk-view.ts";
import { ColumnTitle, Stage } from "./stage.tsx";

const FILES = ["src/audio/formats/decode.ts", "src/audio/resample.ts"];

export function SoundStage({ view, number }: { readonly view: WalkView; readonly number: number }) {
  const t = useTexts(STAGE_TEXTS);
  const { whole, fixed } = useNumbers();
  const { network, walk, axis, palette } = view;
  const { samples } = walk;
  const peak = useMemo(() => loudest(samples), [samples]);
  const frame = ownFrame(view);
  const { from, to } = axis.soundOf(frame);
  const piece = useMemo(
    () => samples.subarray(Math.round(from * samples.length), Math.round(to * samples.length)),
    [samples, from, to],
  );
  const facts = { seconds: fixed(axis.seconds, 2), count: whole(samples.length), window: network.windowMs };
  return (
    <Stage
      number={number}
      title={t("soundTitle")}
      text={t("sound", facts)}
      files={FILES}
      column={
        <>
          <ColumnTitle>{t("soundPiece", { frame: frame + 1, window: network.windowMs })}</ColumnTitle>
          <Waveform samples={piece} peak={loudest(piece)} ink={palette.ink} width={480} />
        </>
      }
    >
      <TimeFigure view={view} label={t("soundFigure", facts)} class="sound">
        <Waveform samples={samples} peak={peak} ink={palette.ink} width={1600} />
        <div class="window" style={placed({ from, to })} />
      </TimeFigure>
    </Stage>
  );
}
