// Made-up names in speech: hot-words/ holds the log-probabilities [T, 29] that the demo's network (seed 1 of
// recipes/hot-words/run.mjs, which shows all names, weights and false alarms) gives three of the recipe's clips.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BeamDecoder } from "../../src/ctc/index.ts";
import { readManifests } from "../../src/data/index.ts";
import { buildLanguageModel, TrieScorer } from "../../src/lm/index.ts";
import { Alphabet } from "../../src/text/index.ts";

const CLIPS = [
  { clip: "bedchen-1", name: "bedchen", text: "open the bedchen door", without: "open the batchen door" },
  { clip: "gardow-1", name: "gardow", text: "open the gardow door", without: "open the garden door" },
  { clip: "winden-1", name: "winden", text: "open the winden door", without: "open the minden door" },
];

describe("a made-up name, in no training and no language model", () => {
  let scorer: TrieScorer;
  beforeAll(async () => (scorer = await demoTrigram()));

  const decode = async (clip: string, hotWords: Record<string, number>) => {
    const bytes = await readFile(new URL(`hot-words/${clip}.f32`, import.meta.url));
    const rows = new Float32Array(new Uint8Array(bytes).buffer);
    return new BeamDecoder(Alphabet.english(), {}, { scorer, hotWords }).decode(rows)[0].text;
  };

  it.each(CLIPS)("is taken for another without the hot word: $name", async ({ clip, without }) => {
    expect(await decode(clip, {})).toBe(without);
  });

  it.each(CLIPS)("is found with it: $name", async ({ clip, name, text }) => {
    expect(await decode(clip, { [name]: 20 })).toBe(text);
  });

  it.each(CLIPS)(
    "is found among other hot words, none of which is found instead: $name",
    async ({ clip, text }) => {
      expect(await decode(clip, Object.fromEntries(CLIPS.map(({ name }) => [name, 20])))).toBe(text);
    },
  );

  it.each(CLIPS)("is not found where another was said: $name", async ({ clip, name, without }) => {
    const others = CLIPS.filter((other) => other.name !== name);
    expect(await decode(clip, Object.fromEntries(others.map((other) => [other.name, 20])))).toBe(without);
  });
});

/** Of what the demo's network was trained on. */
async function demoTrigram(): Promise<TrieScorer> {
  const manifest = fileURLToPath(new URL("../../demo/corpus/manifest.csv", import.meta.url));
  const { utterances } = await readManifests([manifest]);
  const sentences = utterances.filter(({ split }) => split === "train").map(({ transcript }) => transcript);
  const folder = await mkdtemp(join(tmpdir(), "earshot-hot-words-"));
  afterAll(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "train.txt"), sentences.join("\n"));
  const { trie } = await buildLanguageModel([join(folder, "train.txt")], { order: 3 });
  return new TrieScorer(trie);
}
