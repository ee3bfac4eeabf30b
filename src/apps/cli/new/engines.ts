// Which voices there are, told with what they give and cost, and the speakers that are cast of them.

import { count } from "../../../figures.ts";
import type { Speaker, SpeechEngine } from "../../../synthesis/index.ts";
import type { Session } from "../session.ts";
import { withSpeechEngines, type EngineChoice } from "../speak-engines.ts";
import { USUAL_SPEECH, type WeightedEngine } from "../speak-options.ts";

export interface SpeechCast {
  readonly engines: readonly WeightedEngine[];
  readonly speakers: readonly Speaker[];
}

/** @returns those asked for, or all that are there @throws EarshotError SPEECH_ENGINE_ABSENT, LANGUAGE_NOT_SPOKEN, UNKNOWN_SPEECH_ENGINE */
export async function castOf(choice: EngineChoice, seed: number, session: Session): Promise<SpeechCast> {
  const { castSpeakers, speechEngines } = await import("../../../synthesis/index.ts");
  const tell = (name: string, state: string): void => {
    const about = speechEngines.find((kind) => kind.name === name)?.description ?? "";
    session.output.note(`${name.padEnd(10)} ${about}\n${" ".repeat(11)}${state}`);
  };
  const cast = (opened: readonly SpeechEngine[]): Promise<SpeechCast> => {
    for (const { name, voices } of opened)
      tell(name, count(new Set(voices.map(({ speaker }) => speaker)).size, "speaker"));
    const speakers = opened.flatMap((engine) => castSpeakers(engine, { ...USUAL_SPEECH, seed }));
    const engines = choice.engines ?? opened.map(({ name }) => ({ name }));
    return Promise.resolve({ engines, speakers });
  };
  return withSpeechEngines({ ...choice, signal: session.signal }, cast, (name, { remedy }) =>
    tell(name, `not there: ${remedy}`),
  );
}
