// Are the numbers what the loss takes? Probabilities over the symbols in the right form, of an output layer that nothing
// has cut, and not the same whatever the input is.

import { check, finding, type Check, type Finding, type Verdict } from "../../finding.ts";
import type { BatchEvidence, Outputs, Takes } from "../evidence/batch-evidence.ts";
import { roughPercent } from "../../brief.ts";
import {
  countUnitRows,
  firstOddRow,
  isSoftmaxTwice,
  normalizationOf,
  rowSum,
  type Axis,
  type Form,
  type Normalization,
} from "./normalization.ts";
import { place, validRows } from "./rows.ts";

export const finiteOutputs: Check<BatchEvidence> = check({
  name: "all outputs are finite numbers",
  finds: { OUTPUT_NOT_FINITE: ["network", 110], LOG_OF_ZERO: ["network", 280] },
  needs: ["outputs"],
  run: ({ outputs, lengths }): Verdict => {
    const odd: Record<"broken" | "zero", string[]> = { broken: [], zero: [] };
    for (const { values, ...at } of validRows(outputs, lengths)) {
      if (values.some((value) => Number.isNaN(value) || value === Infinity)) odd.broken.push(place(at));
      else if (values.includes(-Infinity)) odd.zero.push(place(at));
    }
    if (odd.broken.length > 0) return [notFinite(odd.broken)];
    return odd.zero.length > 0 ? [logOfZero(odd.zero)] : "healthy";
  },
});

function notFinite(places: readonly string[]): Finding {
  return finding({
    code: "OUTPUT_NOT_FINITE",
    severity: "wrong",
    diagnosis: "The outputs hold NaN or infinity, so there is no loss and no gradient.",
    evidence: [`first at ${places[0]}; ${places.length} steps in all`],
    remedy:
      "Look for NaN in the features first; then lower the learning rate and cap the gradient norm, and begin again from weights that are finite.",
  });
}

function logOfZero(places: readonly string[]): Finding {
  return finding({
    code: "LOG_OF_ZERO",
    severity: "wrong",
    diagnosis: "Some log-probabilities are −∞: the logarithm was taken of a probability that had become 0.",
    evidence: [`first at ${places[0]}; ${places.length} steps in all`],
    remedy: "Compute both in one function (log_softmax), which cannot underflow, instead of log(softmax(x)).",
  });
}

// ── Normalization ───────────────────────────────────────────────────────────────────────────────────────────────

export const normalizedOutputs: Check<BatchEvidence> = check({
  name: "each step's outputs are what the loss takes, over the symbols",
  finds: {
    SOFTMAX_OVER_WRONG_AXIS: ["network", 120],
    PROBABILITIES_NOT_LOGS: ["network", 230],
    LOGS_NOT_PROBABILITIES: ["network", 240],
    LOGITS_NOT_NORMALIZED: ["network", 250],
    ROWS_NOT_NORMALIZED: ["network", 260],
    SOFTMAX_TWICE: ["network", 270],
  },
  needs: ["outputs"],
  run: ({ outputs, lengths, takes = "log_probs" }): Verdict => {
    if (outputs.data.some(Number.isNaN)) return { cannotTell: "outputs without NaN" };
    const found = normalizationOf(outputs, lengths);
    if (!found) return takes === "logits" ? "healthy" : [notNormalized(outputs, lengths, takes)];
    if (found.axes.join() !== "V") return [wrongAxis(outputs, found)];
    return formFits(found.form, takes, outputs, lengths);
  },
});

function formFits(form: Form, takes: Takes, outputs: Outputs, lengths?: readonly number[]): Verdict {
  if (form === "probabilities" && takes === "log_probs") return [probabilitiesNotLogs(outputs)];
  if (form === "probabilities" && takes === "logits") {
    return [
      softmaxTwice(
        "the outputs are probabilities already, and the loss takes logits: it applies a softmax itself",
      ),
    ];
  }
  if (form === "log-probabilities" && takes === "probs") return [logsNotProbabilities(outputs)];
  const logs = form === "probabilities" ? { ...outputs, data: outputs.data.map(Math.log) } : outputs;
  if (!isSoftmaxTwice(logs, lengths)) return "healthy";
  const { V } = outputs;
  const most = Math.E / (Math.E + V - 1);
  return [
    softmaxTwice(
      `undoing one softmax leaves probabilities at every step; the surest symbol of all ${V} can only reach ${most.toFixed(3)}`,
    ),
  ];
}

const AXIS_WORDS: Readonly<Record<Axis, string>> = { T: "time", B: "the batch", V: "the symbols" };

function wrongAxis(outputs: Outputs, { axes, form }: Normalization): Finding {
  const over = axes.map((axis) => AXIS_WORDS[axis]).join(" and ");
  const sums = [...validRows(outputs)].slice(0, 3).map(({ values }) => rowSum(values, form).toPrecision(3));
  return finding({
    code: "SOFTMAX_OVER_WRONG_AXIS",
    severity: "wrong",
    diagnosis: `The softmax runs over ${over} instead of the symbols of each step.`,
    evidence: [
      `as ${form}, the outputs sum to 1 over ${over} everywhere`,
      `over the symbols they sum to ${sums.join(", ")} …`,
    ],
    remedy: "Take the softmax over the last axis, that of the symbols: log_softmax(x, dim=-1).",
  });
}

function probabilitiesNotLogs(outputs: Outputs): Finding {
  const largest = outputs.data.reduce((most, value) => Math.max(most, value), 0);
  return finding({
    code: "PROBABILITIES_NOT_LOGS",
    severity: "wrong",
    diagnosis: "The loss takes logarithms of probabilities, but gets the probabilities themselves.",
    evidence: [`all outputs lie in 0 to ${largest.toPrecision(3)}, and each step's sum to 1`],
    remedy:
      "Use log_softmax instead of softmax before the loss; for a loss that takes probabilities (Keras), tell the doctor: takes probs.",
  });
}

function logsNotProbabilities(outputs: Outputs): Finding {
  const lowest = outputs.data.reduce((least, value) => Math.min(least, value), 0);
  return finding({
    code: "LOGS_NOT_PROBABILITIES",
    severity: "wrong",
    diagnosis: "The loss takes probabilities, but gets their logarithms.",
    evidence: [`the outputs go down to ${lowest.toPrecision(3)}`],
    remedy: "Use softmax instead of log_softmax before this loss.",
  });
}

function softmaxTwice(evidence: string): Finding {
  return finding({
    code: "SOFTMAX_TWICE",
    severity: "wrong",
    diagnosis:
      "A softmax is applied to what is a softmax already: no symbol can become sure, and the loss stays high.",
    evidence: [evidence],
    remedy: "Remove one of the two: give the loss log_softmax of the last layer's raw outputs.",
  });
}

function notNormalized(outputs: Outputs, lengths: readonly number[] | undefined, takes: Takes): Finding {
  const form: Form = takes === "probs" ? "probabilities" : "log-probabilities";
  const rows = [...validRows(outputs, lengths)].length;
  const fine = countUnitRows(outputs, form, lengths);
  const odd = firstOddRow(outputs, form, lengths)!;
  const sum = `the probabilities sum to ${rowSum(odd.values, form).toPrecision(3)} at ${place(odd)}`;
  if (fine > rows / 2) {
    return finding({
      code: "ROWS_NOT_NORMALIZED",
      severity: "wrong",
      diagnosis: "Some steps within the lengths are no probabilities over the symbols, while most are.",
      evidence: [`${rows - fine} of ${rows} steps (${roughPercent(1 - fine / rows)}); ${sum}`],
      remedy:
        "See what fills these steps: padding that the lengths should leave out, or a tensor that was changed in place after the softmax.",
    });
  }
  return finding({
    code: "LOGITS_NOT_NORMALIZED",
    severity: "wrong",
    diagnosis: `The loss takes ${form}, but the outputs are no probabilities over any axis: raw outputs of a layer.`,
    evidence: [sum],
    remedy:
      "Apply log_softmax over the symbols before the loss; for a loss that takes logits (TensorFlow's), tell the doctor: takes logits.",
  });
}
