// The settings of train.yaml: a small network for few sentences of many voices.

/** Utterances that are learned from in all epochs together. */
const PRESENTATIONS = 36_000;
const [FEWEST, MOST] = [8, 40];

/** @param utterances of the training split */
export const epochsFor = (utterances: number): number =>
  Math.max(FEWEST, Math.min(MOST, Math.round(PRESENTATIONS / Math.max(1, utterances))));

export interface TrainingAmounts {
  readonly epochs: number;
  readonly seed: number;
  readonly threads?: number;
  /** Whether it goes on from a model, whose network and features it keeps. */
  readonly isFromModel: boolean;
  /** Whether a–z, space and apostrophe spell all of it. */
  readonly isEnglish: boolean;
}

export function settingsYaml({ epochs, seed, threads, isFromModel, isEnglish }: TrainingAmounts): string {
  const network = isFromModel
    ? ""
    : `features: { kind: log-mel, bins: 40, highestHz: 7000 }
network: { name: deep-speech, cell: gru, recurrentLayers: 2, width: 128, context: 5, stride: 2, dropout: 0.1 }
`;
  const alphabet = isEnglish ? "" : `alphabet: ${isFromModel ? "extended" : "from-data"}\n`;
  return `# Written by earshot new; docs/settings.md says what each is.
seed: ${seed}
epochs: ${epochs}
${threads === undefined ? "" : `threads: ${threads}\n`}${alphabet}${network}schedule: { name: one-cycle, peak: ${isFromModel ? 0.001 : 0.002}, rise: 0.2 }
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
