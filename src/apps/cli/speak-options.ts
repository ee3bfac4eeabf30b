// Values of the options of `earshot data speak`.

import { InvalidArgumentError } from "commander";
import type { EarshotError } from "../../errors.ts";
import { usageFault } from "./session.ts";

/** An engine by name, and how much of the corpus it speaks, relative to the others. */
export interface WeightedEngine {
  readonly name: string;
  readonly weight?: number;
}

/** What the options are where they are not given. */
export const USUAL_SPEECH = {
  perSentence: 10,
  speeds: [0.85, 1.2],
  mixtures: 2,
  dev: 0.1,
  test: 0.1,
  seed: 1,
} as const;

/** As planning takes them: 1 where another engine has a weight; undefined where none has. */
export const weightsOfEngines = (
  engines: readonly WeightedEngine[],
): Readonly<Record<string, number>> | undefined =>
  engines.some(({ weight }) => weight !== undefined)
    ? Object.fromEntries(engines.map(({ name, weight = 1 }) => [name, weight]))
    : undefined;

/** "kokoro=3" is `kokoro` with three times the share of "flite=1". */
export function collectEngine(
  value: string,
  earlier: readonly WeightedEngine[] = [],
): readonly WeightedEngine[] {
  const [name, number] = value.split("=");
  const weight = number === undefined ? undefined : Number(number);
  if (weight !== undefined && !(weight > 0 && Number.isFinite(weight)))
    throw new InvalidArgumentError("It is a name, or a name and a number above 0, such as kokoro=3.");
  return [...earlier.filter((engine) => engine.name !== name), { name, weight }];
}

const [SLOWEST, FASTEST] = [0.5, 2];

/** "0.8..1.2", or one number. */
export function parseSpeeds(text: string): readonly [slowest: number, fastest: number] {
  const [slowest, fastest = slowest] = text.split("..").map(Number);
  if (text.split("..").length <= 2 && SLOWEST <= slowest && slowest <= fastest && fastest <= FASTEST)
    return [slowest, fastest];
  throw new InvalidArgumentError(`They are from ${SLOWEST} to ${FASTEST}, such as 0.8..1.2, or one number.`);
}

/** "af_*,!whisper*" and so on, given once or several times. */
export function collectPatterns(value: string, earlier: readonly string[] = []): readonly string[] {
  const patterns = value.split(",").map((pattern) => pattern.trim());
  return [...earlier, ...patterns.filter((pattern) => pattern !== "")];
}

export function parseWhole(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It is a whole number of at least 1.");
}

export function parseErrorShare(text: string): number {
  const share = text.trim() === "" ? Number.NaN : Number(text);
  if (share >= 0 && share <= 10) return share;
  throw new InvalidArgumentError("It is a share of the characters, such as 0.5.");
}

export function parseMixtures(text: string): number {
  const each = text.trim() === "" ? Number.NaN : Number(text);
  if (each >= 0 && each <= 100) return each;
  throw new InvalidArgumentError("It is a number from 0 to 100, such as 2.");
}

/** Of two options that are not for each other. */
export const dryFetch = (): EarshotError =>
  usageFault(
    "--dry-run makes nothing, and --fetch fetches what kokoro needs (120 MB).",
    "Leave one out; to fetch alone: earshot data speak --list-voices --engine kokoro --fetch",
  );
