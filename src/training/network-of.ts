// The alphabet and the network that settings ask for, with their sizes decided.

import { featureSize } from "../audio/index.ts";
import { resolveArchitecture, type Architecture } from "../network/index.ts";
import { Alphabet } from "../text/index.ts";
import type { TrainingSettings } from "./settings.ts";

/** @throws EarshotError of the alphabet, UNKNOWN_SETTING, INVALID_SETTING */
export function networkOf(settings: TrainingSettings): {
  readonly alphabet: Alphabet;
  readonly architecture: Architecture;
} {
  const alphabet =
    settings.alphabet === "english"
      ? Alphabet.english()
      : Alphabet.fromSymbols(settings.alphabet, "settings: alphabet");
  const sizes = { features: featureSize(settings.features), symbols: alphabet.size };
  return { alphabet, architecture: resolveArchitecture(settings.network, sizes, "settings: network") };
}
