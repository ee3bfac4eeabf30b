// The table of engines: a new one is a file in engines/ and a line here.

import { EarshotError, nearestName } from "../errors.ts";
import { espeakNg } from "./engines/espeak-ng.ts";
import { flite } from "./engines/flite.ts";
import { kokoro } from "./engines/kokoro/kokoro.ts";
import type { SpeechEngine, SpeechEngineKind, SpeechEngineOptions } from "./speech-engine.ts";

export const speechEngines: readonly SpeechEngineKind[] = [kokoro, espeakNg, flite];

/** @throws EarshotError UNKNOWN_SPEECH_ENGINE, SPEECH_ENGINE_ABSENT, LANGUAGE_NOT_SPOKEN */
export async function openSpeechEngine(name: string, options: SpeechEngineOptions): Promise<SpeechEngine> {
  const kind = speechEngines.find((engine) => engine.name === name);
  if (kind !== undefined) return kind.open(options);
  const names = speechEngines.map((engine) => engine.name);
  const near = nearestName(name, names);
  throw new EarshotError({
    code: "UNKNOWN_SPEECH_ENGINE",
    where: name,
    problem: "There is no speech engine of this name.",
    remedy: near === undefined ? `There are ${names.join(", ")}.` : `Did you mean "${near}"?`,
  });
}
