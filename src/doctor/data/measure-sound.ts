// Measures one recording: reads, decodes and describes it. What is wrong with a recording is an answer, never an error.

import { decodeAudio } from "../../audio/index.ts";
import { recordingFault, type Utterance } from "../../data/index.ts";
import { EarshotError, type Fault } from "../../errors.ts";
import { readWholeFile, sha256 } from "../../platform/index.ts";
import type { MeasuredUtterance } from "./evidence.ts";
import { measureSound } from "./sound.ts";

export type SoundMeasurement =
  { readonly measured: Omit<MeasuredUtterance, keyof Utterance> } | { readonly fault: Fault };

/** The work of a thread that measures. */
export const measureWork = { measure };

async function measure(path: string): Promise<SoundMeasurement> {
  try {
    const bytes = await readWholeFile(path);
    const { samples, ...decoded } = await decodeAudio(bytes, path);
    const { sourceRateHz, channels, channelPowers, warnings } = decoded;
    const contentHash = sha256().update(bytes).digest();
    const sound = measureSound(samples);
    return { measured: { sound, sourceRateHz, channels, channelPowers, warnings, contentHash } };
  } catch (error) {
    return { fault: error instanceof EarshotError ? error.fault : recordingFault(path, error) };
  }
}
