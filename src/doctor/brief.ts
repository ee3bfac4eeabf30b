// How evidence is put into words: a few places and how many more, shares, counts. And from which share on a fault of
// rows is a fault of the corpus.

import type { Severity } from "./finding.ts";

export { count } from "../figures.ts";

const LISTED = 5;

/** The first few lines, and how many more there are. */
export function firstFew(lines: readonly string[], listed = LISTED): string[] {
  const more = lines.length - listed;
  return more > 0 ? [...lines.slice(0, listed), `and ${more} more`] : [...lines];
}

/** "12 of 340 (3.5 %)". */
export function outOf(part: number, whole: number): string {
  return `${part} of ${whole} (${roughPercent(part / whole)})`;
}

/** Two digits: an estimate is no more exact. */
export function roughPercent(share: number): string {
  return `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)} %`;
}

export function quoted(text: string): string {
  return text.length > 40 ? `"${text.slice(0, 39)}…"` : `"${text}"`;
}

/** From one row in ten on, the rows are not slips: something made them so. */
export const SYSTEMATIC_SHARE = 0.1;

export function severityOfShare(part: number, whole: number): Severity {
  return part >= SYSTEMATIC_SHARE * whole ? "wrong" : "warning";
}
