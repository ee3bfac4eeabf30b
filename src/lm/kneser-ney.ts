// Interpolated modified Kneser–Ney smoothing (Chen & Goodman 1998, equations 4.26 to 4.28; Heafield et al. 2013), with
// the choices of KenLM's lmplz: an n-gram below the highest order counts the different words before it, unless it begins
// with <s>; discounts come from counts of those counts; unigrams are interpolated with the uniform distribution over the
// words and <unk>; pruning looks at how often an n-gram occurs. Knows nothing of text and files.

import type { CountLevel } from "./count-trie.ts";
import type { Level } from "./pack-trie.ts";
import { NEVER_LOG10 } from "./trie.ts";
import { SENTENCE_END, SENTENCE_START } from "./vocabulary.ts";

/** D of counts 1, 2, and 3 or more, at their index; none of 0. */
export type Discounts = readonly [none: 0, one: number, two: number, more: number];

/** What lmplz takes with --discount_fallback where a text is too small for the closed form. */
export const FALLBACK_DISCOUNTS: Discounts = [0, 0.5, 1, 1.5];

export interface SmoothingOptions {
  /** [order], n-grams that occur at most so often are left out. */
  readonly prune: readonly number[];
  /** [vocabulary], 1 for words whose n-grams are left out. */
  readonly excluded?: Uint8Array;
}

export interface SmoothedOrder {
  readonly level: Level;
  readonly discounts: Discounts;
  /** Whether the counts gave no discounts, so that the fallback was taken. */
  readonly fellBack: boolean;
}

/** The counts of one order, with what smoothing needs of its neighbors. */
interface Stage extends CountLevel {
  /** The n-gram without its first word, in the order below; nothing for unigrams. */
  readonly suffixes: Uint32Array;
  /** What each n-gram counts: occurrences, or different words before it. */
  readonly adjusted: Uint32Array;
  /** 1 where the n-gram stays in the model. */
  readonly kept: Uint8Array;
}

/** The probabilities of one order, and the weights with which its contexts fall back. */
interface Estimate {
  /** [n-grams] */
  readonly probabilities: Float32Array;
  /** [contexts], γ of equation 4.27. */
  readonly gammas: Float32Array;
}

/** The smoothed n-grams of each order; it pauses after each part of the work. */
export async function smooth(
  levels: readonly CountLevel[],
  options: SmoothingOptions,
  pause: (done: number) => Promise<void>,
): Promise<SmoothedOrder[]> {
  const stages = stagesOf(levels, options);
  const discounts = stages.map((stage, index) => discountsOf(occurrencesOf(stages, stage, index)));
  await pause(0.4);
  const estimates: Estimate[] = [];
  for (const [index, stage] of stages.entries()) {
    const { values } = discounts[index];
    const estimate =
      index === 0
        ? estimateUnigrams(stage, values)
        : estimateNgrams(stages[index - 1], stage, estimates[index - 1].probabilities, values);
    estimates.push(estimate);
    await pause(0.4 + (0.6 * (index + 1)) / stages.length);
  }
  return stages.map((stage, index) => ({
    level: levelOf(
      stage,
      stages.at(index + 1),
      estimates[index].probabilities,
      estimates.at(index + 1)?.gammas,
    ),
    discounts: discounts[index].values,
    fellBack: discounts[index].fellBack,
  }));
}

// ── Counts ──────────────────────────────────────────────────────────────────────────────────────────────────────

function stagesOf(levels: readonly CountLevel[], { prune, excluded }: SmoothingOptions): Stage[] {
  const suffixes: Uint32Array[] = [];
  const kept: Uint8Array[] = [];
  for (const [index, level] of levels.entries()) {
    suffixes.push(suffixesOf(levels, index, suffixes.at(-1)));
    kept.push(keptOf(level, prune[index], excluded, index > 0 ? levels[index - 1] : undefined, kept.at(-1)));
  }
  const starts = startsOfSentences(levels);
  const stages = levels.map((level, index) => ({
    ...level,
    suffixes: suffixes[index],
    adjusted: adjustedOf(level, starts[index], suffixes.at(index + 1)),
    kept: kept[index],
  }));
  stages[0].adjusted.fill(0, 0, SENTENCE_START + 1); // no context predicts <unk> and <s>
  return stages;
}

/** The place of each n-gram of an order without its first word, in the order below; text that has the one has the other. */
function suffixesOf(
  levels: readonly CountLevel[],
  index: number,
  contextSuffixes?: Uint32Array,
): Uint32Array {
  const { words } = levels[index];
  if (index < 2 || !contextSuffixes) return index === 0 ? new Uint32Array() : words;
  const contexts = levels[index - 1];
  const firsts = levels[index - 2].firstChildren;
  const suffixes = new Uint32Array(words.length);
  for (let context = 0; context < contexts.words.length; context++) {
    let low = firsts[contextSuffixes[context]];
    const end = firsts[contextSuffixes[context] + 1];
    for (let child = contexts.firstChildren[context]; child < contexts.firstChildren[context + 1]; child++) {
      let high = end;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (contexts.words[middle] < words[child]) low = middle + 1;
        else high = middle;
      }
      suffixes[child] = low;
    }
  }
  return suffixes;
}

function keptOf(
  { words, counts }: CountLevel,
  threshold: number,
  excluded: Uint8Array | undefined,
  contexts: CountLevel | undefined,
  contextsKept: Uint8Array | undefined,
): Uint8Array {
  const kept = new Uint8Array(words.length);
  for (let i = 0; i < kept.length; i++) kept[i] = counts[i] > threshold && excluded?.[words[i]] !== 1 ? 1 : 0;
  if (!contexts || !contextsKept) return kept.fill(1, 0, SENTENCE_END + 1);
  for (let context = 0; context < contextsKept.length; context++) {
    if (contextsKept[context] === 1) continue;
    kept.fill(0, contexts.firstChildren[context], contexts.firstChildren[context + 1]);
  }
  return kept;
}

/** How many n-grams of each order begin with <s> (or are <unk>): they come first. */
function startsOfSentences(levels: readonly CountLevel[]): number[] {
  const ends = [SENTENCE_START + 1];
  for (const { firstChildren } of levels.slice(0, -1)) ends.push(firstChildren[ends[ends.length - 1]]);
  return ends;
}

/** What each n-gram counts; `longerSuffixes` are those of the next order, none at the highest. */
function adjustedOf(
  { counts }: CountLevel,
  sentenceStarts: number,
  longerSuffixes?: Uint32Array,
): Uint32Array {
  if (!longerSuffixes) return counts.slice();
  const adjusted = new Uint32Array(counts.length);
  for (const suffix of longerSuffixes) adjusted[suffix]++;
  adjusted.set(counts.subarray(0, sentenceStarts));
  return adjusted;
}

// ── Discounts ───────────────────────────────────────────────────────────────────────────────────────────────────

/** How many n-grams of an order count 0, 1, 2, 3, 4. */
function occurrencesOf(stages: readonly Stage[], { adjusted, counts }: Stage, index: number): number[] {
  const occurrences = [0, 0, 0, 0, 0];
  for (const count of adjusted) if (count < 5) occurrences[count]++;
  if (index === stages.length - 1) return occurrences;
  const last = lastBySuffix(stages)[index];
  if (last === undefined) return occurrences;
  if (adjusted[last] < 5) occurrences[adjusted[last]]--;
  if (counts[last] < 5) occurrences[counts[last]]++;
  return occurrences;
}

/**
 * The last n-gram of each order when sorted from their last word to the first. Of these lmplz takes the occurrences for
 * its statistics instead of the adjusted count; in a small text that shows in the discounts.
 */
function lastBySuffix(stages: readonly Stage[]): number[] {
  const last = [stages[0].words.length - 1];
  for (const { suffixes } of stages.slice(1)) {
    const longer = suffixes.lastIndexOf(last[last.length - 1]);
    if (longer < 0) break;
    last.push(longer);
  }
  return last;
}

/** Equation 4.26. */
function discountsOf(occurrences: readonly number[]): { values: Discounts; fellBack: boolean } {
  const [, n1, n2, n3, n4] = occurrences;
  const y = n1 / (n1 + 2 * n2);
  const closed = [n1, n2, n3].map((n, i) => i + 1 - ((i + 2) * y * [n2, n3, n4][i]) / n);
  const usable = n1 * n2 * n3 > 0 && closed.every((discount, i) => discount >= 0 && discount <= i + 1);
  const [one, two, more] = closed;
  return usable
    ? { values: [0, one, two, more], fellBack: false }
    : { values: FALLBACK_DISCOUNTS, fellBack: true };
}

// ── Probabilities ───────────────────────────────────────────────────────────────────────────────────────────────

function estimateUnigrams({ adjusted, kept }: Stage, discounts: Discounts): Estimate {
  let total = 0;
  let freed = 0;
  let words = -1; // without <s>
  for (let word = 0; word < adjusted.length; word++) {
    total += adjusted[word];
    freed += kept[word] === 1 ? discounts[Math.min(adjusted[word], 3)] : adjusted[word];
    words += kept[word];
  }
  const uniform = freed / total / words;
  const probabilities = new Float32Array(adjusted.length);
  for (let word = 0; word < adjusted.length; word++) {
    probabilities[word] = (adjusted[word] - discounts[Math.min(adjusted[word], 3)]) / total + uniform;
  }
  probabilities[SENTENCE_START] = 1; // as in lmplz: a sentence may score its <s> at no cost
  return { probabilities, gammas: new Float32Array() };
}

/** Equations 4.25 and 4.27, context by context; what pruned n-grams had goes to the lower order too. */
function estimateNgrams(contexts: Stage, stage: Stage, lower: Float32Array, discounts: Discounts): Estimate {
  const { adjusted, kept, suffixes } = stage;
  const { firstChildren } = contexts;
  const probabilities = new Float32Array(adjusted.length);
  const gammas = new Float32Array(contexts.words.length);
  for (let context = 0; context < gammas.length; context++) {
    const [start, end] = [firstChildren[context], firstChildren[context + 1]];
    if (start === end || contexts.kept[context] === 0) continue;
    let total = 0;
    let freed = 0;
    for (let i = start; i < end; i++) {
      total += adjusted[i];
      freed += kept[i] === 1 ? discounts[Math.min(adjusted[i], 3)] : adjusted[i];
    }
    const gamma = freed / total;
    gammas[context] = gamma;
    for (let i = start; i < end; i++) {
      if (kept[i] === 0) continue;
      probabilities[i] =
        (adjusted[i] - discounts[Math.min(adjusted[i], 3)]) / total + gamma * lower[suffixes[i]];
    }
  }
  return { probabilities, gammas };
}

/** What stays of an order, in logarithms. `gammas` are those with which its n-grams, as contexts, fall back. */
function levelOf(
  stage: Stage,
  longer: Stage | undefined,
  probabilities: Float32Array,
  gammas?: Float32Array,
): Level {
  const { words, kept, firstChildren } = stage;
  const size = kept.reduce((sum, one) => sum + one, 0);
  const level = {
    words: new Uint32Array(size),
    logProbs: new Float32Array(size),
    backoffs: new Float32Array(size),
    firstChildren: longer && new Uint32Array(size + 1),
  };
  let [at, below, child] = [0, 0, 0];
  for (let i = 0; i < kept.length; i++) {
    if (kept[i] === 0) continue;
    level.words[at] = words[i];
    level.logProbs[at] = logarithm(probabilities[i]);
    if (longer && gammas && level.firstChildren) {
      for (; child < firstChildren[i]; child++) below += longer.kept[child];
      level.firstChildren[at] = below;
      if (firstChildren[i] < firstChildren[i + 1]) level.backoffs[at] = logarithm(gammas[i]);
    }
    at++;
  }
  if (longer && level.firstChildren) {
    for (; child < longer.kept.length; child++) below += longer.kept[child];
    level.firstChildren[size] = below;
  }
  return level;
}

const logarithm = (probability: number): number =>
  Math.max(Math.min(Math.log10(probability), 0), NEVER_LOG10);
