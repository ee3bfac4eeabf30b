// Is the blank that the loss was given the network's blank, and no letter? Decided by the names of the symbols, by the
// loss itself, and by what a trained network puts out in silence; labels that equal the blank leave two explanations.

import { ctcLoss } from "../../../ctc/index.ts";
import { check, finding, type Check, type Finding, type Verdict } from "../../finding.ts";
import type { BatchEvidence, Outputs } from "../evidence/batch-evidence.ts";
import { count, firstFew } from "../../brief.ts";
import { normalizationOf } from "./normalization.ts";
import { countedPadding } from "./padding-of-labels.ts";
import { indexOfLargest, labelsOf, validRows } from "./rows.ts";

type Known = BatchEvidence & Required<Pick<BatchEvidence, "outputs" | "blank">>;

export const blankIndex: Check<BatchEvidence> = check({
  name: "the loss's blank is the network's, and stands in no transcript",
  finds: {
    BLANK_MISMATCH: ["labels", 90],
    UNKNOWN_MAPPED_TO_BLANK: ["labels", 60],
    BLANK_IN_LABELS: ["labels", 100],
  },
  needs: ["outputs", "blank", "targets", "targetLengths"],
  run: (evidence): Verdict => {
    const { outputs, blank } = evidence;
    if (blank < 0 || blank >= outputs.V) {
      return [
        mismatch(
          `The loss's blank, ${blank}, is none of the ${outputs.V} outputs.`,
          `indices go from 0 to ${outputs.V - 1}`,
        ),
      ];
    }
    const named = mismatchByName(evidence) ?? mismatchByOutputs(evidence) ?? mismatchByLoss(evidence);
    if (named) return [named];
    const places = blanksInside(evidence);
    return places.length > 0 ? [insideLabels(evidence, places)] : "healthy";
  },
});

/** Labels that are the blank, without the padding at the ends. */
function blanksInside(evidence: Known): string[] {
  const padding = countedPadding(evidence);
  return (labelsOf(evidence) ?? []).flatMap((labels, b) => {
    const padded = padding?.index === evidence.blank ? padding.counts[b] : 0;
    const own = labels.slice(0, labels.length - padded);
    const found = own.reduce((sum, id) => sum + Number(id === evidence.blank), 0);
    return found > 0 ? [`utterance ${b}: ${found} of ${count(own.length, "label")}`] : [];
  });
}

function insideLabels({ blank, symbols, outputs }: Known, places: readonly string[]): Finding {
  const isNamed = symbols !== undefined && (blank >= symbols.length || namesBlank(symbols[blank]));
  const letter = symbols?.[blank];
  if (isNamed && (symbols.length === outputs.V || blank === outputs.V - 1)) {
    return finding({
      code: "UNKNOWN_MAPPED_TO_BLANK",
      severity: "wrong",
      diagnosis:
        "The blank stands inside transcripts, though no letter has its index: characters that the alphabet lacks were mapped to it.",
      evidence: [`the blank is ${blank}${letter === undefined ? "" : ` (“${letter}”)`}`, ...firstFew(places)],
      remedy:
        "Drop or replace characters that the alphabet lacks, or add them to it; the blank is never a label.",
    });
  }
  return finding({
    code: "BLANK_IN_LABELS",
    severity: "wrong",
    diagnosis: `Index ${blank} is the loss's blank and stands inside transcripts: either it is a letter${letter ? ` (“${letter}”)` : ""} and the blank is another, or unknown characters are mapped to it.`,
    evidence: firstFew(places),
    remedy:
      "Give the loss the index that no letter has, and drop characters that the alphabet lacks; the list of symbols would tell which of the two it is.",
  });
}

const namesBlank = (name: string): boolean => /blank|^<.*>$|^\[.*\]$|^[_ε∅]$|^$/iu.test(name);

function mismatchByName({ symbols, blank, outputs }: Known): Finding | undefined {
  if (symbols?.length !== outputs.V || namesBlank(symbols[blank])) return undefined;
  const named = symbols.findIndex(
    (name) => /blank/i.test(name) || name === "_" || name === "ε" || name === "",
  );
  if (named < 0) return undefined;
  return mismatch(
    `The loss takes index ${blank} for the blank, which is “${symbols[blank]}”; the blank of the alphabet is ${named}.`,
    `symbol ${named} is “${symbols[named]}”`,
  );
}

/** What a trained network says most of the time is its blank: a symbol that stands in no transcript. */
function mismatchByOutputs(evidence: Known): Finding | undefined {
  const { outputs, lengths, blank } = evidence;
  const found = normalizationOf(outputs, lengths);
  if (found?.axes.join() !== "V") return undefined;
  const means = meanProbabilities(outputs, lengths, found.form === "probabilities");
  const main = indexOfLargest(means);
  const isSpelled = labelsOf(evidence)?.some((labels) => labels.includes(main)) ?? true;
  if (main === blank || isSpelled || means[main] < 0.5 || means[blank] > 0.05) return undefined;
  return mismatch(
    `The loss takes index ${blank} for the blank, but the network says ${main} in the pauses: it was trained with that blank.`,
    `mean probability ${means[main].toFixed(2)} of index ${main}, which no transcript holds, and ${means[blank].toPrecision(2)} of index ${blank}`,
  );
}

function meanProbabilities(
  outputs: Outputs,
  lengths: readonly number[] | undefined,
  areProbabilities: boolean,
): Float64Array {
  const sums = new Float64Array(outputs.V);
  let rows = 0;
  for (const { values } of validRows(outputs, lengths)) {
    values.forEach((value, k) => (sums[k] += areProbabilities ? value : Math.exp(value)));
    rows++;
  }
  return sums.map((sum) => sum / rows);
}

// ── The loss ────────────────────────────────────────────────────────────────────────────────────────────────────

const LOSS_TOLERANCE = 2e-3; // of the value: single precision over a thousand steps

/** With which blank the loss comes out as the framework's own did. */
function mismatchByLoss(evidence: Known): Finding | undefined {
  const { loss, blank, outputs } = evidence;
  if (loss === undefined || !Number.isFinite(loss)) return undefined;
  const fits = (index: number) =>
    lossesWith(evidence, index).some((value) => Math.abs(value - loss) <= LOSS_TOLERANCE * Math.abs(loss));
  if (fits(blank)) return undefined;
  const others = Array.from({ length: outputs.V }, (_, index) => index).filter(
    (index) => index !== blank && fits(index),
  );
  if (others.length !== 1) return undefined;
  return mismatch(
    `The loss was computed with another blank than ${blank}, the one told.`,
    `the value ${loss.toPrecision(6)} is that of blank ${others[0]}`,
  );
}

/** Summed, averaged, and averaged by label as PyTorch does. Empty where there is no loss at all. */
function lossesWith({ outputs, lengths, ...rest }: Known, blank: number): number[] {
  const labels = labelsOf(rest);
  if (!labels || !lengths) return [];
  try {
    const { losses } = ctcLoss({ logits: outputs.data, steps: lengths, labels, symbols: outputs.V, blank });
    const sum = losses.reduce((total, value) => total + value, 0);
    const byLabel = losses.reduce((total, value, b) => total + value / Math.max(1, labels[b].length), 0);
    return [sum, sum / losses.length, byLabel / losses.length];
  } catch {
    return []; // lengths or labels are impossible: other checks find that
  }
}

function mismatch(diagnosis: string, evidence: string): Finding {
  return finding({
    code: "BLANK_MISMATCH",
    severity: "wrong",
    diagnosis,
    evidence: [evidence],
    remedy:
      "Give the loss, the alphabet and the decoder one index for the blank: PyTorch's default is 0, TensorFlow's and Earshot's the last.",
  });
}
