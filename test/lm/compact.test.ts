// The compact file: it gives the model back exactly, quantized nearly; whatever else its bytes may be, opening it ends in
// an error by name or in a model that answers with numbers. And random models against back-off written down plainly.

import { describe, expect, it } from "vitest";
import { EarshotError } from "../../src/errors.ts";
import {
  openLanguageModel,
  readTrie,
  scoreSentence,
  TrieScorer,
  writeArpa,
  writeCompact,
} from "../../src/lm/index.ts";
import type { NgramTrie } from "../../src/lm/index.ts";
import { RandomStream } from "../../src/random.ts";
import version1 from "./version-1.json" with { type: "json" };
import { plainLog10, randomArpa } from "./random-arpa.ts";

const compactOf = (trie: NgramTrie, quantize = false): Uint8Array =>
  Buffer.concat([...writeCompact(trie, { quantize })]);
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const random = new RandomStream("compact");
const models = await Promise.all(
  Array.from({ length: 12 }, async (_, i) => {
    const model = randomArpa(random, 1 + (i % 5));
    return { ...model, trie: await readTrie(bytesOf(model.arpa), "random.arpa") };
  }),
);
const sentences = Array.from({ length: 40 }, () =>
  Array.from({ length: random.integer(8) }, () => `w${random.integer(8)}`).join(" "),
);

describe("a random model", () => {
  it("scores sentences as back-off says, written down plainly", async () => {
    for (const { arpa, ngrams } of models) {
      const scorer = await openLanguageModel(bytesOf(arpa), "random.arpa");
      for (const sentence of sentences) {
        expect(scoreSentence(scorer, sentence).log10).toBeCloseTo(plainLog10(ngrams, sentence), 3);
      }
    }
  });

  it("is the same model after writing and reading it as ARPA and as a compact file", async () => {
    for (const { trie } of models) {
      const arpa = Buffer.concat([...writeArpa(trie)]);
      const again = await readTrie(arpa, "again.arpa");
      expect(Buffer.concat([...writeArpa(again)]).equals(arpa)).toBe(true);
      const compact = compactOf(trie);
      expect(Buffer.compare(compactOf(await readTrie(compact, "again.lm")), compact)).toBe(0);
    }
  });

  it("opens from a file of version 1 as from one of today", async () => {
    const trie = await readTrie(bytesOf(version1.arpa), "version-1.arpa");
    for (const quantize of [false, true]) {
      const old = Buffer.from(quantize ? version1.quantized : version1.plain, "base64");
      const again = await readTrie(old, "version-1.lm");
      const today = await readTrie(compactOf(trie, quantize), "version-2.lm");
      expect(Buffer.concat([...writeArpa(again)])).toEqual(Buffer.concat([...writeArpa(today)]));
    }
  });

  it.each([
    ["a buffer", (length: number) => new Uint8Array(length)],
    ["a Buffer of Node, whose slices are no copies", (length: number) => Buffer.alloc(length)],
  ])("opens at any place in %s", async (_, bytes) => {
    const compact = compactOf(models[2].trie);
    for (const place of [1, 2, 3, 4]) {
      const shifted = bytes(compact.length + place).subarray(place);
      shifted.set(compact);
      expect((await readTrie(shifted, "shifted")).words).toEqual(models[2].trie.words);
    }
  });

  it("keeps each probability to a hundredth when quantized", async () => {
    for (const { trie } of models) {
      const again = await readTrie(compactOf(trie, true), "quantized.lm");
      for (const [arc, value] of trie.logProbs.entries()) expect(again.logProbs[arc]).toBeCloseTo(value, 1.6);
      for (let state = 0; state < trie.suffixes.length; state++)
        expect(again.backoffs.get(state)).toBeCloseTo(trie.backoffs.get(state), 1.6);
    }
  });
});

describe("a damaged compact file", () => {
  it("of version 1 is refused by name, or is a model that answers with numbers", async () => {
    let opened = 0;
    for (let round = 0; round < 1000; round++) {
      const damaged = Buffer.from(round % 3 === 0 ? version1.quantized : version1.plain, "base64");
      for (let i = 0; i <= random.integer(4); i++)
        damaged[random.integer(damaged.length)] = random.integer(256);
      const scorer = await openLanguageModel(damaged, "damaged.lm").catch((error: unknown) => {
        if (!(error instanceof EarshotError)) throw error;
        return undefined;
      });
      if (!scorer) continue;
      opened++;
      expect(Number.isFinite(scoreSentence(scorer, "red fox runs red").log10)).toBe(true);
    }
    expect(opened).toBeGreaterThan(100);
  });

  it("that is cut, or too long, is refused by name", async () => {
    const compact = compactOf(models[3].trie);
    for (const length of [12, 23, 30, 100, compact.length - 8, compact.length - 1]) {
      const opening = openLanguageModel(compact.subarray(0, length), "cut.lm");
      await expect(opening).rejects.toMatchObject({ code: "NOT_A_LANGUAGE_MODEL", where: "cut.lm" });
    }
    const longer = Buffer.concat([compact, new Uint8Array(8)]);
    await expect(openLanguageModel(longer, "long.lm")).rejects.toThrow(
      "more in the file than its header says",
    );
  });

  it("of a later release is refused with the way out", async () => {
    const compact = compactOf(models[0].trie);
    compact[12] = 3;
    const opening = openLanguageModel(compact, "later.lm");
    await expect(opening).rejects.toMatchObject({ code: "LANGUAGE_MODEL_TOO_NEW" });
    await expect(opening).rejects.toThrow("npm install earshot@latest");
  });

  it("of a version that never was is refused", async () => {
    const compact = compactOf(models[0].trie);
    compact[12] = 0;
    await expect(openLanguageModel(compact, "zero.lm")).rejects.toMatchObject({
      code: "NOT_A_LANGUAGE_MODEL",
      problem: "There is no format version 0.",
    });
  });

  it.each([
    ["opened", openLanguageModel, 30],
    [
      "read and checked",
      async (bytes: Uint8Array, where: string) => new TrieScorer(await readTrie(bytes, where)),
      300,
    ],
  ])(
    "with any bytes changed, %s, is refused, or is a model that answers with numbers",
    async (_, open, least) => {
      let [refused, opened] = [0, 0];
      for (let round = 0; round < 1500; round++) {
        const damaged = compactOf(models[round % models.length].trie, round % 3 === 0).slice();
        for (let i = 0; i <= random.integer(4); i++)
          damaged[random.integer(damaged.length)] = random.integer(256);
        try {
          const scorer = await open(damaged, "damaged.lm");
          for (const sentence of sentences.slice(0, 6)) {
            expect(Number.isFinite(scoreSentence(scorer, sentence).log10)).toBe(true);
          }
          opened++;
        } catch (error) {
          if (!(error instanceof EarshotError)) throw error;
          refused++;
        }
      }
      expect(refused).toBeGreaterThan(least);
      expect(opened).toBeGreaterThan(300);
    },
  );
});

describe("a damaged ARPA file", () => {
  it("with any characters changed is refused by name, or is a model that answers with numbers", async () => {
    for (let round = 0; round < 600; round++) {
      const damaged = bytesOf(models[round % models.length].arpa);
      for (let i = 0; i <= random.integer(4); i++)
        damaged[random.integer(damaged.length)] = 9 + random.integer(110);
      try {
        const scorer = await openLanguageModel(damaged, "damaged.arpa");
        expect(Number.isFinite(scoreSentence(scorer, "w1 w2 w3").log10)).toBe(true);
      } catch (error) {
        if (!(error instanceof EarshotError)) throw error;
      }
    }
  });
});
