// Rows of a manifest that nothing could be measured with, for a person to read: recordings that cannot be read one by one;
// transcripts that the model's alphabet cannot spell together, since they have one way out.

import { EarshotError } from "../../errors.ts";
import type { Failure } from "../../evaluation/index.ts";
import type { Output } from "./output.ts";

const MOST_SHOWN = 10;

export function complainOf(failures: readonly Failure[], output: Output): void {
  const unspelled = failures.filter(isUnspelled);
  for (const failure of failures) if (!isUnspelled(failure)) output.complain(failure.error);
  if (unspelled.length > 0) output.complain(together(unspelled.map(({ error }) => error)));
}

/** "2 recordings could not be read and are in no rate", or nothing. */
export function leftOut(failures: readonly Failure[]): string {
  const unspelled = failures.filter(isUnspelled).length;
  return [
    line(failures.length - unspelled, "recording", "read"),
    line(unspelled, "transcript", "spelled"),
  ].join("");
}

const isUnspelled = ({ error }: Failure): boolean => error.code === "UNKNOWN_SYMBOL";

function line(count: number, thing: string, done: string): string {
  if (count === 0) return "";
  return count === 1
    ? `1 ${thing} could not be ${done} and is in no rate\n`
    : `${count} ${thing}s could not be ${done} and are in no rate\n`;
}

function together(errors: readonly EarshotError[]): EarshotError {
  const [first] = errors;
  if (errors.length === 1) return first;
  const shown = errors.slice(0, MOST_SHOWN).map(({ where, problem }) => `${where}: ${problem}`);
  const more = errors.length > MOST_SHOWN ? [`… and ${errors.length - MOST_SHOWN} more.`] : [];
  const problem = [...shown, ...more].join("\n  ");
  return new EarshotError({
    code: first.code,
    where: `${errors.length} transcripts`,
    problem,
    remedy: first.remedy,
  });
}
