// Rows as the loss gets them: the labels of a text, and the steps that the network gives for its recording.

import { outputSteps } from "../../network/index.ts";
import { SAMPLE_RATE_HZ } from "../../audio/index.ts";
import { normalizeTranscript } from "../../text/index.ts";
import { networkOf, type TrainingSettings } from "../../training/index.ts";
import type { MeasuredUtterance } from "./evidence.ts";

export interface Target {
  readonly labels: Int32Array;
  /** T', of its recording as it was recorded. */
  readonly steps: number;
  readonly frames: number;
}

/** The target of each row; undefined where the alphabet cannot spell it. */
export function targetsOf(
  measured: readonly MeasuredUtterance[],
  settings: TrainingSettings,
): (Target | undefined)[] {
  const { alphabet, architecture } = networkOf(settings);
  return measured.map(({ transcript, where, sound }) => {
    try {
      const { text } = normalizeTranscript(transcript, alphabet, settings.transcript, where);
      const frames = framesOf(sound.heardSeconds, settings.features);
      return { labels: alphabet.encode(text), frames, steps: outputSteps(architecture, frames) };
    } catch {
      return undefined; // the check on spelling finds it
    }
  });
}

/** As FeatureStream counts them: whole windows, at least one. */
function framesOf(seconds: number, { windowMs, hopMs }: TrainingSettings["features"]): number {
  const samplesIn = (milliseconds: number): number => Math.round((milliseconds * SAMPLE_RATE_HZ) / 1000);
  const samples = Math.round(seconds * SAMPLE_RATE_HZ);
  return Math.max(1, Math.floor((samples - samplesIn(windowMs)) / samplesIn(hopMs)) + 1);
}
