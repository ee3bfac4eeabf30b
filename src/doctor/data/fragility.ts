// Does a model bear what its use will bring? Each check looks at the conditions of one kind, against the same recordings as
// they are, and names the settings under which a network learns to bear them.

import { CONDITIONS, type ConditionKind, type ConditionRates } from "../../evaluation/index.ts";
import { count, firstFew, roughPercent } from "../brief.ts";
import type { CausalPlace } from "../causal-order.ts";
import { check, finding, type Check, type Verdict } from "../finding.ts";
import type { CorpusEvidence } from "./evidence.ts";
import { HEARING_MODEL, UNHEARD, type HeardUnderStress } from "./stress.ts";

/** Of the references: fewer tell a fragile model and chance not apart. */
const LEAST_WORDS = 30;
const LEAST_ERRORS = 5;
/** What is lost against clean, as a share of the words, and how many times as many errors there are. */
const MOST_LOST = 0.1;
const MOST_TIMES = 1.5;

interface Fragility {
  readonly code: string;
  readonly place: CausalPlace;
  readonly name: string;
  readonly kinds: readonly ConditionKind[];
  /** Of what the words are lost. */
  readonly diagnosis: string;
  /** Of the settings. */
  readonly remedy: string;
  /** Where it should cost nothing at all. */
  readonly most?: number;
}

const FRAGILITIES: readonly Fragility[] = [
  {
    code: "FRAGILE_SILENCE",
    place: ["measure", 70],
    name: "the model bears silence before and after speech",
    kinds: ["silence"],
    diagnosis: "The model falls apart where there is silence around the speech, as at every microphone.",
    remedy: "features.normalization: speech and data.augmentation.surroundings.probability: 0.5",
    most: 0.05,
  },
  {
    code: "FRAGILE_LEVEL",
    place: ["measure", 71],
    name: "the model bears soft, loud and clipped speech",
    kinds: ["level", "clipping"],
    diagnosis: "The model falls apart where speech is softer, louder or clipped.",
    remedy:
      "features.normalization: speech, data.augmentation.gainDb: [-30, 10] and data.augmentation.clipping.probability: 0.1",
  },
  {
    code: "FRAGILE_NOISE",
    place: ["measure", 72],
    name: "the model bears noise and other voices 10 dB below speech",
    kinds: ["noise"],
    diagnosis: "The model falls apart where there is noise, or where others talk behind.",
    remedy:
      "data.augmentation.background.probability: 0.6 and data.augmentation.babble.probability: 0.15, and with noise of your own in data.augmentation.noise",
  },
  {
    code: "FRAGILE_ROOM",
    place: ["measure", 73],
    name: "the model bears rooms",
    kinds: ["room"],
    diagnosis: "The model falls apart in rooms, where people speak from a distance.",
    remedy:
      "data.augmentation.room.probability: 0.3, and with rooms of your own in data.augmentation.reverberation",
  },
  {
    code: "FRAGILE_TELEPHONE",
    place: ["measure", 74],
    name: "the model bears telephones",
    kinds: ["telephone"],
    diagnosis: "The model falls apart over the telephone.",
    remedy: "data.augmentation.band.probability: 0.2 and data.augmentation.codec.probability: 0.15",
  },
  {
    code: "FRAGILE_CODEC",
    place: ["measure", 75],
    name: "the model bears lossy codecs",
    kinds: ["codec"],
    diagnosis: "The model falls apart where recordings went through a lossy codec at a low rate.",
    remedy: "data.augmentation.coder.probability: 0.15 and data.augmentation.codec.probability: 0.15",
  },
  {
    code: "FRAGILE_VOICE",
    place: ["measure", 76],
    name: "the model bears faster, slower, higher and lower voices",
    kinds: ["tempo", "pitch"],
    diagnosis: "The model falls apart where people speak faster or slower, higher or lower.",
    remedy:
      "data.augmentation.speeds: [0.9, 1, 1.1], data.augmentation.tempos: [0.85, 1, 1.2] and data.augmentation.pitch.probability: 0.15",
  },
];

function bears(fragility: Fragility): Check<CorpusEvidence> {
  const { code, place, name } = fragility;
  return check<CorpusEvidence, "stress">({
    name,
    finds: { [code]: place },
    needs: ["stress"],
    run: ({ stress }) => judge(fragility, stress),
  });
}

function judge(
  { code, kinds, diagnosis, remedy, most = MOST_LOST }: Fragility,
  heard: HeardUnderStress,
): Verdict {
  const [clean, ...others] = heard.conditions;
  if (clean.wer > UNHEARD)
    return { cannotTell: `${HEARING_MODEL}; of this one's words ${roughPercent(clean.wer)} are wrong` };
  if (clean.words < LEAST_WORDS) return { cannotTell: `recordings of at least ${LEAST_WORDS} words in all` };
  const broken = others
    .filter(({ name }) => kinds.includes(CONDITIONS.find((condition) => condition.name === name)!.kind))
    .filter((rates) => breaks(rates, clean, most))
    .toSorted((a, b) => b.wer - a.wer);
  if (broken.length === 0) return "healthy";
  return [
    finding({
      code,
      severity: "warning",
      diagnosis,
      evidence: [
        `${count(heard.utterances, "utterance")} as they are: WER ${roughPercent(clean.wer)}`,
        ...firstFew(broken.map(describe)),
      ],
      remedy: `Train with ${remedy}; data.augmentation: real-world has most of it. earshot test --stress measures all.`,
    }),
  ];
}

function breaks({ wer, words }: ConditionRates, clean: ConditionRates, most: number): boolean {
  const lost = wer - clean.wer;
  return lost > most && lost * words >= LEAST_ERRORS && wer >= MOST_TIMES * clean.wer;
}

function describe({ name, wer }: ConditionRates): string {
  return `${name}: WER ${roughPercent(wer)} (${CONDITIONS.find((condition) => condition.name === name)!.means})`;
}

export const fragilityChecks: readonly Check<CorpusEvidence>[] = FRAGILITIES.map(bears);
