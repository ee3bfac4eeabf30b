// Every fault that Earshot reports: one stable code, where it happened, what is wrong, and the way out.
// The same code appears in the library, in `--json` output and in docs/errors.md (a test keeps that list true).

export interface Fault {
  /** Stable, in SCREAMING_SNAKE_CASE; callers may switch on it. */
  readonly code: string;
  /** The file, line, tensor or setting concerned, for example `train.csv:412`. */
  readonly where?: string;
  /** What was expected and what came, as a sentence. */
  readonly problem: string;
  /** What to do next, as a sentence. */
  readonly remedy: string;
}

export class EarshotError extends Error implements Fault {
  readonly code: string;
  readonly where?: string;
  readonly problem: string;
  readonly remedy: string;

  constructor(fault: Fault, options?: { cause?: unknown }) {
    super(`${fault.where === undefined ? "" : `${fault.where}: `}${fault.problem} ${fault.remedy}`, options);
    this.name = "EarshotError";
    this.code = fault.code;
    this.where = fault.where;
    this.problem = fault.problem;
    this.remedy = fault.remedy;
  }

  /** Its parts as plain data, which can cross to another thread. */
  get fault(): Fault {
    const { code, where, problem, remedy } = this;
    return { code, where, problem, remedy };
  }

  /** The same error told with some parts changed, such as another place; this one becomes its cause. */
  with(changes: Partial<Fault>): EarshotError {
    return new EarshotError({ ...this.fault, ...changes }, { cause: this });
  }

  /** The shape of an error in `--json` output. */
  toJSON(): { code: string; message: string; remedy: string } {
    const place = this.where === undefined ? "" : `${this.where}: `;
    return { code: this.code, message: place + this.problem, remedy: this.remedy };
  }
}

/** A page may be offline, its files replaced, or its policy in the way. @param where the part, as far as it is known */
export function partNotLoaded(where?: string, options?: { cause?: unknown }): EarshotError {
  const problem = "A part of the program could not be loaded.";
  const remedy =
    "Try again, or load the page again; its policy needs this origin in script-src and worker-src.";
  return new EarshotError({ code: "PART_NOT_LOADED", where, problem, remedy }, options);
}

/** Something worth telling that did not stop the work, such as a recording whose end is missing. */
export interface Warning {
  readonly code: string;
  readonly message: string;
}

/**
 * The candidate nearest to a mistyped name, or undefined when none is near: a third of its letters may differ, two of
 * a short one, but never more than half.
 */
export function nearestName(name: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance);
  const near = ranked.find(({ candidate: { length }, distance }) => {
    return distance <= Math.min(Math.max(2, Math.floor(length / 3)), Math.floor(length / 2));
  });
  return near?.candidate;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[b.length];
}
