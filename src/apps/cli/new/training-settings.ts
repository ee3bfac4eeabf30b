// The settings of training: train.yaml, with a small network for few sentences of many voices where it begins from nothing.

import { parse } from "yaml";
import { EarshotError } from "../../../errors.ts";
import type { GivenSettings } from "../../../training/index.ts";
import { Alphabet, splitCharacters } from "../../../text/index.ts";
import { usageFault } from "../session.ts";
import { USUAL_SPEECH } from "../speak-options.ts";
import { settingsOnTop } from "../training-input.ts";
import { TRAIN_NEGATIVE_VOICES, type Amounts, type NewRequest } from "./plan.ts";

const SPLITS = ["train", "dev", "test"];
/** Utterances that are learned from in all epochs together. */
const PRESENTATIONS = 36_000;
const [FEWEST, MOST] = [8, 40];

/** @param utterances of the training split */
const epochsFor = (utterances: number): number =>
  Math.max(FEWEST, Math.min(MOST, Math.round(PRESENTATIONS / Math.max(1, utterances))));

const utterancesOf = ({ voices }: NewRequest, { sentences, negativesTrain }: Amounts): number =>
  Math.round((1 - USUAL_SPEECH.dev - USUAL_SPEECH.test) * voices * sentences.length) +
  TRAIN_NEGATIVE_VOICES * negativesTrain.length;

/** What is learned. */
export const learnedTexts = ({ sentences, negativesTrain }: Amounts): readonly string[] => [
  ...sentences,
  ...negativesTrain,
];

/** The first character that it cannot spell. */
export const unspelled = (text: string, alphabet: Alphabet): string | undefined =>
  splitCharacters(text.toLowerCase().normalize("NFC")).find(
    (character) => alphabet.spell(character) === undefined,
  );

export interface PlannedTraining {
  /** The content of train.yaml. */
  readonly yaml: string;
  /** The same with --set on top. */
  readonly checked: GivenSettings;
  /** Of an epoch. */
  readonly utterances: number;
}

/** @throws EarshotError of --set, and of the model that it begins with */
export async function trainingOf(request: NewRequest, amounts: Amounts): Promise<PlannedTraining> {
  const { initialModelOf } = await import("../../../training/index.ts");
  const { from, set, seed } = request;
  if (set.some((setting) => /^initialModel\s*=/.test(setting)))
    throw usageFault("--set initialModel is not what it begins with here.", "Give --from MODEL.");
  const model = await initialModelOf({ initialModel: from });
  const alphabet = model?.alphabet ?? Alphabet.english();
  const isSpelled = learnedTexts(amounts).every((text) => unspelled(text, alphabet) === undefined);
  const utterances = utterancesOf(request, amounts);
  const isFromModel = from !== undefined;
  const yaml = settingsYaml({ epochs: epochsFor(utterances), seed, isFromModel, isSpelled });
  const checked = await settingsOnTop(parse(yaml) as Record<string, unknown>, { set, model: from });
  checkSplits(checked);
  return { yaml, checked, utterances };
}

/** What is spoken has these alone. @throws EarshotError INVALID_SETTING */
function checkSplits({ settings }: GivenSettings): void {
  const name = (["trainSplit", "devSplit"] as const).find((split) => !SPLITS.includes(settings[split]));
  if (name === undefined) return;
  throw new EarshotError({
    code: "INVALID_SETTING",
    where: `--set: ${name}`,
    problem: `What is spoken has no split "${settings[name]}": it has ${SPLITS.join(", ")}.`,
    remedy: "Leave the setting out.",
  });
}

interface TrainingAmounts {
  readonly epochs: number;
  readonly seed: number;
  /** Whether it goes on from a model, whose network and features it keeps. */
  readonly isFromModel: boolean;
  /** Whether the model's alphabet spells all of it, or that of English. */
  readonly isSpelled: boolean;
}

function settingsYaml({ epochs, seed, isFromModel, isSpelled }: TrainingAmounts): string {
  const network = isFromModel
    ? ""
    : `features: { kind: log-mel, bins: 40, highestHz: 7000 }
network: { name: deep-speech, cell: gru, recurrentLayers: 2, width: 128, context: 5, stride: 2, dropout: 0.1 }
`;
  const alphabet = isSpelled ? "" : `alphabet: ${isFromModel ? "extended" : "from-data"}\n`;
  return `# Written by earshot new; docs/settings.md says what each is.
seed: ${seed}
epochs: ${epochs}
${alphabet}${network}schedule: { name: one-cycle, peak: ${isFromModel ? 0.001 : 0.002}, rise: 0.2 }
average: { from: 0.7 } # of the last epochs' weights
data:
  maxUtterances: 8
  augmentation: # rooms, noise, telephones, other microphones; and voices of other lengths, without changing the pitch
    preset: real-world
    speeds: [1]
    tempos: [0.85, 1, 1.15]
    vocalTract: [0.85, 1.18]
`;
}
