// The alphabet and the network that settings ask for, with their sizes decided.

import { featureSize } from "../../audio/index.ts";
import { resolveArchitecture, type Architecture } from "../../network/index.ts";
import { EarshotError } from "../../errors.ts";
import { Alphabet } from "../../text/index.ts";
import type { TrainingSettings } from "../settings.ts";

/** @throws EarshotError of the alphabet; INVALID_SETTING where it is still to be made of transcripts (`withAlphabet`) */
export function alphabetOf({ alphabet }: Pick<TrainingSettings, "alphabet">): Alphabet {
  if (alphabet === "english") return Alphabet.english();
  if (typeof alphabet === "string") throw withoutData();
  return Alphabet.fromSymbols(alphabet, "settings: alphabet");
}

/** @throws EarshotError of the alphabet, UNKNOWN_SETTING, INVALID_SETTING */
export function networkOf(settings: Pick<TrainingSettings, "alphabet" | "features" | "network">): {
  readonly alphabet: Alphabet;
  readonly architecture: Architecture;
} {
  const alphabet = alphabetOf(settings);
  const sizes = { features: featureSize(settings.features), symbols: alphabet.size };
  return { alphabet, architecture: resolveArchitecture(settings.network, sizes, "settings: network") };
}

function withoutData(): EarshotError {
  return new EarshotError({
    code: "INVALID_SETTING",
    where: "alphabet",
    problem: "It is to be made of the training transcripts, and there are none here.",
    remedy: "Give a manifest, or the model that was trained so; or list the symbols.",
  });
}
