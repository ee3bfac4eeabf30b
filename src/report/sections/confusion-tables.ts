// What was decoded in place of what: the letters as a matrix, and the most frequent mistakes of letters and of words.

import { percent } from "../../figures.ts";
import { letterConfusions, wordConfusions, type Confusion, type Confusions } from "../confusions.ts";
import type { DevSplitResults } from "../dev-split.ts";
import { markup, type Markup } from "../markup.ts";

const [MOST_LETTERS, MOST_MISTAKES] = [30, 15];
const [CELL, MARGIN] = [13, 24];
const NOTHING = "∅";

export function confusionSection(evaluation: DevSplitResults | string): Markup {
  const about = markup`<section id="confusions"><h2>Confusions</h2>`;
  if (typeof evaluation === "string") return markup`${about}<p class="note">${evaluation}</p></section>`;
  const { evaluated, rates, utterances } = evaluation;
  const [letters, words] = [letterConfusions(evaluated), wordConfusions(evaluated)];
  return markup`${about}
<p>${evaluated.length === utterances ? `All ${utterances}` : `${evaluated.length} of the ${utterances}`} utterances of dev, heard greedily:
${rates.wordErrors} errors in ${rates.words} words (${percent(rates.wer)}),
${rates.characterErrors} in ${rates.characters} characters (${percent(rates.cer)}).</p>
<div class="confusions">
${matrix(letters)}
${table("Letters", letters)}
${table("Words", words)}
</div></section>`;
}

function table(title: string, { mistakes, reference }: Confusions): Markup {
  if (mistakes.length === 0) return markup`<div><h3>${title}</h3><p>No mistake.</p></div>`;
  const rows = mistakes.slice(0, MOST_MISTAKES).map(
    (
      mistake,
    ) => markup`<tr><td>${quoted(mistake.reference)}</td><td>${quoted(mistake.hypothesis)}</td><td>${mistake.count}</td><td>${share(mistake, reference)}</td></tr>
`,
  );
  const more = mistakes.length - rows.length;
  return markup`<div><h3>${title}</h3><table class="mistakes">
<thead><tr><th>said</th><th>heard</th><th>times</th><th>of all said</th></tr></thead>
<tbody>
${rows}</tbody></table>${more > 0 && markup`<p class="note">and ${more} others</p>`}</div>`;
}

function share({ reference, count }: Confusion, all: Confusions["reference"]): string {
  const times = reference === undefined ? undefined : all.get(reference)?.times;
  return times === undefined ? "" : percent(count / times);
}

const quoted = (text: string | undefined): Markup =>
  text === undefined ? markup`<i>nothing</i>` : markup`<bdi>${visible(text)}</bdi>`;

const visible = (text: string): string => (text === " " ? "␣" : text);

/** References down, hypotheses across; the darker, the larger its share of the reference. The diagonal is left open. */
function matrix({ mistakes, reference }: Confusions): Markup | undefined {
  const symbols = worstSymbols(mistakes);
  if (symbols.length === 0) return undefined;
  const axis = [...symbols, undefined];
  const place = new Map(axis.map((symbol, i) => [symbol, MARGIN + i * CELL]));
  const size = MARGIN + axis.length * CELL + 1;
  const cells = mistakes.flatMap((mistake) => {
    const [x, y] = [place.get(mistake.hypothesis), place.get(mistake.reference)];
    if (x === undefined || y === undefined) return [];
    const times =
      mistake.reference === undefined ? totalOf(reference) : reference.get(mistake.reference)!.times;
    const strength = Math.sqrt(Math.min(1, mistake.count / times)).toFixed(2);
    const title = `${name(mistake.reference)} heard as ${name(mistake.hypothesis)}: ${mistake.count} of ${times}`;
    return [
      markup`<rect class="cell" x="${x}" y="${y}" width="${CELL}" height="${CELL}" opacity="${strength}"><title>${title}</title></rect>`,
    ];
  });
  const names = axis.map((symbol) => {
    const at = place.get(symbol)! + CELL / 2;
    const text = symbol === undefined ? NOTHING : visible(symbol);
    return markup`<text x="${at}" y="${MARGIN - 5}" text-anchor="middle">${text}</text><text x="${MARGIN - 7}" y="${at + 4}" text-anchor="middle">${text}</text>`;
  });
  return markup`<figure class="matrix"><figcaption>Letters: said down, heard across</figcaption>
<svg viewBox="0 0 ${size} ${size}" role="img" aria-label="Matrix of confused letters; the tables tell the most frequent ones">
<rect class="frame" x="${MARGIN}" y="${MARGIN}" width="${axis.length * CELL}" height="${axis.length * CELL}"/>
${symbols.map((symbol) => markup`<rect class="right" x="${place.get(symbol)}" y="${place.get(symbol)}" width="${CELL}" height="${CELL}"/>`)}
${cells}
${names}</svg><p class="note">${NOTHING} stands for nothing: left out, or heard where nothing is said. The darker a cell, the larger its share of the letter said.</p></figure>`;
}

/** The symbols with the most mistakes, in the order of writing. */
function worstSymbols(mistakes: readonly Confusion[]): string[] {
  const counts = new Map<string, number>();
  for (const { reference, hypothesis, count } of mistakes) {
    for (const symbol of [reference, hypothesis])
      if (symbol !== undefined) counts.set(symbol, (counts.get(symbol) ?? 0) + count);
  }
  const worst = [...counts].toSorted(([, a], [, b]) => b - a).slice(0, MOST_LETTERS);
  return worst.map(([symbol]) => symbol).toSorted();
}

const name = (symbol: string | undefined): string =>
  symbol === undefined ? "nothing" : `“${visible(symbol)}”`;

const totalOf = (reference: Confusions["reference"]): number =>
  [...reference.values()].reduce((sum, { times }) => sum + times, 0);
