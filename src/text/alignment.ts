// How one sequence becomes another with the fewest insertions, deletions and substitutions (Levenshtein 1966), and
// which. Long sequences are halved until their table is small (Hirschberg 1975): linear memory for twice the time.
// Knows nothing of words or characters: the caller splits.

export interface AlignmentOperation<T> {
  readonly kind: "match" | "substitution" | "insertion" | "deletion";
  /** Absent for an insertion. */
  readonly reference?: T;
  /** Absent for a deletion. */
  readonly hypothesis?: T;
}

export interface SequenceAlignment<T> {
  readonly operations: AlignmentOperation<T>[];
  /** Insertions, deletions and substitutions together. */
  readonly errors: number;
}

/** Largest table of steps held at once, in cells of one byte. */
const LARGEST_TABLE = 2 ** 22;

/** A trifle above 1, so that of alignments with equally few errors the one with the most matches is the cheapest. */
const SUBSTITUTION_COST = 1 + 2 ** -24; // exact in float64: up to 2^24 of them, their trifles stay below one error

const DIAGONAL = 0; // match or substitution
const DELETION = 1;
const INSERTION = 2;

/** An alignment with the fewest errors, and of those one with the most matches. */
export function alignSequences<T>(reference: readonly T[], hypothesis: readonly T[]): SequenceAlignment<T> {
  const [from, to] = numberElements(reference, hypothesis);
  const operations: AlignmentOperation<T>[] = [];
  let errors = 0;
  let i = 0;
  let j = 0;
  for (const step of trace(from, to)) {
    if (step === DELETION) operations.push({ kind: "deletion", reference: reference[i++] });
    else if (step === INSERTION) operations.push({ kind: "insertion", hypothesis: hypothesis[j++] });
    else {
      const kind = from[i] === to[j] ? "match" : "substitution";
      operations.push({ kind, reference: reference[i++], hypothesis: hypothesis[j++] });
    }
    if (operations.at(-1)!.kind !== "match") errors++;
  }
  return { operations, errors };
}

/** The errors of an alignment with the fewest, without the alignment: one row of memory. */
export function countErrors<T>(reference: readonly T[], hypothesis: readonly T[]): number {
  const [from, to] = numberElements(reference, hypothesis);
  return Math.floor(distances(from, to)[to.length]);
}

/** Gives equal elements equal numbers, which compare fast. */
function numberElements<T>(...sequences: (readonly T[])[]): Int32Array[] {
  const numbers = new Map<T, number>();
  const numberOf = (element: T) => {
    const known = numbers.get(element) ?? numbers.size;
    numbers.set(element, known);
    return known;
  };
  return sequences.map((sequence) => Int32Array.from(sequence.map(numberOf)));
}

/**
 * The cost from the whole of `from` to every prefix of `to`; [to.length + 1]. Fills `table`, when one is given, with the
 * last step of the cheapest way to each pair of prefixes; [from.length + 1, to.length + 1].
 */
function distances(from: Int32Array, to: Int32Array, table?: Uint8Array): Float64Array {
  const width = to.length + 1;
  const row = Float64Array.from({ length: width }, (_, j) => j);
  table?.fill(INSERTION, 1, width);
  for (let i = 1; i <= from.length; i++) {
    let diagonal = row[0];
    row[0] = i;
    if (table) table[i * width] = DELETION;
    for (let j = 1; j < width; j++) {
      const substitution = diagonal + (from[i - 1] === to[j - 1] ? 0 : SUBSTITUTION_COST);
      const deletion = row[j] + 1;
      const insertion = row[j - 1] + 1;
      const cost = Math.min(substitution, deletion, insertion);
      if (table)
        table[i * width + j] = cost === deletion ? DELETION : cost === insertion ? INSERTION : DIAGONAL;
      diagonal = row[j];
      row[j] = cost;
    }
  }
  return row;
}

function trace(from: Int32Array, to: Int32Array): number[] {
  if (from.length < 2 || from.length * to.length <= LARGEST_TABLE) return traceTable(from, to);
  const middle = from.length >> 1;
  const before = distances(from.subarray(0, middle), to);
  const after = distances(from.subarray(middle).toReversed(), to.toReversed());
  let split = 0;
  for (let j = 1; j <= to.length; j++) {
    if (before[j] + after[to.length - j] < before[split] + after[to.length - split]) split = j;
  }
  const first = trace(from.subarray(0, middle), to.subarray(0, split));
  return first.concat(trace(from.subarray(middle), to.subarray(split)));
}

/** The steps from start to end, by the full table of steps. */
function traceTable(from: Int32Array, to: Int32Array): number[] {
  const width = to.length + 1;
  const table = new Uint8Array((from.length + 1) * width);
  distances(from, to, table);
  const steps: number[] = [];
  for (let cell = table.length - 1; cell > 0;) {
    const step = table[cell];
    steps.push(step);
    cell -= step === DIAGONAL ? width + 1 : step === DELETION ? width : 1;
  }
  return steps.toReversed();
}
