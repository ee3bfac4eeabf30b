// Which of the engines' voices are taken: by patterns such as "af_*", "kokoro:bf_emma" or, to leave some out, "!whisper*".

import { EarshotError, nearestName } from "../errors.ts";
import type { SpeechEngine, SpeechVoice } from "./speech-engine.ts";

type Voices = Pick<SpeechEngine, "name" | "voices">;

interface Pattern {
  readonly written: string;
  readonly isExclusion: boolean;
  matches(engine: string, voice: SpeechVoice): boolean;
}

/** The voices of each engine, in the order of the engines; all without patterns. @throws EarshotError UNKNOWN_VOICE */
export function chooseVoices(engines: readonly Voices[], patterns: readonly string[]): SpeechVoice[][] {
  const read = patterns.map(readPattern);
  for (const pattern of read) checkPattern(pattern, engines);
  const [chosen, excluded] = [false, true].map((kind) =>
    read.filter(({ isExclusion }) => isExclusion === kind),
  );
  const left = engines.map(({ name, voices }) =>
    voices.filter((voice) => {
      const matches = (pattern: Pattern): boolean => pattern.matches(name, voice);
      return (chosen.length === 0 || chosen.some(matches)) && !excluded.some(matches);
    }),
  );
  if (left.every((voices) => voices.length === 0)) throw noVoiceLeft(patterns);
  return left;
}

function noVoiceLeft(patterns: readonly string[]): EarshotError {
  return new EarshotError({
    code: "UNKNOWN_VOICE",
    where: patterns.join(","),
    problem: "These patterns leave no voice of any engine.",
    remedy: "Exclude fewer, or see: earshot data speak --list-voices",
  });
}

function readPattern(written: string): Pattern {
  const [, exclusion, engine, name] = /^(!?)(?:([\w-]+):)?(.*)$/s.exec(written)!;
  const parts = name.split("*").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = new RegExp(`^${parts.join(".*")}$`, "is");
  return {
    written,
    isExclusion: exclusion === "!",
    matches: (of, voice) =>
      (engine === undefined || engine === of) && (pattern.test(voice.name) || pattern.test(voice.speaker)),
  };
}

function checkPattern({ written, matches }: Pattern, engines: readonly Voices[]): void {
  if (engines.some(({ name, voices }) => voices.some((voice) => matches(name, voice)))) return;
  const names = engines.flatMap(({ voices }) => voices.flatMap(({ name, speaker }) => [name, speaker]));
  const near = nearestName(written.replace(/^!?(?:[\w-]+:)?/, ""), names);
  throw new EarshotError({
    code: "UNKNOWN_VOICE",
    where: written,
    problem: `No voice of ${engines.map(({ name }) => name).join(", ")} has this name.`,
    remedy: near === undefined ? "See: earshot data speak --list-voices" : `Did you mean "${near}"?`,
  });
}
