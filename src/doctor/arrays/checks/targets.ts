// Are the labels those of the transcripts? Counted rightly, padded behind their ends, within the network's symbols, and
// short enough for the steps.

import { check, finding, type Check, type Finding, type Verdict } from "../../finding.ts";
import type { BatchEvidence } from "../evidence/batch-evidence.ts";
import { minimumSteps } from "../../../ctc/index.ts";
import { firstFew } from "../../brief.ts";
import { countedPadding } from "./padding-of-labels.ts";
import { labelsOf } from "./rows.ts";

type Counted = BatchEvidence & Required<Pick<BatchEvidence, "targets" | "targetLengths">>;

export const targetLengths: Check<BatchEvidence> = check({
  name: "target lengths count the labels",
  finds: {
    TARGET_LENGTHS_COUNT_NONZERO: ["labels", 120],
    TARGET_LENGTHS_WRONG: ["labels", 130],
    EMPTY_TARGETS: ["labels", 140],
  },
  needs: ["targets", "targetLengths"],
  run: (evidence): Verdict => {
    const found = allEmpty(evidence) ?? countsNonzero(evidence) ?? wrongLengths(evidence) ?? empty(evidence);
    return found ? [found] : "healthy";
  },
});

function countsNonzero({ targets, targetLengths, blank }: Counted): Finding | undefined {
  if (blank === 0) return undefined; // then no label may be 0 at all
  const { rows, joined } = targets;
  const nonzero = (ids: Int32Array): number => ids.reduce((count, id) => count + Number(id > 0), 0);
  const total = targetLengths.reduce((sum, length) => sum + length, 0);
  const isCounted = rows
    ? rows.every((ids, b) => nonzero(ids) === targetLengths[b]) &&
      rows.some((ids, b) => ids.slice(0, lastNonzero(ids) + 1).length > targetLengths[b])
    : total === nonzero(joined!) && total < joined!.length;
  if (!isCounted) return undefined;
  return finding({
    code: "TARGET_LENGTHS_COUNT_NONZERO",
    severity: "wrong",
    diagnosis:
      "The target lengths count the indices other than 0, but 0 stands inside transcripts: it is a symbol, and the ends of transcripts are cut off.",
    evidence: rows
      ? firstFew(
          rows.flatMap((ids, b) =>
            lastNonzero(ids) + 1 > targetLengths[b]
              ? [`utterance ${b}: ${targetLengths[b]} labels counted, at least ${lastNonzero(ids) + 1} there`]
              : [],
          ),
        )
      : [`${total} labels counted of ${joined!.length}, of which ${joined!.length - total} are 0`],
    remedy:
      "Count each transcript's characters before padding, or pad with an index that is no symbol, such as −1.",
  });
}

const lastNonzero = (ids: Int32Array): number => ids.findLastIndex((id) => id > 0);

/** What is left behind the counted labels should be padding: one index, the same for all. */
function wrongLengths({ targets, targetLengths }: Counted): Finding | undefined {
  const { rows, joined } = targets;
  const total = targetLengths.reduce((sum, length) => sum + length, 0);
  if (joined) {
    return total === joined.length
      ? undefined
      : lengthsWrong([`they sum to ${total}, but there are ${joined.length} labels`]);
  }
  const width = rows![0]?.length ?? 0;
  const beyond = targetLengths.flatMap((length, b) =>
    length < 0 || length > width || !Number.isInteger(length)
      ? [`utterance ${b}: ${length} of ${width}`]
      : [],
  );
  if (beyond.length > 0) return lengthsWrong(beyond);
  const left = rows!.map((ids, b) => ids.slice(targetLengths[b]));
  const pad = left.reduce((a, b) => (b.length > a.length ? b : a)).at(-1);
  const cut = left.flatMap((ids, b) =>
    ids.some((id) => id !== pad)
      ? [`utterance ${b}: ${targetLengths[b]} labels counted, then come ${ids.slice(0, 4).join(", ")} …`]
      : [],
  );
  return cut.length > 0 ? lengthsWrong(cut) : undefined;
}

function lengthsWrong(evidence: readonly string[]): Finding {
  return finding({
    code: "TARGET_LENGTHS_WRONG",
    severity: "wrong",
    diagnosis: "The target lengths do not fit the labels: transcripts are cut off or run into one another.",
    evidence: firstFew(evidence),
    remedy: "Count each transcript's labels before padding or joining them.",
  });
}

const allEmpty = (evidence: Counted): Finding | undefined =>
  evidence.targetLengths.every((length) => length === 0) ? empty(evidence) : undefined;

function empty({ targetLengths }: Counted): Finding | undefined {
  const without = targetLengths.filter((length) => length === 0).length;
  if (without === 0) return undefined;
  return finding({
    code: "EMPTY_TARGETS",
    severity: without === targetLengths.length ? "wrong" : "warning",
    diagnosis: "Transcripts without a label teach that their recordings are silent.",
    evidence: [`${without} of ${targetLengths.length} utterances`],
    remedy:
      "Leave these out, or look why their transcripts became empty (letters of the wrong case, perhaps).",
  });
}

// ── The labels themselves ───────────────────────────────────────────────────────────────────────────────────────

export const paddedLabels: Check<BatchEvidence> = check({
  name: "padding is not counted among the labels",
  finds: { LABELS_PADDED_WITH_SYMBOL: ["labels", 80], LABELS_PADDED_WITH_BLANK: ["labels", 70] },
  needs: ["targets", "targetLengths"],
  run: (evidence): Verdict => {
    const padding = countedPadding(evidence);
    if (!padding) return "healthy";
    const { blank, symbols, targetLengths } = evidence;
    const isBlank = padding.index === blank;
    const name = symbols?.[padding.index] === undefined ? "" : ` (“${symbols[padding.index]}”)`;
    return [
      finding({
        code: isBlank ? "LABELS_PADDED_WITH_BLANK" : "LABELS_PADDED_WITH_SYMBOL",
        severity: "wrong",
        diagnosis: `Transcripts are padded with ${isBlank ? "the blank" : `index ${padding.index}${name}`}, and the padding is counted as labels: the network is taught to spell it.`,
        evidence: firstFew(
          padding.counts.flatMap((count, b) =>
            count > 0
              ? [`utterance ${b}: the last ${count} of ${targetLengths[b]} labels are ${padding.index}`]
              : [],
          ),
        ),
        remedy: "Give the loss each transcript's own length as its target length, before padding.",
      }),
    ];
  },
});

export const labelRange: Check<BatchEvidence> = check({
  name: "labels are symbols of the network",
  finds: { LABEL_OUT_OF_RANGE: ["labels", 110] },
  needs: ["outputs", "targets", "targetLengths"],
  run: ({ outputs, ...rest }): Verdict => {
    const odd = (labelsOf(rest) ?? []).flatMap((labels, b) =>
      [...labels].filter((id) => id < 0 || id >= outputs.V).map((id) => `utterance ${b}: ${id}`),
    );
    if (odd.length === 0) return "healthy";
    return [
      finding({
        code: "LABEL_OUT_OF_RANGE",
        severity: "wrong",
        diagnosis: `Labels lie outside the ${outputs.V} symbols that the network can spell.`,
        evidence: firstFew(odd),
        remedy:
          "Encode transcripts with the network's own alphabet, whose size with the blank is that of the output layer.",
      }),
    ];
  },
});

export const enoughSteps: Check<BatchEvidence> = check({
  name: "each utterance has steps enough for its labels",
  finds: { TOO_FEW_STEPS: ["network", 100] },
  needs: ["lengths", "targets", "targetLengths"],
  run: ({ lengths, ...rest }): Verdict => {
    const short = (labelsOf(rest) ?? []).flatMap((labels, b) => {
      const needed = minimumSteps(labels);
      return lengths[b] < needed
        ? [
            `utterance ${b}: ${labels.length} labels with ${needed - labels.length} repeats need ${needed} steps, but it has ${lengths[b]}`,
          ]
        : [];
    });
    if (short.length === 0) return "healthy";
    return [
      finding({
        code: "TOO_FEW_STEPS",
        severity: "wrong",
        diagnosis:
          "Utterances have fewer steps than labels and repeats: no alignment exists, the loss is infinite, and its gradient NaN or zero.",
        evidence: firstFew(short),
        remedy:
          "Lower the stride, leave these out, and look whether their recordings are cut or paired with another's text.",
      }),
    ];
  },
});
