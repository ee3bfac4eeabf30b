// Shows a reference above its hypothesis, word under word, with the errors marked below: S substituted, I inserted,
// D deleted, in the manner of NIST's sclite. For people to read; knows nothing of terminals or colors.

import { alignSequences, type AlignmentOperation } from "./alignment.ts";
import { splitCharacters } from "./characters.ts";
import { splitWords } from "./error-rates.ts";

const MARKS = { match: "", substitution: "S", insertion: "I", deletion: "D" } as const;

/** @param width columns after which the words go on in a further block. */
export function formatAlignment(reference: string, hypothesis: string, width = 100): string {
  const { operations } = alignSequences(splitWords(reference), splitWords(hypothesis));
  const blocks: string[][][] = [[]];
  let used = "ref  ".length;
  for (const column of operations.map(formatColumn)) {
    const columnWidth = splitCharacters(column[0]).length + 1;
    if (used + columnWidth > width + 1 && blocks.at(-1)!.length > 0) {
      blocks.push([]);
      used = "ref  ".length;
    }
    blocks.at(-1)!.push(column);
    used += columnWidth;
  }
  return blocks.map(formatBlock).join("\n\n");
}

/** One word pair as three cells of equal width: reference, hypothesis, mark. */
function formatColumn({ kind, reference = "", hypothesis = "" }: AlignmentOperation<string>): string[] {
  const size = Math.max(splitCharacters(reference).length, splitCharacters(hypothesis).length);
  const pad = (cell: string) => cell + " ".repeat(size - splitCharacters(cell).length);
  return [reference || "*".repeat(size), hypothesis || "*".repeat(size), MARKS[kind]].map(pad);
}

function formatBlock(columns: readonly string[][]): string {
  const lines = ["ref  ", "hyp  ", "     "].map((label, row) =>
    (label + columns.map((column) => column[row]).join(" ")).trimEnd(),
  );
  return lines.filter((line) => line !== "").join("\n");
}
