// Which voices there are, told with what they give and cost.

import { EarshotError } from "../../../errors.ts";
import { count } from "../../../figures.ts";
import type { SpeechEngineKind } from "../../../synthesis/index.ts";
import type { Session } from "../session.ts";
import type { WeightedEngine } from "../speak-options.ts";

export interface EngineChoice {
  /** Empty for all that are there. */
  readonly engines: readonly WeightedEngine[];
  readonly language: string;
  readonly kokoro?: string;
}

/** @returns those asked for, or all that are there @throws EarshotError SPEECH_ENGINE_ABSENT, LANGUAGE_NOT_SPOKEN, UNKNOWN_SPEECH_ENGINE */
export async function availableEngines(
  choice: EngineChoice,
  session: Session,
): Promise<readonly WeightedEngine[]> {
  const { openSpeechEngine, speechEngines } = await import("../../../synthesis/index.ts");
  const { engines: asked, language, kokoro: folder } = choice;
  const there: WeightedEngine[] = [];
  const absent: EarshotError[] = [];
  for (const engine of asked.length > 0 ? asked : speechEngines.map(({ name }) => ({ name })))
    try {
      const opened = await openSpeechEngine(engine.name, { language, folder, signal: session.signal });
      await opened.close();
      const speakers = new Set(opened.voices.map(({ speaker }) => speaker)).size;
      tell(engine.name, count(speakers, "speaker"), speechEngines, session);
      there.push(engine);
    } catch (error) {
      if (asked.length > 0 || !(error instanceof EarshotError)) throw error;
      tell(engine.name, `not there: ${error.remedy}`, speechEngines, session);
      absent.push(error);
    }
  if (there.length > 0) return there;
  throw absent[0].with({
    remedy: `One engine is enough: apt-get install espeak-ng, or: ${absent[0].remedy}`,
  });
}

function tell(name: string, state: string, kinds: readonly SpeechEngineKind[], { output }: Session): void {
  const about = kinds.find((kind) => kind.name === name)?.description ?? "";
  output.note(`${name.padEnd(10)} ${about}\n${" ".repeat(11)}${state}`);
}
