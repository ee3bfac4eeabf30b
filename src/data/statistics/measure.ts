// Opens every recording of a manifest once: how long it lasts, how it is cut, a hash of its content, or why it cannot be read.

import { decodeAudio, SAMPLE_RATE_HZ } from "../../audio/index.ts";
import { EarshotError } from "../../errors.ts";
import { readWholeFile, sha256 } from "../../platform/index.ts";
import { mapConcurrently } from "../concurrency.ts";
import type { Utterance } from "../manifests/manifest.ts";
import { measureCut, type Cut } from "./cut.ts";
import { recordingFault } from "../features/recording-fault.ts";

export interface Measured {
  readonly utterance: Utterance;
  readonly seconds: number;
  /** As recorded. */
  readonly rateHz: number;
  /** SHA-256 of the file, in hexadecimal. */
  readonly hash: string;
  readonly cut: Cut;
}

export interface Unreadable {
  readonly utterance: Utterance;
  readonly error: EarshotError;
}

export interface Measurement {
  readonly measured: readonly Measured[];
  readonly unreadable: readonly Unreadable[];
}

export interface MeasureOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Files read ahead of the decoder. */
const READERS = 4;

/** In the order of the utterances. */
export async function measureRecordings(
  utterances: readonly Utterance[],
  { signal, onProgress }: MeasureOptions = {},
): Promise<Measurement> {
  let done = 0;
  const outcomes = await mapConcurrently(utterances, READERS, async (utterance) => {
    signal?.throwIfAborted();
    const outcome = await measure(utterance);
    onProgress?.(++done, utterances.length);
    return outcome;
  });
  return {
    measured: outcomes.filter((outcome) => "hash" in outcome),
    unreadable: outcomes.filter((outcome) => "error" in outcome),
  };
}

async function measure(utterance: Utterance): Promise<Measured | Unreadable> {
  const { path } = utterance;
  try {
    const bytes = await readWholeFile(path);
    const hash = sha256().update(bytes).digest();
    const { samples, sourceRateHz: rateHz } = await decodeAudio(bytes, path);
    const seconds = samples.length / SAMPLE_RATE_HZ;
    return { utterance, seconds, rateHz, hash, cut: measureCut(samples) };
  } catch (cause) {
    const error =
      cause instanceof EarshotError ? cause : new EarshotError(recordingFault(path, cause), { cause });
    return { utterance, error };
  }
}
