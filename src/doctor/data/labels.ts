// Checks on the labels of a batch as a loss gets them: rows of numbers, padded to one width, with a length each. Of any
// framework: nothing but the numbers is known, and the index of the blank.

import { inBrief, outOf } from "../brief.ts";
import { check, finding, type Check, type Finding } from "../finding.ts";

/** The part of a batch that is looked at here. */
export interface LabelEvidence {
  readonly outputs?: { readonly V: number };
  readonly targets?: {
    /** [B][width] */
    readonly rows?: readonly Int32Array[];
    /** Without padding, one after the other. */
    readonly joined?: Int32Array;
  };
  /** [B] */
  readonly targetLengths?: readonly number[];
  readonly blank?: number;
  /** What each index stands for. */
  readonly symbols?: readonly string[];
}

const ROWS_PROBE = "targets as rows padded to one width [B, L], with target_lengths";

interface Labels {
  readonly rows: readonly Int32Array[];
  readonly lengths: readonly number[];
  /** Each row up to its length. */
  readonly inside: readonly Int32Array[];
}

/** The rows with their lengths; labels in one row are cut by the lengths, and have no padding to look at. */
function labelsOf({ targets, targetLengths }: LabelEvidence): Labels | undefined {
  if (targets === undefined || targetLengths === undefined) return undefined;
  let start = 0;
  const cut = (joined: Int32Array) =>
    targetLengths.map((length) => joined.subarray(start, (start += length)));
  const rows = targets.rows ?? (targets.joined === undefined ? undefined : cut(targets.joined));
  if (rows === undefined) return undefined;
  return { rows, lengths: targetLengths, inside: rows.map((row, b) => row.subarray(0, targetLengths[b])) };
}

function labelCheck(
  name: string,
  codes: readonly string[],
  find: (labels: Labels, evidence: LabelEvidence) => Finding | undefined,
  more: readonly ("blank" | "outputs")[] = [],
): Check<LabelEvidence> {
  return check<LabelEvidence, "targets" | "targetLengths" | "blank" | "outputs">({
    name,
    codes,
    needs: ["targets", "targetLengths", ...more],
    run: (evidence) => {
      const labels = labelsOf(evidence);
      if (labels === undefined) return { cannotTell: ROWS_PROBE };
      const found = find(labels, evidence);
      return found === undefined ? "healthy" : [found];
    },
  });
}

const nameOf = (id: number, { symbols, blank }: LabelEvidence): string => {
  if (id === blank) return `${id}, the blank`;
  return symbols?.[id] === undefined ? `${id}` : `${id}, "${symbols[id]}"`;
};

const shown = (row: Int32Array, from: number): string => {
  const start = Math.max(0, from - 4);
  return `${start > 0 ? "… " : ""}${Array.from(row.subarray(start, start + 16)).join(" ")}${start + 16 < row.length ? " …" : ""}`;
};

// ── Lengths ─────────────────────────────────────────────────────────────────────────────────────────────────────

const lengths = labelCheck(
  "target lengths are the number of labels",
  ["TARGET_LENGTHS_WRONG", "TARGET_LENGTH_SKIPS_ID_ZERO"],
  ({ rows, lengths: told }, evidence) => {
    const tooLong = rows.flatMap((row, b) => (told[b] > row.length || told[b] < 0 ? [b] : []));
    if (tooLong.length > 0) {
      return finding({
        code: "TARGET_LENGTHS_WRONG",
        severity: "wrong",
        diagnosis: "Target lengths are larger than the rows of labels.",
        evidence: inBrief(tooLong.map((b) => `utterance ${b}: length ${told[b]}, row of ${rows[b].length}`)),
        remedy: "Give for each utterance the number of its own labels, before padding.",
      });
    }
    const padding = paddingOf(rows, told);
    const tooShort = rows.flatMap((row, b) => (lastOther(row, padding) >= told[b] ? [b] : []));
    if (tooShort.length === 0) return undefined;
    return countsNonZero(rows, told)
      ? skipsZero(rows, told, tooShort, evidence)
      : cutLabels(rows, told, tooShort);
  },
);

/** What fills the rows behind their lengths: the value that ends the rows most often. */
function paddingOf(rows: readonly Int32Array[], told: readonly number[]): number | undefined {
  const times = new Map<number, number>();
  rows.forEach((row, b) => {
    if (told[b] < row.length) times.set(row.at(-1)!, (times.get(row.at(-1)!) ?? 0) + 1);
  });
  return [...times].toSorted(([, a], [, b]) => b - a)[0]?.[0];
}

/** The last place that holds something else than padding. */
const lastOther = (row: Int32Array, padding: number | undefined): number =>
  padding === undefined ? -1 : row.findLastIndex((id) => id !== padding);

function countsNonZero(rows: readonly Int32Array[], told: readonly number[]): boolean {
  return rows.every((row, b) => row.filter((id) => id !== 0).length === told[b]);
}

function skipsZero(
  rows: readonly Int32Array[],
  told: readonly number[],
  tooShort: readonly number[],
  evidence: LabelEvidence,
): Finding {
  return finding({
    code: "TARGET_LENGTH_SKIPS_ID_ZERO",
    severity: "wrong",
    diagnosis: `Target lengths count the labels that are not 0, but 0 is a label too (${nameOf(0, evidence)}): the ends of the texts are cut off.`,
    evidence: [
      `${outOf(tooShort.length, rows.length)} rows go on behind their length`,
      ...inBrief(tooShort.map((b) => `utterance ${b}: length ${told[b]}, labels ${shown(rows[b], told[b])}`)),
    ],
    remedy: "Take the length of each text before it is padded; never count what is not zero.",
  });
}

function cutLabels(
  rows: readonly Int32Array[],
  told: readonly number[],
  tooShort: readonly number[],
): Finding {
  return finding({
    code: "TARGET_LENGTHS_WRONG",
    severity: "wrong",
    diagnosis: "Target lengths end before the labels do: the ends of the texts are never learned.",
    evidence: [
      `${outOf(tooShort.length, rows.length)} rows go on behind their length`,
      ...inBrief(tooShort.map((b) => `utterance ${b}: length ${told[b]}, labels ${shown(rows[b], told[b])}`)),
    ],
    remedy: "Give for each utterance the number of its own labels, before padding.",
  });
}

// ── What stands inside ──────────────────────────────────────────────────────────────────────────────────────────

const LEAST_RUN = 2;

const padding = labelCheck(
  "no padding is among the labels",
  ["LABELS_PADDED_WITH_BLANK", "LABELS_PADDED_WITH_SYMBOL"],
  ({ inside }, evidence) => {
    const runs = inside.map(finalRun);
    const ids = [...new Set(runs.filter(({ length }) => length >= LEAST_RUN).map(({ id }) => id))];
    const rowsOf = (id: number): number =>
      runs.filter((run) => run.id === id && run.length >= LEAST_RUN).length;
    const id = ids.toSorted((a, b) => rowsOf(b) - rowsOf(a))[0];
    // Texts may end with two of a letter, but not half of them with two of the same.
    const least = inside.length === 1 ? 2 * LEAST_RUN : LEAST_RUN;
    if (
      id === undefined ||
      2 * rowsOf(id) < inside.length ||
      Math.max(...runs.map(({ length }) => length)) < least
    ) {
      return undefined;
    }
    const isBlank = id === evidence.blank;
    return finding({
      code: isBlank ? "LABELS_PADDED_WITH_BLANK" : "LABELS_PADDED_WITH_SYMBOL",
      severity: "wrong",
      diagnosis: `The padding (${nameOf(id, evidence)}) counts as labels: the target lengths are those of the padded rows.`,
      evidence: [
        `${outOf(rowsOf(id), inside.length)} rows end, within their length, with several of it`,
        ...inBrief(
          inside.map(
            (row, b) =>
              `utterance ${b}: length ${row.length}, of which the last ${runs[b].length} are ${runs[b].id}`,
          ),
        ),
      ],
      remedy: "Give the loss the number of labels of each utterance without the padding.",
    });
  },
);

function finalRun(row: Int32Array): { id: number; length: number } {
  const id = row.at(-1) ?? -1;
  return { id, length: row.length - 1 - row.findLastIndex((label) => label !== id) };
}

const blankInside = labelCheck(
  "no blank is among the labels",
  ["BLANK_AMONG_LABELS"],
  ({ inside }, { blank }) => {
    const places = inside.map((row) =>
      row.findIndex((id, i) => id === blank && row.subarray(i).some((later) => later !== blank)),
    );
    const rows = places.flatMap((place, b) => (place >= 0 ? [b] : []));
    if (rows.length === 0) return undefined;
    return finding({
      code: "BLANK_AMONG_LABELS",
      severity: "wrong",
      diagnosis:
        "The blank stands among the labels: unknown characters, or spaces, were given its index, and CTC cannot tell it from silence.",
      evidence: [
        `${outOf(rows.length, inside.length)} rows`,
        ...inBrief(rows.map((b) => `utterance ${b}, label ${places[b]}: ${shown(inside[b], places[b])}`)),
      ],
      remedy:
        "Leave unknown characters out or give them a symbol of their own, and keep the blank's index for the loss.",
    });
  },
  ["blank"],
);

const range = labelCheck(
  "every label is a symbol",
  ["LABELS_OUT_OF_RANGE"],
  ({ inside }, { outputs }) => {
    const symbols = outputs!.V;
    const places = inside.map((row) => row.findIndex((id) => id < 0 || id >= symbols));
    const rows = places.flatMap((place, b) => (place >= 0 ? [b] : []));
    if (rows.length === 0) return undefined;
    return finding({
      code: "LABELS_OUT_OF_RANGE",
      severity: "wrong",
      diagnosis: `Labels lie outside 0 to ${symbols - 1}, the symbols of the network.`,
      evidence: inBrief(
        rows.map((b) => `utterance ${b}, label ${places[b]}: ${shown(inside[b], places[b])}`),
      ),
      remedy:
        "Use one alphabet for the labels and for the size of the last layer, and keep padding out of the lengths.",
    });
  },
  ["outputs"],
);

const emptyTargets = labelCheck("every utterance has labels", ["EMPTY_TARGETS"], ({ inside }) => {
  const rows = inside.flatMap((row, b) => (row.length === 0 ? [b] : []));
  if (rows.length === 0) return undefined;
  return finding({
    code: "EMPTY_TARGETS",
    severity: "warning",
    diagnosis: "Utterances without labels teach the network to answer speech with blanks.",
    evidence: [
      `${outOf(rows.length, inside.length)} rows have target length 0: ${inBrief(rows.map(String)).join(", ")}`,
    ],
    remedy: "Leave them out, unless nothing is said in them.",
  });
});

export const labelChecks: readonly Check<LabelEvidence>[] = [
  range,
  lengths,
  padding,
  blankInside,
  emptyTargets,
];
