// Checks whether texts are of their recordings, by what a trained model hears. It needs no texts of different length: short
// commands that were shuffled look right in every other way.

import { count, firstFew, outOf, quoted, severityOfShare } from "../brief.ts";
import { check, finding, type Check, type Finding } from "../finding.ts";
import type { CorpusEvidence } from "./evidence.ts";
import { HEARING_MODEL } from "./stress.ts";
import { isMisfitting, type TextFit } from "./text-fits.ts";

const LEAST_ROWS = 10;
/** Of the rows whose texts do not fit: below, the model does not hear what is said in these recordings. */
const LEAST_PLACED = 0.1;
const LISTED = 10;

const heardPairs = check<CorpusEvidence, "fits">({
  name: "the model hears the text of each recording in it",
  finds: { MISMATCHED_PAIRS: ["pairs", 5] },
  needs: ["fits"],
  run: ({ fits }) => {
    if (fits.length < LEAST_ROWS)
      return { cannotTell: `a manifest of at least ${LEAST_ROWS} recordings with different texts` };
    const wrong = fits.filter(isMisfitting);
    if (wrong.length === 0) return "healthy";
    const placed = wrong.filter(({ rowsTo }) => rowsTo !== undefined);
    if (wrong.length > fits.length / 2 && placed.length < LEAST_PLACED * wrong.length)
      return { cannotTell: HEARING_MODEL };
    return [misfits(wrong, placed, fits.length)];
  },
});

function misfits(wrong: readonly TextFit[], placed: readonly TextFit[], total: number): Finding {
  const shift = commonShift(placed);
  return finding({
    code: "MISMATCHED_PAIRS",
    severity: severityOfShare(wrong.length, total),
    diagnosis: "Recordings and texts do not belong together: the model hears other words in them.",
    evidence: [
      `${outOf(wrong.length, total)} texts fit their recordings no better than texts of other rows do`,
      ...(shift === undefined
        ? []
        : [
            `the texts that most of them hold stand ${count(Math.abs(shift), "row")} ${shift > 0 ? "further down" : "further up"}`,
          ]),
      ...firstFew(wrong.map(describe), LISTED),
    ],
    remedy:
      shift === undefined
        ? "Listen to these rows and correct their texts, or check how paths and transcripts were joined."
        : "A line is missing from one of two lists: join paths and transcripts by name.",
  });
}

/** How many rows further on the texts stand, where that is so for most. */
function commonShift(placed: readonly TextFit[]): number | undefined {
  const times = new Map<number, number>();
  for (const { rowsTo = 0 } of placed) times.set(rowsTo, (times.get(rowsTo) ?? 0) + 1);
  const [[shift, most] = [0, 0]] = [...times].toSorted(([, a], [, b]) => b - a);
  return most > 2 && most > placed.length / 2 ? shift : undefined;
}

function describe({ row: { where, path, transcript }, own, others, heard }: TextFit): string {
  const cost = Number.isFinite(own) ? `loses ${own.toFixed(0)} nats` : "does not fit into it";
  return `${where}  ${path}: ${quoted(transcript)} ${cost}, texts of other rows about ${others.toFixed(0)}; heard is ${quoted(heard)}`;
}

export const heardPairChecks: readonly Check<CorpusEvidence>[] = [heardPairs];
