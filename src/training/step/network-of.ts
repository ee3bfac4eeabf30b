// The alphabet and the network that settings ask for, with their sizes decided.

import { featureSize } from "../../audio/index.ts";
import { resolveArchitecture, type Architecture } from "../../network/index.ts";
import { Alphabet } from "../../text/index.ts";
import type { TrainingSettings } from "../settings.ts";

/** @throws EarshotError of the alphabet */
export function alphabetOf({ alphabet }: Pick<TrainingSettings, "alphabet">): Alphabet {
  return alphabet === "english" ? Alphabet.english() : Alphabet.fromSymbols(alphabet, "settings: alphabet");
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
