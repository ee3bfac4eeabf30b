// One planned utterance as a file: its name, which follows from all that makes its sound, and the sound itself, as it was
// left by an earlier run or as it is spoken now.

import { decodeAudio, encodeWav, peakOf, resample, SAMPLE_RATE_HZ } from "../audio/index.ts";
import { EarshotError } from "../errors.ts";
import { sha256, type Folder } from "../platform/index.ts";
import type { PlannedUtterance } from "./plan.ts";
import { speechFault, trimSpeech } from "./sound-check.ts";
import type { SpeechEngine } from "./speech-engine.ts";
import { spokenText } from "./spoken-text.ts";

export interface SpeechClip extends PlannedUtterance {
  /** Below the folder of the corpus. */
  readonly path: string;
  readonly engine: SpeechEngine;
  readonly language: string;
}

/** What became of a clip. */
export interface SpokenClip {
  readonly clip: SpeechClip;
  readonly seconds: number;
  /** Why it is not what it should be. */
  readonly fault?: string;
}

const CLIPS = "clips";
const DIGITS = 10; // of its digest, in its name
const LONGEST_WORDS = 32;

/** Each once: what one voice would say twice at the same speed is one recording. */
export function clipsOf(
  plan: readonly PlannedUtterance[],
  engines: readonly SpeechEngine[],
  language: string,
): SpeechClip[] {
  const byName = new Map(engines.map((engine) => [engine.name, engine]));
  const clips = plan.map((planned): SpeechClip => ({
    ...planned,
    language,
    engine: byName.get(planned.speaker.engine)!,
    path: pathOf(planned, language),
  }));
  return [...new Map(clips.map((clip) => [clip.path, clip])).values()];
}

function pathOf({ text, speaker, mix, speed }: PlannedUtterance, language: string): string {
  const content = JSON.stringify([speaker.engine, language, text, mix, speed]);
  const digest = sha256().update(new TextEncoder().encode(content)).digest().slice(0, DIGITS);
  const words = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/^-/, "")
    .slice(0, LONGEST_WORDS);
  return `${CLIPS}/${speaker.name}/${words.replace(/-$/, "") || "clip"}-${digest}.wav`;
}

/** The clip that an earlier run left, if it is there and sound. */
export async function readClip(clip: SpeechClip, folder: Folder): Promise<SpokenClip | undefined> {
  const bytes = await folder.read(clip.path);
  if (bytes === undefined) return undefined;
  const samples = await decodeAudio(bytes, clip.path).then(
    (decoded) => decoded.samples,
    () => undefined, // a file of others, or damaged: it is made anew
  );
  if (samples === undefined || speechFault(samples, clip.text, clip.speed) !== undefined) return undefined;
  return { clip, seconds: samples.length / SAMPLE_RATE_HZ };
}

/** At 16 kHz, within full scale. @throws EarshotError of the engine, or the signal's reason */
export async function speakClip(
  { engine, text, language, mix, speed }: SpeechClip,
  signal?: AbortSignal,
): Promise<Float32Array> {
  const { samples, rateHz } = await engine.speak(spokenText(text, language), mix, { speed, signal });
  const sound = trimSpeech(await resample(samples, rateHz, SAMPLE_RATE_HZ));
  const peak = peakOf(sound);
  return peak > 1 ? sound.map((sample) => sample / peak) : sound;
}

/** Speaks it unless it is given, and writes it down. What an engine cannot speak is a fault of the clip. */
export async function makeClip(
  clip: SpeechClip,
  folder: Folder,
  { spoken, signal }: { readonly spoken?: Float32Array; readonly signal?: AbortSignal },
): Promise<SpokenClip> {
  try {
    const samples = spoken ?? (await speakClip(clip, signal));
    await folder.replace(clip.path, encodeWav(samples, SAMPLE_RATE_HZ), { durable: false });
    const fault = speechFault(samples, clip.text, clip.speed);
    return { clip, seconds: samples.length / SAMPLE_RATE_HZ, fault };
  } catch (error) {
    if (!isSpeechFailure(error)) throw error;
    return { clip, seconds: 0, fault: error.problem };
  }
}

export const isSpeechFailure = (error: unknown): error is EarshotError =>
  error instanceof EarshotError && error.code === "SPEECH_FAILED";
