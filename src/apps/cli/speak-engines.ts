// The speech engines of a command: those asked for, else all that are there; and who is cast of them where nobody says otherwise.

import { EarshotError } from "../../errors.ts";
import type { SpeechEngine, SpeechEngineKind } from "../../synthesis/index.ts";
import type { WeightedEngine } from "./speak-options.ts";

export interface EngineChoice {
  /** None for all that are there. */
  readonly engines?: readonly WeightedEngine[];
  readonly language: string;
  /** The folder of its files. */
  readonly kokoro?: string;
  readonly signal?: AbortSignal;
}

/** Where nobody asked for an engine by name. */
const MAY_LACK = new Set(["SPEECH_ENGINE_ABSENT", "LANGUAGE_NOT_SPOKEN"]);

/**
 * Does the work with the engines, and closes them.
 * @param onAbsent is told of each that nobody asked for and that cannot be used
 * @throws EarshotError UNKNOWN_SPEECH_ENGINE, SPEECH_ENGINE_ABSENT, LANGUAGE_NOT_SPOKEN, and what the work throws
 */
export async function withSpeechEngines<Result>(
  { engines: asked, language, kokoro: folder, signal }: EngineChoice,
  work: (engines: readonly SpeechEngine[]) => Promise<Result>,
  onAbsent: (name: string, error: EarshotError) => void = () => undefined,
): Promise<Result> {
  const { openSpeechEngine, speechEngines } = await import("../../synthesis/index.ts");
  const opened: SpeechEngine[] = [];
  const absent: EarshotError[] = [];
  try {
    for (const { name } of asked ?? speechEngines)
      try {
        opened.push(await openSpeechEngine(name, { language, folder, signal }));
      } catch (error) {
        if (asked !== undefined || !(error instanceof EarshotError) || !MAY_LACK.has(error.code)) throw error;
        onAbsent(name, error);
        absent.push(error);
      }
    if (opened.length === 0) throw noEngine(speechEngines, absent);
    return await work(opened);
  } finally {
    for (const engine of opened) await engine.close();
  }
}

function noEngine(kinds: readonly SpeechEngineKind[], absent: readonly EarshotError[]): EarshotError {
  const reasons = absent.map(({ where, problem, remedy }) => `\n    ${where}: ${problem} ${remedy}`);
  return new EarshotError({
    code: "SPEECH_ENGINE_ABSENT",
    where: kinds.map(({ name }) => name).join(", "),
    problem: "None of the speech engines can be used.",
    remedy: `One is enough:${reasons.join("")}`,
  });
}
