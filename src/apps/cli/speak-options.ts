// Values of the options of `earshot data speak`.

import { InvalidArgumentError } from "commander";

/** An engine by name, and how much of the corpus it speaks, relative to the others. */
export interface WeightedEngine {
  readonly name: string;
  readonly weight?: number;
}

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
