// On what else than its own recording does an utterance's output depend: its neighbors, its place in the batch, its
// padding? Every comparison that the evidence allows is made, and then the one explanation that fits them all is found.

import { check, finding, type Check, type Finding, type Verdict } from "../../finding.ts";
import type { BatchEvidence, Outputs } from "../evidence/batch-evidence.ts";
import { roughPercent } from "../../brief.ts";
import { compare, DIFFERENT, rowDistance, spreadOf, type OutputPair } from "./comparison.ts";
import { isRepeatable } from "./repeatability.ts";
import { row, validSteps } from "./rows.ts";

type Known = BatchEvidence & Required<Pick<BatchEvidence, "outputs">>;

/** The largest difference of each comparison, in units of the outputs' spread; undefined where it was not made. */
interface Differences {
  /** Utterances in another order, each followed to its new place. */
  readonly permuted?: number;
  /** The same, if the batch was read as [T, B] where it lies as [B, T]. */
  readonly permutedReshaped?: number;
  readonly padded?: number;
  /** Alone against in the batch: utterances that the batch does not pad, and those that it pads. */
  readonly aloneUnpadded?: number;
  readonly alonePadded?: number;
  /** A changed frame: what it changed in other utterances, and the share of steps there that it reached. */
  readonly others?: number;
  readonly reachedShare?: number;
}

export const dependence: Check<BatchEvidence> = check({
  name: "each utterance's outputs are its own, whatever stands beside or behind it",
  finds: {
    RESHAPED_NOT_TRANSPOSED: ["network", 160],
    RECURRENCE_OVER_BATCH: ["network", 170],
    OUTPUT_DEPENDS_ON_NEIGHBORS: ["network", 180],
    BATCH_STATISTICS: ["network", 190],
    OUTPUT_DEPENDS_ON_PADDING: ["network", 200],
  },
  needs: ["outputs"],
  run: (evidence): Verdict => {
    if (!isRepeatable(evidence))
      return { cannotTell: "outputs that repeat: the same runs in evaluation mode, from a state of zeros" };
    const spread = spreadOf(evidence.outputs, evidence.lengths);
    if (spread === undefined) return { cannotTell: "outputs that depend on the input" };
    const differences = allDifferences(evidence, spread);
    const found = explanation(differences, evidence);
    if (found) return [found];
    const missing = missingRuns(differences);
    return missing ? { cannotTell: missing } : "healthy";
  },
});

function missingRuns({
  permuted,
  padded,
  aloneUnpadded,
  alonePadded,
  others,
}: Differences): string | undefined {
  const hasNeighbors = permuted !== undefined || aloneUnpadded !== undefined || others !== undefined;
  const hasPadding = padded !== undefined || alonePadded !== undefined;
  const missing = [
    !hasNeighbors && "the utterances in another order, or each alone (probe.py: forward)",
    !hasPadding && "the batch padded longer, or each utterance alone (probe.py: forward)",
  ].filter((line) => line !== false);
  return missing.length > 0 ? missing.join("; ") : undefined;
}

// ── Comparisons ─────────────────────────────────────────────────────────────────────────────────────────────────

function allDifferences(evidence: Known, spread: number): Differences {
  const { outputs, lengths, permuted, padded } = evidence;
  const steps = (b: number): number => validSteps(outputs, lengths, b);
  const all = Array.from({ length: outputs.B }, (_, b) => b);
  const differ = (other: Outputs, pairs: readonly OutputPair[], own = outputs) =>
    compare(own, other, pairs, spread).largest;
  const same = all.map((b) => ({ here: b, there: b, steps: steps(b) }));
  const followed = permuted?.order.map((b, place) => ({ here: b, there: place, steps: steps(b) }));
  const isSameSize = permuted?.outputs.T === outputs.T && permuted.outputs.B === outputs.B;
  const whole = followed?.map((pair) => ({ ...pair, steps: outputs.T }));
  return {
    ...(permuted && isSameSize && { permuted: differ(permuted.outputs, followed!) }),
    ...(permuted &&
      isSameSize && { permutedReshaped: differ(reshaped(permuted.outputs), whole!, reshaped(outputs)) }),
    ...(padded && padded.B === outputs.B && padded.T >= outputs.T && { padded: differ(padded, same) }),
    ...aloneDifferences(evidence, spread),
    ...impulseDifferences(evidence, spread),
  };
}

/** The same numbers read in the order [B, T, V]. */
function reshaped(outputs: Outputs): Outputs {
  const { T, B, V, data } = outputs;
  const turned = new Float64Array(data.length);
  for (let b = 0; b < B; b++) {
    for (let t = 0; t < T; t++)
      turned.set(data.subarray((b * T + t) * V, (b * T + t + 1) * V), (t * B + b) * V);
  }
  return { T, B, V, data: turned };
}

const EDGE_STEPS = 1; // rounding of strides

function aloneDifferences({ outputs, alone, lengths, frames, paddedFrames }: Known, spread: number) {
  if (!alone) return {};
  const longest = frames ? (paddedFrames ?? Math.max(...frames)) : undefined;
  const largest: { aloneUnpadded?: number; alonePadded?: number } = {};
  for (const [b, own] of alone) {
    if (b >= outputs.B || own.V !== outputs.V) continue;
    const isPadded = longest === undefined ? own.T < outputs.T - EDGE_STEPS : frames![b] < longest;
    const pair = { here: b, there: 0, steps: Math.min(own.T, validSteps(outputs, lengths, b)) };
    const { largest: difference } = compare(outputs, own, [pair], spread);
    const kind = isPadded ? "alonePadded" : "aloneUnpadded";
    largest[kind] = Math.max(largest[kind] ?? 0, difference);
  }
  return largest;
}

function impulseDifferences({ outputs, impulse, lengths }: Known, spread: number) {
  if (!impulse || impulse.outputs.T !== outputs.T || impulse.outputs.B !== outputs.B) return {};
  let largest = 0;
  const reached = new Set<number>();
  for (let b = 0; b < outputs.B; b++) {
    if (b === impulse.utterance) continue;
    for (let t = 0; t < validSteps(outputs, lengths, b); t++) {
      const distance = rowDistance(row(outputs, t, b), row(impulse.outputs, t, b)) / spread;
      largest = Math.max(largest, distance);
      if (distance > DIFFERENT) reached.add(t);
    }
  }
  return { others: largest, reachedShare: reached.size / outputs.T };
}

// ── Explanations ────────────────────────────────────────────────────────────────────────────────────────────────

const differs = (difference: number | undefined): boolean =>
  difference !== undefined && difference > DIFFERENT;
const agrees = (difference: number | undefined): boolean =>
  difference !== undefined && difference <= DIFFERENT;

/** Of all steps of a neighbor: a recurrence over the batch carries a changed frame to its own step only. */
const ONE_STEP = 0.5;

function explanation(d: Differences, { mode }: Known): Finding | undefined {
  if (differs(d.permuted) && agrees(d.permutedReshaped)) return reshapedFinding(d);
  const others = differs(d.permuted) || differs(d.others) || differs(d.aloneUnpadded);
  if (!others) return differs(d.padded) || differs(d.alonePadded) ? paddingFinding(d) : undefined;
  const atOneStep =
    d.reachedShare === undefined ? agrees(d.padded) : d.reachedShare > 0 && d.reachedShare < ONE_STEP;
  if (differs(d.permuted) && atOneStep) return batchRecurrence(d);
  if (agrees(d.permuted)) return statistics(d, mode);
  return neighborsFinding(d);
}

const compared = (words: string, difference: number | undefined): string[] =>
  difference === undefined
    ? []
    : [
        `${words}: ${differs(difference) ? `differs by up to ${roughPercent(difference)} of the outputs' own spread` : "the same"}`,
      ];

const evidenceOf = (d: Differences): string[] => [
  ...compared("in another order", d.permuted),
  ...compared("alone, unpadded in the batch", d.aloneUnpadded),
  ...compared("alone, padded in the batch", d.alonePadded),
  ...compared("padded longer", d.padded),
  ...compared("with a frame of a neighbor changed", d.others),
  ...(d.reachedShare ? [`that frame reached ${roughPercent(d.reachedShare)} of its neighbors' steps`] : []),
];

function reshapedFinding(d: Differences): Finding {
  return finding({
    code: "RESHAPED_NOT_TRANSPOSED",
    severity: "wrong",
    diagnosis:
      "Time and batch were exchanged by reshaping, not by transposing: each row of the outputs belongs to another utterance and moment.",
    evidence: [
      "read in the order [B, T, V], the outputs follow their utterances; in the order given they do not",
      ...compared("in another order", d.permuted),
    ],
    remedy: "Use transpose(0, 1) or permute instead of view or reshape to exchange axes.",
  });
}

function batchRecurrence(d: Differences): Finding {
  return finding({
    code: "RECURRENCE_OVER_BATCH",
    severity: "wrong",
    diagnosis:
      "The recurrence runs over the utterances of the batch instead of over time: each moment of an utterance depends on the same moment of its neighbors.",
    evidence: evidenceOf(d),
    remedy:
      "Give the recurrence its axes in the order that it expects: [T, B, F], or batch_first=True for [B, T, F] in PyTorch.",
  });
}

function neighborsFinding(d: Differences): Finding {
  return finding({
    code: "OUTPUT_DEPENDS_ON_NEIGHBORS",
    severity: "wrong",
    diagnosis: "An utterance's outputs depend on the other utterances of the batch.",
    evidence: evidenceOf(d),
    remedy:
      "Look for an operation over the batch axis: a recurrence or softmax over the wrong axis, a reshape that mixes utterances, attention or normalization across the batch.",
  });
}

function statistics(d: Differences, mode: BatchEvidence["mode"]): Finding {
  return finding({
    code: "BATCH_STATISTICS",
    severity: mode === "eval" ? "wrong" : "warning",
    diagnosis:
      mode === "eval"
        ? "In evaluation mode outputs still depend on the other utterances of the batch, though not on their order: something is measured over the batch."
        : "Outputs depend on the other utterances of the batch, though not on their order, as batch normalization's do in training mode.",
    evidence: evidenceOf(d),
    remedy:
      "Run and recognize in evaluation mode (model.eval()), where kept statistics are used; what is normalized over the batch even there should be so per utterance.",
  });
}

function paddingFinding(d: Differences): Finding {
  return finding({
    code: "OUTPUT_DEPENDS_ON_PADDING",
    severity: "warning",
    diagnosis:
      "An utterance's outputs depend on how much silence it is padded with: in another batch it is recognized otherwise.",
    evidence: evidenceOf(d),
    remedy:
      "Tell the layers the lengths: pack sequences for recurrences (or mask them), zero the padding after each convolution, and normalize over valid frames only.",
  });
}

export const otherSizes: Check<BatchEvidence> = check({
  name: "the network runs batches of other sizes and lengths",
  finds: { FAILS_ON_OTHER_SIZES: ["network", 210] },
  needs: ["failed"],
  run: ({ failed }): Verdict => {
    const runs = Object.entries(failed);
    if (runs.length === 0) return "healthy";
    return [
      finding({
        code: "FAILS_ON_OTHER_SIZES",
        severity: "warning",
        diagnosis:
          "The network ran the batch, but failed where its size, order or length was another: it will fail on the last batch of an epoch, or on a single recording.",
        evidence: runs.slice(0, 3).map(([name, words]) => `${name}: ${words}`),
        remedy:
          "Take sizes from the batch that comes, above all those of a recurrence's state, instead of fixing them.",
      }),
    ];
  },
});
