// How fast an engine speaks on this machine: a few clips are spoken, so that it can be told how long all will take.

import { SAMPLE_RATE_HZ } from "../audio/index.ts";
import { mapConcurrently } from "../data/index.ts";
import type { EarshotError } from "../errors.ts";
import { isSpeechFailure, speakClip, type SpeechClip } from "./clip.ts";

/** Clips that are timed, for each that the engine speaks at once. */
const TRIALS = 3;

export interface Trial {
  /** What was spoken for it. */
  readonly sounds: ReadonlyMap<SpeechClip, Float32Array>;
  /** Of time, for a character of text at speed 1. */
  readonly secondsPerCharacter: number;
  /** Of speech, for a character of text at speed 1. */
  readonly speechPerCharacter: number;
}

interface TrialOptions {
  readonly signal?: AbortSignal;
  readonly onTry?: (done: number, total: number) => void;
}

/** @param clips of one engine, at least one. @throws EarshotError SPEECH_FAILED where none is spoken; the signal's reason */
export async function tryEngine(
  clips: readonly SpeechClip[],
  { signal, onTry }: TrialOptions,
): Promise<Trial> {
  const [{ engine }] = clips;
  const tried = spread(clips, (1 + TRIALS) * engine.parallel);
  const [first, others] = [tried.slice(0, engine.parallel), tried.slice(engine.parallel)];
  const sounds = new Map<SpeechClip, Float32Array>();
  const failures: EarshotError[] = [];
  let done = 0;
  const speak = async (clip: SpeechClip): Promise<void> => {
    try {
      sounds.set(clip, await speakClip(clip, signal));
    } catch (error) {
      if (!isSpeechFailure(error)) throw error;
      failures.push(error);
    }
    onTry?.(++done, tried.length);
  };
  const timed = async (some: readonly SpeechClip[]): Promise<number> => {
    const start = performance.now();
    await mapConcurrently(some, engine.parallel, speak);
    return (performance.now() - start) / 1000;
  };
  const warmUp = await timed(first); // models are loaded when they are first needed
  const seconds = others.length > 0 ? await timed(others) : warmUp;
  if (sounds.size === 0) throw failures[0];
  const timedClips = (others.length > 0 ? others : first).filter((clip) => sounds.has(clip));
  const characters = charactersOf(timedClips.length > 0 ? timedClips : first);
  const samples = timedClips.reduce((sum, clip) => sum + sounds.get(clip)!.length, 0);
  return {
    sounds,
    secondsPerCharacter: seconds / characters,
    speechPerCharacter: samples / SAMPLE_RATE_HZ / characters,
  };
}

/** As many as there would be at speed 1. */
export const charactersOf = (clips: readonly SpeechClip[]): number =>
  clips.reduce((sum, { text, speed }) => sum + text.length / speed, 0);

/** So many of the items at most, from all over them. */
function spread<Item>(items: readonly Item[], count: number): Item[] {
  const step = Math.max(1, items.length / count);
  return Array.from({ length: Math.min(count, items.length) }, (_, n) => items[Math.floor(n * step)]);
}
