// What can be listened to, and how it becomes pieces of frames: opened, decoded, brought to the models' sample rate and
// cut in its pauses. Knows nothing of what is heard in it.

import { decodeAudio, resample, SAMPLE_RATE_HZ } from "../audio/index.ts";
import type { Frames } from "../audio/index.ts";
import { EarshotError } from "../errors.ts";
import type { Warning } from "../errors.ts";
import type { AcousticModel, ModelInput } from "../model/index.ts";
import { cutAtPauses } from "./pieces.ts";
import { readRecording } from "./recording.ts";

/**
 * What can be transcribed: the path or the bytes of a recording; mono samples in [-1, 1]; or frames that
 * `recognizer.model.prepare` made (or a cache of them), for one model that hears once.
 */
export type Source =
  | string
  | Uint8Array
  | { readonly samples: Float32Array; readonly sampleRateHz: number }
  | { readonly frames: Frames };

export interface OpenSource {
  /** Their frames are computed one after the other: those of an hour are not held at once. */
  readonly pieces: readonly { readonly startMs: number; readonly prepare: () => ModelInput }[];
  readonly warnings: readonly Warning[];
  /** Length of the recording. */
  readonly seconds: number;
}

const SHORT_AUDIO = "SHORT_AUDIO"; // as decodeAudio calls it

/** @throws RECORDING_NOT_FOUND, UNREADABLE_RECORDING, INVALID_SAMPLES, SAMPLES_NEEDED, and what `decodeAudio` throws */
export async function openSource(source: Source, model: AcousticModel): Promise<OpenSource> {
  if (typeof source === "string") return openBytes(await readRecording(source), source, model);
  if (source instanceof Uint8Array) return openBytes(source, "recording", model);
  if ("samples" in source)
    return openSamples(await atModelRate(source.samples, source.sampleRateHz), [], model);
  if (model.viewCount > 1) throw samplesNeeded();
  const input = { length: source.frames.frames, views: [source.frames] };
  const seconds = (input.length * model.hopMs) / 1000;
  return { pieces: [{ startMs: 0, prepare: () => input }], warnings: [], seconds };
}

async function openBytes(bytes: Uint8Array, where: string, model: AcousticModel): Promise<OpenSource> {
  const { samples, warnings } = await decodeAudio(bytes, where);
  return openSamples(samples, warnings, model);
}

function openSamples(samples: Float32Array, warnings: readonly Warning[], model: AcousticModel): OpenSource {
  let start = 0;
  const pieces = cutAtPauses(samples).map((piece) => {
    const startMs = (1000 * start) / SAMPLE_RATE_HZ;
    start += piece.length;
    return { startMs, prepare: () => model.prepare(piece) };
  });
  const seconds = samples.length / SAMPLE_RATE_HZ;
  const told = warnings.some(({ code }) => code === SHORT_AUDIO);
  if (samples.length > 0 || told) return { pieces, warnings, seconds };
  const { windowMs } = model;
  const message = `The recording is shorter than one window of ${windowMs} ms.`;
  return { pieces, warnings: [...warnings, { code: SHORT_AUDIO, message }], seconds };
}

async function atModelRate(samples: Float32Array, sampleRateHz: number): Promise<Float32Array> {
  if (!samples.every(Number.isFinite))
    throw invalidSamples("Some of the samples are infinite or not numbers.");
  if (!(Number.isInteger(sampleRateHz) && sampleRateHz > 0))
    throw invalidSamples(`The sample rate is ${sampleRateHz} Hz.`);
  return resample(samples, sampleRateHz, SAMPLE_RATE_HZ);
}

function invalidSamples(problem: string): EarshotError {
  return new EarshotError({
    code: "INVALID_SAMPLES",
    where: "samples",
    problem,
    remedy: "Give mono samples in [-1, 1] and the rate at which they were taken.",
  });
}

function samplesNeeded(): EarshotError {
  return new EarshotError({
    code: "SAMPLES_NEEDED",
    where: "frames",
    problem: "Frames are those of one model and one hearing; several models, or jitter, compute their own.",
    remedy: "Give samples, or the recording itself.",
  });
}
