// Random grammars with all their sentences, written down in the formats that hold them: what compiled grammars are compared
// with. The sentences come from this tree alone, not from any parser or automaton.

import type { RandomStream } from "../../src/random.ts";

export type Tree =
  | { readonly kind: "word"; readonly word: string }
  | { readonly kind: "sequence" | "permutation"; readonly parts: readonly Tree[] }
  | { readonly kind: "choice"; readonly parts: readonly Tree[]; readonly weights?: readonly number[] }
  | { readonly kind: "optional" | "star" | "plus"; readonly of: Tree };

/** By sentence, the largest of its weights (ln). */
export type Sentences = Map<string, number>;

export interface TreeKinds {
  readonly repeats?: boolean;
  readonly weights?: boolean;
  readonly permutations?: boolean;
}

const WORDS = ["a", "b", "ab", "ba", "aa", "bb"];

export function randomTree(random: RandomStream, depth: number, kinds: TreeKinds): Tree {
  const word = (): Tree => ({ kind: "word", word: WORDS[random.integer(WORDS.length)] });
  if (depth === 0) return word();
  const part = (): Tree => randomTree(random, depth - 1, kinds);
  const parts = (): Tree[] => Array.from({ length: 2 + random.integer(2) }, part);
  switch (random.integer(6)) {
    case 0:
      return word();
    case 1:
      return { kind: "optional", of: part() };
    case 2:
      if (kinds.repeats) return { kind: random.integer(2) === 0 ? "star" : "plus", of: part() };
      return { kind: kinds.permutations ? "permutation" : "sequence", parts: parts() };
    case 3: {
      const options = parts();
      const weights = options.map(() => 1 + random.integer(9));
      return { kind: "choice", parts: options, ...(kinds.weights ? { weights } : {}) };
    }
    default:
      return { kind: "sequence", parts: parts() };
  }
}

export function toJsgf(tree: Tree): string {
  switch (tree.kind) {
    case "word":
      return tree.word;
    case "sequence":
    case "permutation":
      return tree.parts.map((part) => `( ${toJsgf(part)} )`).join(" ");
    case "choice":
      return `(${tree.parts.map((part, i) => `${tree.weights ? `/${tree.weights[i]}/` : ""} ${toJsgf(part)}`).join(" | ")})`;
    case "optional":
      return `[${toJsgf(tree.of)}]`;
    case "star":
      return `(${toJsgf(tree.of)})*`;
    case "plus":
      return `(${toJsgf(tree.of)})+`;
  }
}

/** Without repetition and weights. */
export function toTemplate(tree: Tree): string {
  switch (tree.kind) {
    case "word":
      return tree.word;
    case "sequence":
      return tree.parts.map(toTemplate).join(" ");
    case "permutation":
      return `(${tree.parts.map(toTemplate).join("; ")})`;
    case "choice":
      return `(${tree.parts.map(toTemplate).join("|")})`;
    case "optional":
      return `[${toTemplate(tree.of)}]`;
    default:
      throw new Error("A template has no repetition.");
  }
}

/** All sentences of at most `longest` characters. */
export function sentencesOf(tree: Tree, longest: number): Sentences {
  const of = (part: Tree) => sentencesOf(part, longest);
  const parts = (): Sentences[] => (tree as { parts: readonly Tree[] }).parts.map(of);
  switch (tree.kind) {
    case "word":
      return tree.word.length <= longest ? new Map([[tree.word, 0]]) : new Map();
    case "sequence":
      return parts().reduce((before, after) => joined(before, after, longest));
    case "permutation":
      return union(orders(parts()).map((order) => order.reduce((a, b) => joined(a, b, longest))));
    case "choice": {
      const sum = tree.weights?.reduce((a, b) => a + b, 0) ?? 1;
      const weight = (i: number) => (tree.weights ? Math.log(tree.weights[i] / sum) : 0);
      return union(
        parts().map((part, i) => new Map([...part].map(([text, own]) => [text, own + weight(i)]))),
      );
    }
    case "optional":
      return union([of(tree.of), new Map([["", 0]])]);
    case "star":
      return union([repeated(of(tree.of), longest), new Map([["", 0]])]);
    case "plus":
      return repeated(of(tree.of), longest);
  }
}

/** The largest weight of all sentences, however long. */
export function largestWeight(tree: Tree): number {
  switch (tree.kind) {
    case "word":
      return 0;
    case "sequence":
    case "permutation":
      return tree.parts.reduce((sum, part) => sum + largestWeight(part), 0);
    case "choice": {
      const sum = tree.weights?.reduce((a, b) => a + b, 0) ?? 1;
      return Math.max(
        ...tree.parts.map((part, i) => largestWeight(part) + Math.log((tree.weights?.[i] ?? sum) / sum)),
      );
    }
    case "plus":
      return largestWeight(tree.of);
    default:
      return 0;
  }
}

function repeated(once: Sentences, longest: number): Sentences {
  let all = once;
  for (let size = -1; size !== all.size;) {
    size = all.size;
    all = union([all, joined(all, once, longest)]);
  }
  return all;
}

function joined(before: Sentences, after: Sentences, longest: number): Sentences {
  const pairs = [...before].flatMap(([a, x]) =>
    [...after].map(([b, y]) => [[a, b].filter((text) => text !== "").join(" "), x + y] as const),
  );
  return union(pairs.filter(([text]) => text.length <= longest).map((pair) => new Map([pair])));
}

function union(all: readonly Sentences[]): Sentences {
  const sentences: Sentences = new Map();
  for (const each of all)
    for (const [text, weight] of each)
      sentences.set(text, Math.max(weight, sentences.get(text) ?? -Infinity));
  return sentences;
}

function orders<Item>(items: readonly Item[]): Item[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, i) => orders(items.filter((_, k) => k !== i)).map((rest) => [item, ...rest]));
}
