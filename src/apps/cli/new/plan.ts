// What is to be made, and by which commands: each as it would be typed, with the file by which it is known to be done.

import { join } from "../../../platform/index.ts";
import type { WeightedEngine } from "../speak-options.ts";

/** All that the commands depend on: kept beside what they make, so that another call goes on with it. */
export interface NewRequest {
  /** Phrases, JSGF or sentence templates, as --grammar takes them. */
  readonly grammar: string;
  readonly format: "phrases" | "jsgf" | "sentences";
  /** In which each sentence is spoken. */
  readonly voices: number;
  readonly language: string;
  readonly seed: number;
  /** Those that were there at the beginning, so that one more does not change what is planned. */
  readonly engines: readonly WeightedEngine[];
  /** The folder of kokoro's files. */
  readonly kokoro?: string;
  /** A text with a sentence a line that is to be rejected, in place of those in English. */
  readonly others?: string;
  /** Path or name of the model to begin with; none for nothing. */
  readonly from?: string;
  /** Whether that was left to us: then other settings may ask for another. */
  readonly isUsualBase?: boolean;
  /** Settings of training, as key=value. */
  readonly set: readonly string[];
}

/** What the sentences amount to. */
export interface Amounts {
  /** Of the grammar, those that are spoken. */
  readonly sentences: readonly string[];
  /** To be rejected: learned with their own spelling, and never heard in training. */
  readonly negativesTrain: readonly string[];
  readonly negativesTest: readonly string[];
}

/** What is learned from what was spoken, one after the other. */
export const LEARNING = ["train", "reject", "test", "test-strangers"] as const;

export type StepName = "speak" | "speak-others" | "speak-strangers" | (typeof LEARNING)[number];

export interface Step {
  readonly name: StepName;
  /** For a person: what it does. */
  readonly about: string;
  readonly argv: readonly string[];
  /** The command as it is known by, wherever the folder lies and however it is named. */
  readonly identity: string;
  /** Further options, of this call: they change nothing of what is made. */
  readonly extras: readonly string[];
  /** There when it is done. */
  readonly output: string;
}

/** As it is typed. */
export const commandOf = ({ argv, extras }: Step): readonly string[] => [...argv, ...extras];

/** Files of the folder; the negatives are what is to be rejected, in training and in tests. */
export const NEW_FILES = {
  state: "new.json",
  lock: "new.lock",
  settings: "train.yaml",
  settingsBefore: "train.before.yaml",
  negativesTrainText: "others.txt",
  negativesTestText: "strangers.txt",
  spoken: "spoken/manifest.csv",
  negativesTrain: "others/manifest.csv",
  negativesTest: "strangers/manifest.csv",
  model: "model.safetensors",
  report: "report.html",
  rejectionReport: "rejection.html",
} as const;

/** Sentences of a grammar that are spoken at most. */
export const MOST_SENTENCES = 500;
export const TRAIN_NEGATIVE_VOICES = 2;
export const TEST_NEGATIVE_VOICES = 6;
/** An hour of them is some 4,000 words and sentences, one breath after the other: one in two hundred. Less costs commands (docs/new.md). */
const FALSE_ACCEPTS = 20;
/** What shows how much clean voices promise: conditions of `earshot test --stress`. */
const CONDITIONS = "room-medium,pink-10db,telephone";

const EXTENSIONS = { phrases: "txt", jsgf: "jsgf", sentences: "yaml" } as const;

export const grammarPath = (out: string, { format }: Pick<NewRequest, "format">): string =>
  join(out, `words.${EXTENSIONS[format]}`);

/** A sentence of few in many voices, of many in few. */
export const usualVoices = (sentences: number): number =>
  Math.max(3, Math.min(60, Math.round(1200 / sentences)));

/** @param threads of training, tuning and tests */
export function newSteps(out: string, request: NewRequest, { sentences }: Amounts, threads?: number): Step[] {
  const extras = flags({ threads });
  const within = plannedSteps("", request, sentences.length);
  return plannedSteps(out, request, sentences.length).map((step, i) => ({
    ...step,
    identity: within[i].argv.join(" "),
    extras: (LEARNING as readonly StepName[]).includes(step.name) ? extras : [],
  }));
}

type PlannedStep = Omit<Step, "extras" | "identity">;

const plannedSteps = (out: string, request: NewRequest, sentences: number): PlannedStep[] => [
  ...speakingSteps(out, request, sentences),
  ...learningSteps(out, request),
];

type FileName = keyof typeof NEW_FILES;

function speakingSteps(out: string, request: NewRequest, sentences: number): PlannedStep[] {
  const at = (name: FileName): string => join(out, NEW_FILES[name]);
  const speak = (options: Options): string[] => ["data", "speak", ...flags(options), ...voiceFlags(request)];
  const ofGrammar = { grammar: grammarPath(out, request), sentences: MOST_SENTENCES };
  return [
    {
      name: "speak",
      about: `speak ${sentences === 1 ? "the sentence" : `the ${sentences} sentences`} in ${request.voices} voices each`,
      argv: speak({ ...ofGrammar, "per-sentence": request.voices, out: join(out, "spoken") }),
      output: at("spoken"),
    },
    {
      name: "speak-others",
      about: "speak other words, to be learned as what they are, so that they are not taken for yours",
      argv: speak({
        file: at("negativesTrainText"),
        "per-sentence": TRAIN_NEGATIVE_VOICES,
        dev: 0,
        test: 0,
        out: join(out, "others"),
      }),
      output: at("negativesTrain"),
    },
    {
      name: "speak-strangers",
      about: "speak words that training never hears, to measure what is accepted wrongly",
      argv: speak({
        file: at("negativesTestText"),
        "to-reject": true,
        "per-sentence": TEST_NEGATIVE_VOICES,
        dev: 0.5,
        test: 0.5,
        out: join(out, "strangers"),
      }),
      output: at("negativesTest"),
    },
  ];
}

function learningSteps(out: string, request: NewRequest): PlannedStep[] {
  const at = (name: FileName): string => join(out, NEW_FILES[name]);
  const { from, set } = request;
  const tested = { model: out, grammar: grammarPath(out, request) };
  const rejected = {
    reject: at("negativesTest"),
    "false-accepts": FALSE_ACCEPTS,
    "trade-off": at("rejectionReport"),
  };
  const training = flags({ config: at("settings"), set, model: from, out });
  return [
    {
      name: "train",
      about: "train, as rooms, noise and other microphones would bring the voices",
      argv: ["train", at("spoken"), at("negativesTrain"), ...training],
      output: at("model"),
    },
    {
      name: "reject",
      about: "learn how sure it must be to accept what it heard",
      argv: ["tune", at("spoken"), ...flags({ model: out, ...rejected })],
      output: at("rejectionReport"),
    },
    {
      name: "test",
      about: "test on voices that were held back",
      argv: ["test", at("spoken"), ...flags({ ...tested, conditions: CONDITIONS })],
      output: at("model"),
    },
    {
      name: "test-strangers",
      about: "test on what is to be rejected",
      argv: ["test", at("negativesTest"), ...flags(tested)],
      output: at("model"),
    },
  ];
}

type Value = string | number | true;
type Options = Readonly<Record<string, Value | readonly Value[] | undefined>>;

/** As they are typed: what is undefined not at all, each of a list. */
const flags = (options: Options): string[] =>
  Object.entries(options).flatMap(([name, value]) =>
    [value ?? []].flat().flatMap((one) => (one === true ? [`--${name}`] : [`--${name}`, `${one}`])),
  );

/** Who speaks, in the way of `earshot data speak`. */
export function voiceFlags({ engines, kokoro, language, seed }: NewRequest): string[] {
  const engine = engines.map(({ name, weight }) => (weight === undefined ? name : `${name}=${weight}`));
  return flags({ engine, kokoro, language, seed });
}
