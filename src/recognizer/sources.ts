// Source → samples → pieces, ready for the model: opened, decoded, brought to the model's sample rate and cut where the
// model needs it. Knows nothing of what the model makes of them.

import {
  cutSilence,
  decodeAudio,
  fitFullScale,
  resampleSignal,
  SAMPLE_RATE_HZ,
  soundLevels,
} from "../audio/index.ts";
import type { DecodedAudio, Frames, SoundLevels } from "../audio/index.ts";
import type { Warning } from "../errors.ts";
import type { Ensemble, EnsembleInput } from "../model/index.ts";
import { checkFrames, checkRate, checkSamples, unknownSource } from "./check-samples.ts";
import { cutAtPauses, isLongRecording, soundsOfPiece, type PieceSound } from "./pieces.ts";
import { readRecording } from "./recording.ts";
import { canStream } from "./row-stream.ts";
import type { SoundSpan } from "./seams.ts";

/**
 * What can be transcribed: the path or the bytes of a recording; mono samples in [-1, 1]; or frames that
 * `recognizer.model.prepare` made (or a cache of them), for one model that takes a recording once.
 */
export type Source =
  | string
  | Uint8Array
  | ChannelSource
  | { readonly samples: Float32Array; readonly sampleRateHz: number }
  | { readonly frames: Frames };

/** One channel of a recording of several, by itself. */
export interface ChannelSource {
  /** Its path, or its bytes. */
  readonly recording: string | Uint8Array;
  /** From 0. */
  readonly channel: number;
}

/** A long recording, for a model that needs no pieces. */
export interface LongInput {
  /** In hops, as `EnsembleInput.length`. */
  readonly length: number;
  readonly samples: Float32Array;
}

export type PieceInput = EnsembleInput | LongInput;

export interface OpenSource {
  /** Their frames are computed one after the other: those of an hour are not held at once. */
  readonly pieces: readonly (SoundSpan & { readonly prepare: () => PieceInput })[];
  readonly warnings: readonly Warning[];
  /** Length of the recording. */
  readonly seconds: number;
  /** How loud it is; absent of frames. */
  readonly levels?: SoundLevels;
}

const SHORT_AUDIO = "SHORT_AUDIO"; // as decodeAudio calls it

/** @throws RECORDING_NOT_FOUND, UNREADABLE_RECORDING, INVALID_SAMPLES, SAMPLES_NEEDED, and what `decodeAudio` throws */
export async function openSource(source: Source, model: Ensemble): Promise<OpenSource> {
  if (typeof source === "string" || source instanceof Uint8Array) return openEncoded(source, model);
  if (typeof source === "object" && source !== null) {
    if ("recording" in source) return openEncoded(source.recording, model, source.channel);
    if ("samples" in source) return openGiven(source, model);
    if ("frames" in source) return openFrames(checkFrames(source.frames), model);
  }
  throw unknownSource(source);
}

function openFrames(frames: Frames, model: Ensemble): OpenSource {
  const input = model.ofFrames(frames);
  const seconds = (input.length * model.hopMs) / 1000;
  return { pieces: [{ startMs: 0, prepare: () => input }], warnings: [], seconds };
}

async function openEncoded(
  recording: string | Uint8Array,
  model: Ensemble,
  channel?: number,
): Promise<OpenSource> {
  const { samples, warnings } = await decodeRecording(recording, channel);
  return openSamples(samples, warnings, model);
}

/** @throws RECORDING_NOT_FOUND, UNREADABLE_RECORDING, and what `decodeAudio` throws */
export async function decodeRecording(
  recording: string | Uint8Array,
  channel?: number,
): Promise<DecodedAudio> {
  if (typeof recording !== "string") return decodeAudio(recording, "recording", channel);
  return decodeAudio(await readRecording(recording), recording, channel);
}

async function openGiven(
  { samples, sampleRateHz }: Extract<Source, { samples: unknown }>,
  model: Ensemble,
): Promise<OpenSource> {
  const checked = checkSamples(samples);
  checkRate(sampleRateHz);
  const { samples: fitted, warning } = fitFullScale(checked);
  return openSamples(await resampleSignal(fitted, sampleRateHz), warning ? [warning] : [], model);
}

async function openSamples(
  samples: Float32Array,
  warnings: readonly Warning[],
  model: Ensemble,
): Promise<OpenSource> {
  const seconds = samples.length / SAMPLE_RATE_HZ;
  const isReported = warnings.some(({ code }) => code === SHORT_AUDIO);
  const own = isReported ? [] : shortAudio(samples.length, model);
  const levels = soundLevels(samples);
  return { pieces: await piecesOf(samples, model), warnings: [...warnings, ...own], seconds, levels };
}

async function piecesOf(samples: Float32Array, model: Ensemble): Promise<OpenSource["pieces"]> {
  if (!canStream(model))
    return (await cutAtPauses(samples)).flatMap((piece) =>
      soundsOfPiece(piece, piece.samples).map((sound) => ({
        ...soundSpan(sound),
        prepare: () => model.prepare(sound.samples),
      })),
    );
  const { samples: sound, start } = cutSilence(samples);
  return [{ startMs: msOf(start), prepare: () => inputOf(sound, model) }];
}

/** @param start of the sound, in samples at 16 kHz */
export function soundSpan({ samples, start, isJoined }: PieceSound): SoundSpan {
  return { startMs: msOf(start), endMs: msOf(start + samples.length), isJoined };
}

const msOf = (samples: number): number => (1000 * samples) / SAMPLE_RATE_HZ;

function inputOf(samples: Float32Array, model: Ensemble): PieceInput {
  if (!isLongRecording(samples.length)) return model.prepare(samples);
  return { length: Math.floor((1000 * samples.length) / SAMPLE_RATE_HZ / model.hopMs), samples };
}

/** What is said of a recording without any samples. */
export function shortAudio(sampleCount: number, { windowMs }: Ensemble): Warning[] {
  if (sampleCount > 0) return [];
  const message = `The recording is shorter than one window of ${windowMs} ms.`;
  return [{ code: SHORT_AUDIO, message }];
}
