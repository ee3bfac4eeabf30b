// Models built from text: numbers as KenLM's lmplz gives them (lmplz.json, by tools/oracles/lmplz.py), probabilities that
// sum to 1, and the same model however the text comes and however little memory counts may take.

import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { buildLanguageModel, readTrie, TrieScorer, writeArpa, writeCompact } from "../../src/lm/index.ts";
import type { BuildOptions, NgramTrie } from "../../src/lm/index.ts";
import { RandomStream } from "../../src/random.ts";
import known from "./lmplz.json" with { type: "json" };

const folder = await mkdtemp(join(tmpdir(), "earshot-lm-"));
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(name: string, content: string | Uint8Array): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

async function build(text: string, options: BuildOptions): Promise<NgramTrie> {
  return (await buildLanguageModel([await fileOf("text.txt", text)], options)).trie;
}

const arpaOf = (trie: NgramTrie): string => Buffer.concat([...writeArpa(trie)]).toString();

/** N-gram → log10 probability and, below the highest order, back-off. */
function ngramsOf(arpa: string): Map<string, number[]> {
  const rows = arpa.split("\n").map((line) => line.split("\t"));
  return new Map(
    rows.filter(({ length }) => length > 1).map(([p, ngram, ...b]) => [ngram, [p, ...b].map(Number)]),
  );
}

const TEXTS: Readonly<Record<string, string>> = known.texts;

/** Sentences of words from a few, some much more frequent than others. */
function randomText(random: RandomStream, sentences: number): string {
  const word = () => `w${Math.floor(14 * random.uniform() ** 2)}`;
  const lines = Array.from({ length: sentences }, () =>
    Array.from({ length: 1 + random.integer(6) }, word).join(" "),
  );
  return `${lines.join("\n")}\n`;
}

describe("a model built from text", () => {
  it.each(known.cases)(
    "has the n-grams and numbers of lmplz: $text, order $order, prune $prune",
    async ({ text, order, prune, vocabulary, ngrams }) => {
      const built = ngramsOf(arpaOf(await build(TEXTS[text], { order, prune, vocabulary })));
      expect([...built.keys()].toSorted()).toEqual(Object.keys(ngrams).toSorted());
      for (const [ngram, values] of Object.entries(ngrams)) {
        const own = built.get(ngram) ?? [];
        expect(own).toHaveLength(values.length);
        for (const [i, value] of values.entries()) {
          if (Math.abs(own[i] - value) > 2e-5) expect({ ngram, values: own }).toEqual({ ngram, values });
        }
      }
    },
  );

  it.each([1, 2, 3, 4])(
    "gives all words after any context probabilities that sum to 1, at order %i",
    async (order) => {
      const random = new RandomStream("sum", order);
      for (const prune of [[0], [0, 1], [0, 0, 2]]) {
        if (prune.length > order) continue;
        const trie = await build(randomText(random, 120), { order, prune });
        const scorer = new TrieScorer(trie);
        const result = { logProbability: 0, state: 0 };
        const states = Array.from({ length: trie.suffixes.length }, (_, state) => state);
        for (const state of random.shuffle(states).slice(0, 60)) {
          const words = [...Array(trie.counts[0]).keys()].filter((word) => word !== 1); // no context predicts <s>
          const sum = words.reduce(
            (total, word) => total + Math.exp(scorer.score(state, word, result).logProbability),
            0,
          );
          expect(sum).toBeCloseTo(1, 5);
        }
      }
    },
  );

  it("is the same however little memory counting may take, and leaves nothing behind", async () => {
    const text = randomText(new RandomStream("memory"), 400);
    for (const order of [1, 3, 5]) {
      const whole = arpaOf(await build(text, { order }));
      const parts = await build(text, { order, memoryBytes: 2000, temporaryFolder: folder });
      expect(arpaOf(parts)).toBe(whole);
    }
    expect((await readdir(folder)).filter((name) => name.includes("scratch"))).toEqual([]);
  });

  it("is the same from gzip, from several files, without a last line end, with tabs and Windows line ends", async () => {
    const whole = arpaOf(await build("a b a\nb c\n", { order: 2 }));
    const variants = [
      [await fileOf("a.txt.gz", gzipSync("a b a\nb c\n"))],
      [await fileOf("b1.txt", "a b a"), await fileOf("b2.txt", "b c\n")],
      [await fileOf("c.txt", "a b a\nb c")],
      [await fileOf("d.txt", " a\tb  a \r\nb c\r\n")],
      [await fileOf("e.txt", "\u{FEFF}a b <unk> a\nb c </s>\n")],
    ];
    for (const paths of variants) {
      expect(arpaOf((await buildLanguageModel(paths, { order: 2 })).trie)).toBe(whole);
    }
  });

  it("finds words that lie across the pieces in which a file is read", async () => {
    const text = "alpha beta gamma delta\n".repeat(100_000);
    const { trie, tokens, sentences } = await buildLanguageModel([await fileOf("long.txt", text)], {
      order: 2,
    });
    expect({ tokens, sentences, words: trie.counts[0] }).toEqual({
      tokens: 400_000,
      sentences: 100_000,
      words: 7,
    });
  });

  it("of characters spells the space, and takes it for a token", async () => {
    const trie = await build("ab é\n a  b\n", { order: 2, unit: "character" });
    const scorer = new TrieScorer(trie);
    expect([...scorer.words()].toSorted()).toEqual([" ", "a", "b", "é"]);
    expect(arpaOf(trie)).toContain("\tb <space>\n");
    expect(scorer.idOf(" ")).toBeGreaterThan(0);
  });

  it("takes at most 12 bytes an n-gram where nothing is pruned", async () => {
    const random = new RandomStream("bytes");
    const word = () => `w${Math.floor(3000 * random.uniform() ** 3)}`;
    const lines = Array.from({ length: 3000 }, () => Array.from({ length: 12 }, word).join(" "));
    const trie = await build(lines.join("\n"), { order: 5 });
    expect(Buffer.concat([...writeCompact(trie)]).length / trie.words.length).toBeLessThan(12);
  });

  it("can be read again when pruning left nothing of an order", async () => {
    const trie = await build(TEXTS.small, { order: 3, prune: [0, 9, 9] });
    expect(trie.counts.slice(1)).toEqual([0, 0]);
    const again = await readTrie(Buffer.from(arpaOf(trie)), "empty.arpa");
    expect(arpaOf(again)).toBe(arpaOf(trie));
    expect(arpaOf(await readTrie(Buffer.concat([...writeCompact(trie)]), "empty.lm"))).toBe(arpaOf(trie));
  });

  it("of a text without words, damaged gzip, or with impossible pruning is refused", async () => {
    await expect(build("\n\n", { order: 2 })).rejects.toMatchObject({ code: "EMPTY_TEXT" });
    const cut = gzipSync("a b c\n".repeat(1000)).subarray(0, 40);
    const opening = buildLanguageModel([await fileOf("cut.gz", cut)], { order: 2 });
    await expect(opening).rejects.toMatchObject({ code: "UNREADABLE_TEXT" });
    await expect(build("a\n", { order: 2, prune: [0, 2, 1] })).rejects.toMatchObject({
      code: "INVALID_SETTING",
    });
    await expect(build("a\n", { order: 2, prune: [1, 0] })).rejects.toMatchObject({
      code: "INVALID_SETTING",
    });
  });

  it("stops when asked to, and leaves nothing behind", async () => {
    const stop = new AbortController();
    const path = await fileOf("stop.txt", randomText(new RandomStream("stop"), 5000));
    const building = buildLanguageModel([path], {
      order: 3,
      memoryBytes: 2000,
      temporaryFolder: folder,
      signal: stop.signal,
      onProgress: ({ stage }) => stage === "counting" && stop.abort(new Error("enough")),
    });
    await expect(building).rejects.toThrow("enough");
    expect((await readdir(folder)).filter((name) => name.includes("scratch"))).toEqual([]);
  });
});
