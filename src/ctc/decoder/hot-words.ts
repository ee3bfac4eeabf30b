// Words and phrases that a user expects, each with a bonus. They are found while the text is spelled by one automaton
// (Aho & Corasick 1975, "Efficient string matching"); between spaces, so that "art" is not found in "party".
// A phrase that is being spelled earns a part of its bonus in advance (look-ahead), so that a narrow beam keeps it; it is
// taken back when the text goes another way.

import { EarshotError } from "../../errors.ts";
import { collapseWhiteSpace, splitCharacters, type Alphabet } from "../../text/index.ts";
import { SymbolTrie } from "./symbol-trie.ts";

/** Phrase → bonus in nats for each time that it is in the text, as whole words. */
export type HotWords = Readonly<Record<string, number>>;

/**
 * The default weight, in nats. A name is found when its weight makes up for how improbable the network takes it to be; from
 * 20 on, names that nobody said begin to appear (recipes/hot-words).
 */
export const USUAL_HOT_WORD_WEIGHT = 10;

interface Phrase {
  /** With a space before and after, where the alphabet has one. */
  readonly labels: readonly number[];
  readonly weight: number;
}

export class HotWordAutomaton {
  /** The state of an empty text. */
  readonly start: number;
  /** By state: the bonus of the phrases that end here. */
  readonly bonus: Float64Array;
  /** By state: the part of the bonus of the phrase that is being spelled. */
  readonly lookAhead: Float64Array;
  /** The most that one symbol can gain. */
  readonly largestGain: number;
  readonly #trie = new SymbolTrie();
  readonly #fallback: Int32Array;

  /** @throws INVALID_HOT_WORD, UNKNOWN_SYMBOL */
  constructor(hotWords: HotWords, alphabet: Alphabet) {
    const space = alphabet.symbols.indexOf(" ");
    const phrases = Object.entries(hotWords).map(([text, weight]) => phrase(text, weight, alphabet));
    for (const { labels } of phrases) this.#trie.insert(labels);
    this.#fallback = fallbacks(this.#trie, phrases);
    this.bonus = new Float64Array(this.#trie.size);
    this.lookAhead = new Float64Array(this.#trie.size);
    for (const each of phrases) this.#reward(each, space);
    for (const state of shortestFirst(this.#trie, phrases)) {
      this.bonus[state] += this.bonus[this.#fallback[state]];
      this.lookAhead[state] = Math.max(this.lookAhead[state], this.lookAhead[this.#fallback[state]]);
    }
    this.start = space < 0 ? 0 : this.next(0, space);
    const most = (numbers: Float64Array) => numbers.reduce((a, b) => Math.max(a, b), 0);
    this.largestGain = most(this.bonus) + most(this.lookAhead);
  }

  /** The state after one more symbol: the longest end of the text that begins a phrase. */
  next(state: number, symbol: number): number {
    for (let at = state; ; at = this.#fallback[at]) {
      const next = this.#trie.child(at, symbol);
      if (next >= 0) return next;
      if (at === 0) return 0;
    }
  }

  #reward({ labels, weight }: Phrase, space: number): void {
    const unearned = space < 0 ? 0 : 1; // the space before it says nothing
    let state = 0;
    labels.forEach((symbol, index) => {
      state = this.#trie.child(state, symbol);
      if (index === labels.length - 1) this.bonus[state] += weight;
      else {
        const earned = (weight * (index + 1 - unearned)) / (labels.length - unearned);
        this.lookAhead[state] = Math.max(this.lookAhead[state], earned);
      }
    });
  }
}

/** The states in the order of their depth; the empty one is not among them. */
function shortestFirst(trie: SymbolTrie, phrases: readonly Phrase[]): Set<number> {
  const states = new Set<number>();
  const depth = Math.max(0, ...phrases.map(({ labels }) => labels.length));
  const reached = phrases.map(() => 0);
  for (let d = 0; d < depth; d++)
    phrases.forEach(({ labels }, p) => {
      if (d >= labels.length) return;
      reached[p] = trie.child(reached[p], labels[d]);
      states.add(reached[p]);
    });
  return states;
}

/** For each state the longest proper end of its sequence that is a state too (Aho & Corasick 1975, algorithm 3). */
function fallbacks(trie: SymbolTrie, phrases: readonly Phrase[]): Int32Array {
  const fallback = new Int32Array(trie.size);
  const depth = Math.max(0, ...phrases.map(({ labels }) => labels.length));
  const reached = phrases.map(() => 0);
  for (let d = 0; d < depth; d++)
    phrases.forEach(({ labels }, p) => {
      if (d >= labels.length) return;
      const [parent, symbol] = [reached[p], labels[d]];
      const state = (reached[p] = trie.child(parent, symbol));
      if (d === 0) return;
      let at = fallback[parent];
      while (at !== 0 && trie.child(at, symbol) < 0) at = fallback[at];
      fallback[state] = Math.max(0, trie.child(at, symbol));
    });
  return fallback;
}

function phrase(text: string, weight: number, alphabet: Alphabet): Phrase {
  const words = collapseWhiteSpace(text);
  if (words === "" || !Number.isFinite(weight)) throw invalid(text, weight);
  const labels = spell(words, text, alphabet);
  const space = alphabet.symbols.indexOf(" ");
  return { labels: space < 0 ? labels : [space, ...labels, space], weight };
}

/** @throws UNKNOWN_SYMBOL with what may be given instead */
function spell(words: string, text: string, alphabet: Alphabet): readonly number[] {
  try {
    return [...alphabet.encode(words, `hot word "${text}"`)];
  } catch (error) {
    if (!(error instanceof EarshotError && error.code === "UNKNOWN_SYMBOL")) throw error;
    const characters = splitCharacters(words.normalize("NFC"));
    const near = characters.map((character) => nearest(character, alphabet)).join("");
    const example = near.trim() === "" ? "" : `, such as "${collapseWhiteSpace(near)}"`;
    const remedy = `Give the hot word in symbols of the model's alphabet, as its transcripts would spell it${example}, or leave it out: the model can write no other symbols.`;
    throw error.with({ remedy });
  }
}

/** The character, or its letter without marks, or nothing. */
const nearest = (character: string, alphabet: Alphabet): string =>
  alphabet.spell(character)
    ? character
    : Array.from(character.normalize("NFKD"), (part) => (alphabet.spell(part) ? part : "")).join("");

function invalid(text: string, weight: number): EarshotError {
  return new EarshotError({
    code: "INVALID_HOT_WORD",
    where: `hot word "${text}"`,
    problem: text.trim() === "" ? "It has no letters." : `Its weight is ${weight}.`,
    remedy: "Give a word or a phrase and a finite weight in nats, such as 8; less than 0 discourages it.",
  });
}
