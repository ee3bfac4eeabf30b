// Checks whether a network that has learned how frequent letters are goes on to listen. Texts alone teach it how sentences
// begin and go on; only texts of these recordings make it prefer a recording's own text to another's.

import { outOf, roughPercent } from "../brief.ts";
import { preferenceOf, type SwapCount } from "../chance.ts";
import { check, finding, type Check, type Finding } from "../finding.ts";
import type { CurveEpoch, CurveEvidence } from "./evidence.ts";

/** Of the best loss of outputs that ignore the input: below, frequencies are learned, and what comes next is listening. */
const AT_LEVEL = 1.1;
/** Of the planned epochs: most networks begin to listen within this after they reach that level. */
const PATIENCE = 1 / 4;
/** Of dev's letters: below, nobody doubts that the network listens. */
const HEARD = 0.5;

const heardPairs = check<CurveEvidence, "pairs" | "epochs" | "levels">({
  name: "the network hears that texts belong to their recordings",
  finds: { MISMATCHED_PAIRS: ["pairs", 10] },
  needs: ["pairs", "epochs", "levels"],
  run: ({ pairs, epochs, levels, planned = epochs.length }) => {
    if (epochs.some(({ devCer = 1 }) => devCer < HEARD)) return "healthy";
    const from = epochs.find(({ trainLoss }) => trainLoss < AT_LEVEL * levels.constant.mean);
    const looks = from ? pairs.filter(({ epoch }) => epoch >= from.epoch) : [];
    const { sum, preference } = firstSure(looks);
    if (preference === "own texts") return "healthy";
    const last = epochs.at(-1)!;
    const isLong = from !== undefined && last.epoch - from.epoch + 1 >= PATIENCE * planned;
    if (isLong && preference === "none") return [mismatched(sum, from, last, levels.constant.mean)];
    return { cannotTell: "more epochs: the network does not listen yet, so that texts are all alike to it" };
  },
});

/** The looks up to that which decides. Later ones say less: a network remembers wrong texts, too, if it sees them often. */
function firstSure(looks: readonly SwapCount[]): {
  sum: SwapCount;
  preference: ReturnType<typeof preferenceOf>;
} {
  let sum: SwapCount = { compared: 0, better: 0 };
  for (const { compared, better } of looks) {
    sum = { compared: sum.compared + compared, better: sum.better + better };
    const preference = preferenceOf(sum);
    if (preference) return { sum, preference };
  }
  return { sum, preference: undefined };
}

function mismatched(
  { compared, better }: SwapCount,
  from: CurveEpoch,
  last: CurveEpoch,
  ignorant: number,
): Finding {
  return finding({
    code: "MISMATCHED_PAIRS",
    severity: "wrong",
    diagnosis:
      "The network learns texts but not to listen: to it, recordings go as well with the texts of others as with their own.",
    evidence: [
      `from epoch ${from.epoch} on, ${outOf(better, compared)} pairs of training utterances fit better as they are than with their texts swapped, where 50 % is chance`,
      `train loss ${last.trainLoss.toPrecision(3)} at epoch ${last.epoch}, where ${ignorant.toPrecision(3)} can be had without listening${last.devCer === undefined ? "" : `; dev CER ${roughPercent(last.devCer)}`}`,
    ],
    remedy:
      "Listen to some rows (earshot data preview) and check how paths and transcripts were joined; earshot doctor <manifest> -m <a good model> names the rows.",
  });
}

export const pairsHeardChecks: readonly Check<CurveEvidence>[] = [heardPairs];
