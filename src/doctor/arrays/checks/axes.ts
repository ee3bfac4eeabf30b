// Do the outputs have the axes that CTC needs: a distribution for each step of each utterance?

import { check, finding, type Check, type Finding, type Verdict } from "../../finding.ts";
import type { BatchEvidence, Outputs } from "../evidence/batch-evidence.ts";
import { labelsOf, row, validSteps } from "./rows.ts";

export const axisCount: Check<BatchEvidence> = check({
  name: "outputs have a time, a batch and a symbol axis",
  finds: { NO_TIME_AXIS: ["network", 10], TOO_MANY_AXES: ["network", 20] },
  needs: ["shape"],
  run: ({ shape, outputs, lengths, ...rest }): Verdict => {
    if (shape.length < 3) return [noTimeAxis(`the shape is [${shape.join(", ")}], where [T, B, V] was due`)];
    if (shape.length > 3 || !outputs) return [tooManyAxes(shape)];
    const longest = Math.max(0, ...(labelsOf({ ...rest })?.map(({ length }) => length) ?? []));
    if (outputs.T === 1 && longest > 1) {
      return [noTimeAxis(`one step for each utterance, where up to ${longest} symbols are to be spelled`)];
    }
    const repeated = repeatedOverTime(outputs, lengths);
    return repeated ? [noTimeAxis(repeated)] : "healthy";
  },
});

function noTimeAxis(evidence: string): Finding {
  return finding({
    code: "NO_TIME_AXIS",
    severity: "wrong",
    diagnosis:
      "The network gives one output for an utterance instead of one for each step of time, so CTC has nothing to align.",
    evidence: [evidence],
    remedy:
      "Keep the time axis to the end: take the recurrence's output at all steps, not its last state, and apply the output layer to each.",
  });
}

function tooManyAxes(shape: readonly number[]): Finding {
  return finding({
    code: "TOO_MANY_AXES",
    severity: "wrong",
    diagnosis: "The outputs have more axes than time, batch and symbols.",
    evidence: [`the shape is [${shape.join(", ")}]`],
    remedy:
      "Merge channels and frequencies into one axis before the output layer, and drop axes of size one.",
  });
}

/** The same row at every step of an utterance, another one in another utterance: a last state, repeated. */
function repeatedOverTime(outputs: Outputs, lengths?: readonly number[]): string | undefined {
  if (outputs.B < 2 || outputs.T < 2) return undefined;
  const first = Array.from({ length: outputs.B }, (_, b) => row(outputs, 0, b));
  const repeats = first.every((values, b) => {
    const steps = validSteps(outputs, lengths, b);
    return Array.from({ length: steps }, (_, t) => row(outputs, t, b)).every((other) => same(values, other));
  });
  if (!repeats || first.every((values) => same(values, first[0]))) return undefined;
  return "each utterance has the same outputs at all of its steps, but utterances differ from one another";
}

const EQUAL = 1e-6; // nats

const same = (a: Float64Array, b: Float64Array): boolean =>
  a.every((value, k) => value === b[k] || Math.abs(value - b[k]) < EQUAL);

export const axisOrder: Check<BatchEvidence> = check({
  name: "time comes first, then the batch, as the loss expects",
  finds: { TIME_AND_BATCH_SWAPPED: ["network", 30], BATCH_SIZES_DIFFER: ["network", 40] },
  needs: ["shape", "outputs", "swapped"],
  run: ({ shape, layout = "TBV", swapped, ...rest }): Verdict => {
    if (!swapped) return batchSizes(rest);
    const [first, second] = shape;
    const utterances = layout === "TBV" ? first : second;
    return [
      finding({
        code: "TIME_AND_BATCH_SWAPPED",
        severity: "wrong",
        diagnosis:
          "The time axis stands where the loss expects the utterances: it aligns across the batch instead of along time.",
        evidence: [
          `the shape is [${shape.join(", ")}] read as ${layout}, but there are ${utterances} lengths and transcripts`,
        ],
        remedy:
          layout === "TBV"
            ? "Turn it with transpose(0, 1) before the loss, not with view or reshape; if your loss takes [B, T, V], tell the doctor so: layout BTV."
            : "Turn it so that the batch comes first; if your loss takes [T, B, V], tell the doctor so: layout TBV.",
      }),
    ];
  },
});

function batchSizes({ outputs, lengths, targetLengths, targets }: Partial<BatchEvidence>): Verdict {
  const counts = [
    ["outputs", outputs?.B],
    ["input_lengths", lengths?.length],
    ["target_lengths", targetLengths?.length],
    ["targets", targets?.rows?.length],
  ].filter((entry): entry is [string, number] => entry[1] !== undefined);
  if (new Set(counts.map(([, count]) => count)).size <= 1) return "healthy";
  return [
    finding({
      code: "BATCH_SIZES_DIFFER",
      severity: "wrong",
      diagnosis: "Outputs, lengths and transcripts are those of batches of different sizes.",
      evidence: [counts.map(([name, count]) => `${name}: ${count} utterances`).join(", ")],
      remedy: "Give the loss one length and one transcript for each utterance of the outputs.",
    }),
  ];
}
