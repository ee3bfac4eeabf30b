// Are the lengths that the loss was given those of the recordings? They are compared with the best measurement there is:
// the utterances run alone, else the frames of the recordings; without either, only impossible lengths are found.

import { check, finding, type Check, type Finding, type Verdict } from "../../finding.ts";
import type { BatchEvidence, Outputs } from "../evidence/batch-evidence.ts";
import { firstFew } from "../../brief.ts";
import { spelledLengths } from "./padding-of-labels.ts";
import { indexOfLargest, row } from "./rows.ts";

type Known = BatchEvidence & Required<Pick<BatchEvidence, "outputs" | "lengths">>;

/** In steps: what convolutions at the edges and rounding of strides may take or add. */
const SLACK_STEPS = 3;
const SLACK_SHARE = 0.05;

export const outputLengths: Check<BatchEvidence> = check({
  name: "the lengths that the loss is told are those of the recordings",
  finds: {
    LENGTHS_ARE_LABEL_LENGTHS: ["network", 50],
    LENGTHS_FROM_ARGMAX: ["network", 60],
    CONSTANT_LENGTHS: ["network", 70],
    LENGTHS_TOO_LARGE: ["network", 80],
    LENGTHS_TOO_SMALL: ["network", 90],
  },
  needs: ["outputs", "lengths"],
  run: (evidence): Verdict => {
    const { outputs, lengths } = evidence;
    if (lengths.length !== outputs.B) return { cannotTell: "input_lengths, one for each utterance" };
    const truth = trueSteps(evidence);
    const found =
      labelLengths(evidence) ??
      tooLarge(evidence) ??
      fromArgmax(evidence, truth) ??
      constant(evidence, truth) ??
      unlike(evidence, truth);
    if (found) return [found];
    return truth || Math.max(...lengths) < outputs.T ? "healthy" : sameAsPadded(evidence);
  },
});

/** All lengths possible, and nothing to compare them with: equal ones may be right or wrong. */
function sameAsPadded({ lengths }: Known): Verdict {
  const differ = new Set(lengths).size > 1;
  return differ ? "healthy" : { cannotTell: "frames [B], the length of each recording before the network" };
}

/** [B], the steps that each recording has, as far as anything says so. */
function trueSteps({ outputs, alone, frames, paddedFrames }: Known): number[] | undefined {
  if (alone && alone.size === outputs.B) {
    return Array.from({ length: outputs.B }, (_, b) => alone.get(b)?.T ?? outputs.T);
  }
  if (frames?.length !== outputs.B) return maskedSteps(outputs);
  const padded = paddedFrames ?? Math.max(...frames);
  return frames.map((count) => (count * outputs.T) / padded);
}

/** Where somebody who knew the lengths set the rows behind them to one value: the rows before these. */
function maskedSteps(outputs: Outputs): number[] | undefined {
  const steps = Array.from({ length: outputs.B }, (_, b) => {
    let t = outputs.T;
    while (t > 0 && isFlat(row(outputs, t - 1, b))) t--;
    return t;
  });
  const isMasked = Math.min(...steps) > 0 && Math.min(...steps) < outputs.T;
  return isMasked ? steps : undefined;
}

const isFlat = (values: Float64Array): boolean => values.every((value) => value === values[0]);

const slack = (steps: number): number => SLACK_STEPS + SLACK_SHARE * steps;

function labelLengths({ lengths, targetLengths, outputs }: Known): Finding | undefined {
  if (!targetLengths || lengths.length < 2 || lengths.some((length, b) => length !== targetLengths[b]))
    return;
  if (Math.max(...lengths) >= outputs.T) return undefined;
  return lengthFinding({
    code: "LENGTHS_ARE_LABEL_LENGTHS",
    diagnosis: "The loss is told the number of labels as the number of steps.",
    evidence: [
      `input_lengths and target_lengths are the same: ${shown(lengths)}; the outputs have ${outputs.T} steps`,
    ],
    remedy:
      "Check the order of the loss's arguments: input_lengths are the steps of the outputs, target_lengths the labels.",
  });
}

function tooLarge({ lengths, frames, outputs }: Known): Finding | undefined {
  const beyond = lengths.flatMap((length, b) => (length > outputs.T ? [`utterance ${b}: ${length}`] : []));
  if (beyond.length === 0) return undefined;
  const areFrames = frames?.every((count, b) => count === lengths[b]) ?? false;
  return lengthFinding({
    code: "LENGTHS_TOO_LARGE",
    diagnosis: `Lengths exceed the ${outputs.T} steps that the outputs have${areFrames ? ": they are those of the recordings before the network's stride" : ""}.`,
    evidence: firstFew(beyond),
    remedy:
      "Divide the frames by everything that the network strides or pools over time, rounding as it rounds; best let the network itself return the lengths.",
  });
}

// ── Made up by the model ────────────────────────────────────────────────────────────────────────────────────────

/** What people take for a length of the likeliest symbols of all steps, padding included. */
const MADE_UP: readonly (readonly [words: string, of: (best: readonly number[], blank: number) => number])[] =
  [
    ["steps whose likeliest symbol is no blank", (best, blank) => best.filter((k) => k !== blank).length],
    ["steps whose likeliest symbol has an index other than 0", (best) => best.filter((k) => k !== 0).length],
    ["steps whose likeliest symbol is the blank", (best, blank) => best.filter((k) => k === blank).length],
    [
      "likeliest symbols after collapsing repeats and removing blanks",
      (best, blank) => collapsed(best).filter((k) => k !== blank).length,
    ],
    ["likeliest symbols after collapsing repeats", (best) => collapsed(best).length],
    [
      "steps up to the last likeliest symbol that is no blank",
      (best, blank) => best.findLastIndex((k) => k !== blank) + 1,
    ],
    ["steps up to the first blank", (best, blank) => best.indexOf(blank)],
  ];

const collapsed = (best: readonly number[]): number[] => best.filter((k, t) => k !== best[t - 1]);

function fromArgmax({ outputs, lengths, blank = 0 }: Known, truth?: readonly number[]): Finding | undefined {
  const isTrue = truth?.every((steps, b) => Math.abs(steps - lengths[b]) <= SLACK_STEPS) ?? false;
  if (isTrue || lengths.length < 2 || lengths.every((length) => length >= outputs.T)) return undefined;
  const best = Array.from({ length: outputs.B }, (_, b) => likeliest(outputs, b));
  const blanks = [...new Set([blank, 0, outputs.V - 1])];
  for (const assumed of blanks) {
    const match = MADE_UP.find(([, of]) => best.every((path, b) => of(path, assumed) === lengths[b]));
    if (match) return madeUp(match[0], lengths);
  }
  return firstPeaks(outputs, lengths);
}

/** The likeliest symbol of each step. */
const likeliest = (outputs: Outputs, b: number): number[] =>
  Array.from({ length: outputs.T }, (_, t) => indexOfLargest(row(outputs, t, b)));

/** argmax over time instead of symbols: the step at which one symbol is likeliest. */
function firstPeaks({ T, B, V, data }: Outputs, lengths: readonly number[]): Finding | undefined {
  if (B < 3) return undefined; // with fewer, some symbol of many fits by chance
  for (let v = 0; v < V; v++) {
    const peaks = lengths.map((_, b) =>
      indexOfLargest(Array.from({ length: T }, (_, t) => data[(t * B + b) * V + v])),
    );
    if (peaks.every((peak, b) => peak === lengths[b]))
      return madeUp(`the step where symbol ${v} is likeliest`, lengths);
  }
  return undefined;
}

function madeUp(words: string, lengths: readonly number[]): Finding {
  return lengthFinding({
    code: "LENGTHS_FROM_ARGMAX",
    diagnosis: "The lengths are made from what the model itself recognized, not from the recordings.",
    evidence: [`input_lengths ${shown(lengths)} are exactly: ${words}`],
    remedy:
      "Compute them from the number of frames that each recording has, divided by the network's stride.",
  });
}

// ── Against the recordings ──────────────────────────────────────────────────────────────────────────────────────

function constant(evidence: Known, truth?: readonly number[]): Finding | undefined {
  const { lengths, outputs } = evidence;
  if (lengths.length < 2 || new Set(lengths).size > 1) return undefined;
  if (truth) {
    const off = truth.filter((steps) => Math.abs(steps - lengths[0]) > slack(steps));
    if (off.length === 0 || Math.max(...truth) - Math.min(...truth) <= SLACK_STEPS) return undefined;
    return constantLengths("wrong", lengths, `the recordings have ${shown(truth.map(Math.round))} steps`);
  }
  const spelled = spelledLengths(evidence);
  if (!spelled || lengths.length < 3 || Math.max(...spelled) < 1.5 * Math.min(...spelled)) return undefined;
  const spread = `the transcripts have ${Math.min(...spelled)} to ${Math.max(...spelled)} symbols, the outputs ${outputs.T} steps`;
  return constantLengths(
    "warning",
    lengths,
    `${spread}; right only if all recordings were cut to one length (frames would tell)`,
  );
}

function constantLengths(
  severity: "wrong" | "warning",
  lengths: readonly number[],
  evidence: string,
): Finding {
  return lengthFinding({
    code: "CONSTANT_LENGTHS",
    severity,
    diagnosis:
      "Every utterance is said to have the same number of steps, so the padding is aligned as if it were speech.",
    evidence: [`input_lengths are ${lengths[0]} for all ${lengths.length} utterances`, evidence],
    remedy:
      "Keep each recording's own number of frames through batching, and divide it by the network's stride.",
  });
}

function unlike(evidence: Known, truth?: readonly number[]): Finding | undefined {
  const { lengths, outputs } = evidence;
  if (!truth) return muchSmaller(evidence);
  const described = (b: number): string =>
    `utterance ${b}: ${lengths[b]} where the recording has ${Math.round(truth[b])}`;
  const all = lengths.map((_, b) => b);
  const large = all.filter((b) => lengths[b] > truth[b] + slack(truth[b]));
  const small = all.filter((b) => lengths[b] < truth[b] - slack(truth[b]));
  if (large.length > 0) {
    return lengthFinding({
      code: "LENGTHS_TOO_LARGE",
      diagnosis: "Lengths reach into the padding, which is then aligned as if it were speech.",
      evidence: firstFew(large.map(described)),
      remedy:
        "Take each recording's own number of frames, not the padded one, and divide it by the network's stride.",
    });
  }
  return small.length > 0 ? tooSmall(firstFew(small.map(described)), outputs.T) : undefined;
}

/** In a batch padded to its longest, the largest length is T; where it is half of that or less, something divided. */
function muchSmaller({ lengths, outputs }: Known): Finding | undefined {
  const longest = Math.max(...lengths);
  if (longest > outputs.T / 2 + SLACK_STEPS || outputs.T <= 2 * SLACK_STEPS) return undefined;
  return tooSmall([`the largest is ${longest}, the outputs have ${outputs.T} steps`], outputs.T);
}

function tooSmall(evidence: readonly string[], T: number): Finding {
  return lengthFinding({
    code: "LENGTHS_TOO_SMALL",
    diagnosis: `The loss is told fewer steps than the recordings have in the outputs [T = ${T}], so their ends are never learned.`,
    evidence,
    remedy:
      "Divide the frames by the network's stride once, not twice, and not by a stride that it no longer has.",
  });
}

function lengthFinding(
  fields: Pick<Finding, "code" | "diagnosis" | "evidence" | "remedy"> & { severity?: "wrong" | "warning" },
): Finding {
  return finding({ severity: "wrong", ...fields });
}

const SHOWN = 6;
const shown = (numbers: readonly number[]): string =>
  numbers.slice(0, SHOWN).join(", ") + (numbers.length > SHOWN ? " …" : "");
