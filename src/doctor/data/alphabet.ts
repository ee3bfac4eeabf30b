// The alphabet that settings mean.

import { Alphabet } from "../../text/index.ts";
import type { TrainingSettings } from "../../training/index.ts";

export function alphabetOf({ alphabet }: Pick<TrainingSettings, "alphabet">): Alphabet {
  return alphabet === "english" ? Alphabet.english() : Alphabet.fromSymbols(alphabet, "settings: alphabet");
}
