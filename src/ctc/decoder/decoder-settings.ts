// The settings of the beam search, in one table: a row is a setting with its range, default, unit and description, and from
// it come validation, the command line's option and its help, and the table in docs/cli.md. Logarithms are natural, so that
// the network's scores need no conversion. Names that a setting had before are read wherever settings are given.

import { listSettings, z, type SettingDescription } from "../../settings.ts";

/** What a row says beyond its schema. */
interface Row {
  readonly description: string;
  /** What stands for the value in help, such as "nats"; nothing for a switch. */
  readonly unit?: string;
  /** The name of the option where it is not the setting's own. */
  readonly option?: string;
  /** The name that the setting had in model files of earlier versions. */
  readonly formerly?: FormerName;
}

type FormerName = "beamMargin" | "symbolFloor";

/**
 * Texts of books, 0 to 25 % of their words unknown, in two strengths of noise: of penalties from 0 to 11.5 the least WER on
 * average. Fewer unknown words want more, more of them less.
 */
export const USUAL_UNKNOWN_WORD_PENALTY = 5;

const described = <Schema extends z.ZodType>(schema: Schema, row: Row): Schema => schema.meta({ ...row });

export const decoderSettings = z.strictObject({
  alpha: described(z.number().min(0).default(0.5), {
    unit: "x",
    description: "α, the weight of the language model (Hannun et al. 2014, eq. 12); tune it on dev",
  }),
  beta: described(z.number().default(1), {
    unit: "x",
    description:
      "β, added for each word (Hannun et al. 2014, eq. 12), or for each symbol where the alphabet has no space; tune it on dev",
  }),
  beam: described(z.int().min(1).default(100), {
    unit: "n",
    description: "Beginnings of texts kept after each step; more is slower, and better up to some hundred",
  }),
  beamThreshold: described(z.number().min(0).default(1000), {
    unit: "nats",
    formerly: "beamMargin",
    description: "How far below the best a beginning may score and be kept, in nats; less is faster",
  }),
  cutoffProbability: described(z.number().min(0).max(1).default(0), {
    unit: "p",
    formerly: "symbolFloor",
    description: "Probability below which a symbol is left out of a step; more is faster",
  }),
  symbolMass: described(z.number().min(0).max(1).default(1), {
    unit: "p",
    description:
      "The likeliest symbols of a step are tried until their probabilities add up to this; less is faster",
  }),
  symbolLimit: described(z.int().min(1).optional(), {
    unit: "n",
    description: "Symbols tried at a step at most, all when not set; less is faster",
  }),
  dictionary: described(z.boolean().default(false), {
    description: "Only words of the vocabulary given, or else of the language model, and hot words",
  }),
  unknownWordPenalty: described(z.number().min(0).optional(), {
    unit: "nats",
    option: "unknown-penalty",
    description: `Taken off for each word that is in no vocabulary and no hot word, in nats, beyond what the model says; when not set ${USUAL_UNKNOWN_WORD_PENALTY} with a language model of words, else 0; tune it on dev`,
  }),
  nBest: described(z.int().min(1).default(1), {
    unit: "n",
    option: "nbest",
    description: "Texts given back for each recording, the best first",
  }),
});
export type DecoderSettings = z.output<typeof decoderSettings>;
/** What may be given: any of the settings, also by a former name. */
export type DecoderInput = z.input<typeof decoderSettings> & { readonly [Name in FormerName]?: number };

/** The settings with the names of today, for checking and before settings of two places are merged. */
export function withCurrentNames(
  given: DecoderInput | Readonly<Record<string, unknown>>,
): z.input<typeof decoderSettings> {
  const current: Record<string, unknown> = { ...given };
  for (const [key, { formerly }] of rows()) {
    if (formerly === undefined || !(formerly in current)) continue;
    current[key] ??= current[formerly];
    delete current[formerly];
  }
  return current;
}

/** A setting as an option of a command. */
export interface DecoderOption extends SettingDescription {
  /** Its name on the command line, such as "beam-threshold". */
  readonly option: string;
  /** What stands for its value; undefined for a switch. */
  readonly unit?: string;
  readonly formerOption?: string;
}

/** Every setting of the decoder as an option, in the order of the table. */
export function decoderOptions(): DecoderOption[] {
  const row = new Map<string, Row>(rows());
  return listSettings(decoderSettings).map((setting) => {
    const { unit, option = hyphenated(setting.path), formerly } = row.get(setting.path)!;
    return { ...setting, unit, option, formerOption: formerly && hyphenated(formerly) };
  });
}

function rows(): [key: string, row: Row][] {
  return Object.entries(decoderSettings.shape).map(([key, schema]) => [key, schema.meta() as unknown as Row]);
}

const hyphenated = (key: string): string => key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
