// Where words begin and end. CTC is free to emit a symbol at any moment near the sound (Graves et al. 2006), so the steps of
// a word's symbols tell which sound is its own, not how long it lasts. That is told by the level of the recording: between
// the symbols of two words lies a pause, or a place where one sound becomes another. After Rabiner & Sambur 1975, who find
// the ends of utterances by their energy relative to the noise. Knows nothing of texts and models.

import { LEVEL_HOP_MS, type SoundLevels } from "../audio/index.ts";
import { SHORTEST_SOUND, soundsIn, type HopSpan } from "./sounds.ts";

export interface TimeSpan {
  readonly startMs: number;
  readonly endMs: number;
}

/** No edge moves farther from its word's symbols: what lies beyond is another sound. */
const REACH = 700 / LEVEL_HOP_MS;
/** The silence within a word while the mouth is closed, as before the k of "six"; longer silence ends a word. */
const CLOSURE = 120 / LEVEL_HOP_MS;
/** A pause counts for how long it is, up to here. */
const CERTAIN_PAUSE = 150 / LEVEL_HOP_MS;

/**
 * Takes words as they come, and gives each at its sound as soon as two later words are known: no later word, and no later
 * sound, changes its place. Where the levels tell nothing, a word stays where its symbols are.
 */
export class WordPlaceStream<Word extends TimeSpan> {
  /** Those whose place is open yet. */
  #held: Word[] = [];
  /** Of the first word held: the hops that it lies at, and where it begins; both follow from the word before it. */
  #own: HopSpan | undefined;
  #start: number | undefined;

  get held(): readonly Word[] {
    return this.#held;
  }

  /** @param levels of the recording so far, at least to the end of these words */
  push(words: readonly Word[], levels: SoundLevels): Word[] {
    this.#held.push(...words);
    const placed: Word[] = [];
    while (this.#held.length > 2) placed.push(this.#next(levels));
    return placed;
  }

  /** Ends the recording: the words still held. */
  finish(levels: SoundLevels): Word[] {
    const placed: Word[] = [];
    while (this.#held.length > 0) placed.push(this.#next(levels));
    return placed;
  }

  #next(levels: SoundLevels): Word {
    const [word, next, afterNext] = this.#held;
    const sound = this.#own ?? anchored(word, undefined, next, levels);
    const start = this.#start ?? between(undefined, sound, levels).start;
    const from = Math.max(sound.from, start); // the word before may have taken some of it
    const own = { from, to: Math.max(sound.to, from + SHORTEST_SOUND) };
    const following = next && anchored(next, own, afterNext, levels);
    const edges = between(own, following, levels);
    const end = Math.max(edges.end, start + 1);
    this.#held.shift();
    [this.#own, this.#start] = [following, Math.max(edges.start, end)];
    return { ...word, startMs: inMs(start), endMs: inMs(end) };
  }
}

/** The words of a recording at the sounds that their symbols lie at or beside. @param words when their symbols were emitted */
export function placeWords<Word extends TimeSpan>(words: readonly Word[], levels: SoundLevels): Word[] {
  const stream = new WordPlaceStream<Word>();
  return [...stream.push(words, levels), ...stream.finish(levels)];
}

const inHops = ({ startMs, endMs }: TimeSpan): HopSpan => {
  return { from: startMs / LEVEL_HOP_MS, to: endMs / LEVEL_HOP_MS };
};

const inMs = (hop: number): number => Math.round(hop * LEVEL_HOP_MS);

/** A word's symbols in silence belong to the nearest sound that no other word's symbols lie in. */
function anchored(
  word: TimeSpan,
  before: HopSpan | undefined,
  next: TimeSpan | undefined,
  levels: SoundLevels,
): HopSpan {
  const [span, after] = [inHops(word), next && inHops(next)];
  const from = Math.max(before?.to ?? 0, span.from - REACH);
  const to = Math.min(after?.from ?? levels.all.length, span.to + REACH);
  const runs = soundsIn(levels, from, to, Math.min(levels.all.length, after?.to ?? span.to + REACH));
  if (runs.length === 0 || runs.some((run) => run.from < span.to && run.to > span.from)) return span;
  const distance = (run: HopSpan) => Math.max(run.from - span.to, span.from - run.to);
  const nearest = runs.reduce((best, run) => (distance(run) < distance(best) ? run : best));
  const length = span.to - span.from;
  return nearest.to <= span.from
    ? { from: Math.max(nearest.from, nearest.to - length), to: nearest.to }
    : { from: nearest.from, to: Math.min(nearest.to, nearest.from + length) };
}

/** Where one word ends and the next begins. */
function between(
  left: HopSpan | undefined,
  right: HopSpan | undefined,
  levels: SoundLevels,
): { readonly end: number; readonly start: number } {
  const from = left ? left.from : Math.max(0, right!.from - REACH - 1);
  const to = Math.min(levels.all.length, right ? right.to : left!.to + REACH + 1);
  const sounds = soundsIn(levels, from, to, to);
  const pause = pauseBetween(left, right, sounds, from, to);
  if (!pause) {
    if (!left || !right) return { end: left?.to ?? 0, start: right?.from ?? 0 };
    const place = right.from - left.to > REACH ? undefined : quietest(levels, left.to, right.from);
    return { end: place ?? left.to, start: place ?? right.from };
  }
  return {
    end: left ? endOf(left, pause.from, sounds) : 0,
    start: right ? startOf(right, pause.to, sounds) : 0,
  };
}

/** The silence that is most of a pause between two words: long, and with little sound between it and the gap of their symbols. */
function pauseBetween(
  left: HopSpan | undefined,
  right: HopSpan | undefined,
  sounds: readonly HopSpan[],
  from: number,
  to: number,
): HopSpan | undefined {
  const earliest = left ? middle(left) : -Infinity;
  const latest = right ? middle(right) : Infinity;
  let best: HopSpan | undefined;
  let most = 0;
  for (let i = 0; i <= sounds.length; i++) {
    const pause = { from: sounds[i - 1]?.to ?? from, to: sounds[i]?.from ?? to };
    const isOpen = (!left && i === 0) || (!right && i === sounds.length);
    if (!isOpen && (pause.to <= earliest || pause.from >= latest)) continue;
    const length = isOpen ? CERTAIN_PAUSE : Math.min(pause.to - pause.from, CERTAIN_PAUSE);
    const crossed =
      soundBetween(sounds, pause.to, left ? left.to : pause.to) +
      soundBetween(sounds, right ? right.from : pause.from, pause.from);
    const score = length - 2 * crossed;
    if (pause.to - pause.from < SHORTEST_SOUND && !isOpen) continue;
    if (score > most) [most, best] = [score, pause];
  }
  return best;
}

const middle = ({ from, to }: HopSpan): number => (from + to) / 2;

/** Hops of sound from one place to another; none where the second is before the first. */
function soundBetween(sounds: readonly HopSpan[], from: number, to: number): number {
  return sounds.reduce((sum, run) => sum + Math.max(0, Math.min(to, run.to) - Math.max(from, run.from)), 0);
}

/** The end of the sound of a word's last symbol, over closures, before a pause. */
function endOf(word: HopSpan, pauseFrom: number, sounds: readonly HopSpan[]): number {
  const isNear = (run: HopSpan) => run.from < pauseFrom && run.to <= word.to + REACH;
  let at = sounds.findLastIndex((run) => run.from < Math.min(word.to, pauseFrom));
  if (at < 0 || !isNear(sounds[at])) return word.to;
  while (at + 1 < sounds.length && sounds[at + 1].from - sounds[at].to <= CLOSURE && isNear(sounds[at + 1]))
    at++;
  return sounds[at].to;
}

/** The beginning of the sound of a word's first symbol. */
function startOf(word: HopSpan, pauseTo: number, sounds: readonly HopSpan[]): number {
  const isNear = (run: HopSpan) => run.to > pauseTo && run.from >= word.from - REACH;
  let at = sounds.findIndex((run) => run.to > Math.max(word.from, pauseTo));
  if (at < 0 || !isNear(sounds[at])) return word.from;
  while (at > 0 && sounds[at].from - sounds[at - 1].to <= CLOSURE && isNear(sounds[at - 1])) at--;
  return sounds[at].from;
}

function quietest({ all }: SoundLevels, from: number, to: number): number {
  let best = from;
  for (let hop = Math.ceil(from); hop <= Math.min(to, all.length - 1); hop++)
    if (!(all[hop] >= all[best])) best = hop;
  return best;
}
