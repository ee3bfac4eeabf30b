// A reference and a hypothesis as markup, with what is only in one of them marked.

import { alignSequences } from "../../text/index.ts";
import { wordsOf } from "../confusions.ts";
import { markup, type Markup } from "../markup.ts";

export function markedTexts(
  reference: string,
  hypothesis: string,
): { reference: Markup; hypothesis: Markup } {
  const { operations } = alignSequences(wordsOf(reference), wordsOf(hypothesis));
  const left = operations.flatMap(({ kind, reference: word }) =>
    word === undefined ? [] : [kind === "match" ? markup`${word} ` : markup`<del>${word}</del> `],
  );
  const right = operations.flatMap(({ kind, hypothesis: word }) =>
    word === undefined ? [] : [kind === "match" ? markup`${word} ` : markup`<ins>${word}</ins> `],
  );
  const nothing = markup`<i>nothing</i>`;
  return {
    reference: left.length > 0 ? markup`${left}` : nothing,
    hypothesis: right.length > 0 ? markup`${right}` : nothing,
  };
}

/** The hypothesis alone, with what it lacks where that was said. */
export function markedHypothesis(reference: string, hypothesis: string): Markup {
  const { operations } = alignSequences(wordsOf(reference), wordsOf(hypothesis));
  if (operations.length === 0) return markup`<i>nothing</i>`;
  return markup`${operations.map(({ kind, reference: said, hypothesis: heard }) => {
    if (kind === "match") return markup`${heard} `;
    return heard === undefined ? markup`<del>${said}</del> ` : markup`<ins>${heard}</ins> `;
  })}`;
}
