// A spectrogram with the letters of the text where they are said, drawn over it, and the words of the reference and of the
// hypothesis below, all on one axis of time. As wide as its letters need: what is wider than the page scrolls.

import { alignSequences } from "../../text/index.ts";
import { wordsOf } from "../confusions.ts";
import type { PicturedUtterance } from "../dev-split.ts";
import { markup, type Markup } from "../markup.ts";
import { heightOf } from "../spectrogram.ts";

const PIXELS_PER_SECOND = 200;
const LEFT = 46;
const PICTURE = { top: 0, height: 160 };
const [REFERENCE, HYPOTHESIS, AXIS, HEIGHT] = [180, 204, 226, 232];
/** Of a letter of the type used here, which has one width. */
const LETTER_WIDTH = 7;
const MARKED_HERTZ = [500, 1000, 2000, 4000];
const TICK_SECONDS = 0.5;

const at = (ms: number): number => Number((LEFT + (PIXELS_PER_SECOND * ms) / 1000).toFixed(1));

/** Whether it needs more than half of a wide page. */
export const isWide = ({ seconds }: PicturedUtterance): boolean => seconds > 2.8;

export function alignmentPicture(shown: PicturedUtterance): Markup {
  const { alignment, picture, seconds } = shown;
  const width = at(1000 * seconds) - LEFT;
  const letters = alignment ? placed(alignment.words.flatMap(({ characters }) => characters)) : [];
  const reference = placed(alignment?.words ?? []);
  const wrong = wrongWords(shown);
  const hypothesis = placed(shown.words);
  const end = Math.max(LEFT + width, ...[...letters, ...reference, ...hypothesis].map(({ to }) => to)) + 8;
  return markup`<div class="scroll"><svg class="alignment" width="${Math.ceil(end)}" height="${HEIGHT}" data-left="${LEFT}" data-second="${PIXELS_PER_SECOND}" role="img" aria-label="Spectrogram with the times of the letters and words">
<image href="${picture}" x="${LEFT}" y="${PICTURE.top}" width="${width}" height="${PICTURE.height}" preserveAspectRatio="none"/>
${MARKED_HERTZ.map((hertz) => markup`<text class="axis" x="${LEFT - 6}" y="${(PICTURE.height * (1 - heightOf(hertz)) + 4).toFixed(1)}" text-anchor="end">${hertz < 1000 ? `${hertz} Hz` : `${hertz / 1000} kHz`}</text>`)}
${letters.map(letter)}
${row("said", REFERENCE, reference, () => false)}
${row("heard", HYPOTHESIS, hypothesis, (index) => wrong.has(index))}
${timeAxis(seconds)}
<line class="playhead" x1="${LEFT}" x2="${LEFT}" y1="0" y2="${HYPOTHESIS + 6}"/>
</svg></div>`;
}

interface Timed {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly probability?: number;
}

/** A text with its place: as near to the middle of its time as its neighbors allow. */
interface Placed<Item extends Timed> {
  readonly item: Item;
  readonly from: number;
  readonly to: number;
}

function placed<Item extends Timed>(items: readonly Item[]): Placed<Item>[] {
  let free = LEFT;
  return items.map((item) => {
    const width = LETTER_WIDTH * [...item.text].length;
    const from = Math.max(free, at((item.startMs + item.endMs) / 2) - width / 2);
    free = from + width + (width > LETTER_WIDTH ? 4 : 0);
    return { item, from, to: from + width };
  });
}

/** A line at the middle of its time, and the letter on top of it. */
function letter({ item, from }: Placed<Timed>): Markup {
  const { text, startMs, endMs, probability = 1 } = item;
  const [x, middle] = [from + LETTER_WIDTH / 2, at((startMs + endMs) / 2)];
  const title = `${text}, ${clock(startMs)} to ${clock(endMs)} s, probability ${probability.toFixed(2)}`;
  return markup`<g class="letter" opacity="${(0.45 + 0.55 * probability).toFixed(2)}"><title>${title}</title><path d="M${x.toFixed(1)} 18L${middle} 28V${PICTURE.height}"/><text x="${x.toFixed(1)}" y="14" text-anchor="middle">${text}</text></g>
`;
}

function row(
  name: string,
  y: number,
  words: readonly Placed<Timed>[],
  isWrong: (index: number) => boolean,
): Markup {
  const bars = words.map(({ item, from }, i) => {
    const { text, startMs, endMs } = item;
    const title = `${text}, ${clock(startMs)} to ${clock(endMs)} s`;
    return markup`<g${isWrong(i) && markup` class="wrong"`}><title>${title}</title><line class="bar" x1="${at(startMs)}" x2="${at(endMs)}" y1="${y + 5}" y2="${y + 5}"/><text x="${from.toFixed(1)}" y="${y}">${text}</text></g>
`;
  });
  return markup`<g class="words"><text class="axis" x="${LEFT - 6}" y="${y}" text-anchor="end">${name}</text>${bars}</g>`;
}

/** Indices of the words of the hypothesis that are wrong. */
function wrongWords({ reference, hypothesis, words }: PicturedUtterance): ReadonlySet<number> {
  const decoded = wordsOf(hypothesis);
  if (decoded.length !== words.length) return new Set(); // an alphabet without a space: symbols, not words
  const { operations } = alignSequences(wordsOf(reference), decoded);
  const kinds = operations.filter((operation) => operation.hypothesis !== undefined).map(({ kind }) => kind);
  return new Set(kinds.flatMap((kind, index) => (kind === "match" ? [] : [index])));
}

function timeAxis(seconds: number): Markup {
  const ticks = Array.from({ length: Math.floor(seconds / TICK_SECONDS) + 1 }, (_, i) => i * TICK_SECONDS);
  return markup`${ticks.map((tick) => markup`<line class="tick" x1="${at(1000 * tick)}" x2="${at(1000 * tick)}" y1="${AXIS - 12}" y2="${AXIS - 8}"/><text class="axis" x="${at(1000 * tick)}" y="${AXIS + 4}" text-anchor="middle">${tick} s</text>`)}`;
}

const clock = (ms: number): string => (ms / 1000).toFixed(2);
