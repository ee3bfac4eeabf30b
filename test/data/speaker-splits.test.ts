import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { assignSplits, readManifests, writeManifest } from "../../src/data/index.ts";
import { RandomStream } from "../../src/random.ts";
import { temporaryFolder } from "./recordings.ts";

/** Speakers of very different diligence. */
const random = new RandomStream("speakers");
const items = Array.from({ length: 2000 }, () => {
  return { group: `s${Math.floor(50 * random.uniform() ** 3)}`, weight: 1 + 9 * random.uniform() };
});
const total = items.reduce((sum, { weight }) => sum + weight, 0);

describe("splits by speaker", () => {
  it.each([1, 2, 3])("divide no speaker and come near the shares of the hours (seed %i)", (seed) => {
    const splits = assignSplits(items, { dev: 0.1, test: 0.2 }, seed);
    const homes = new Set(items.map(({ group }, index) => `${group} ${splits[index]}`));
    expect(homes.size).toBe(new Set(items.map(({ group }) => group)).size);
    const share = (name: string): number =>
      items.reduce((sum, { weight }, index) => sum + (splits[index] === name ? weight : 0), 0) / total;
    expect(share("dev")).toBeCloseTo(0.1, 1);
    expect(share("test")).toBeCloseTo(0.2, 1);
  });

  it("are those of their seed", () => {
    const shares = { dev: 0.1, test: 0.1 };
    expect(assignSplits(items, shares, 1)).toEqual(assignSplits(items, shares, 1));
    expect(assignSplits(items, shares, 1)).not.toEqual(assignSplits(items, shares, 2));
  });

  it("give each split somebody, however few there are, or say that there are too few", () => {
    const three = ["a", "b", "c"].map((group) => ({ group, weight: 1 }));
    expect(assignSplits(three, { dev: 0.1, test: 0.1 }, 1).toSorted()).toEqual(["dev", "test", "train"]);
    expect(assignSplits(three.slice(1), { dev: 0.1, test: 0 }, 1).toSorted()).toEqual(["dev", "train"]);
    expect(() => assignSplits(three.slice(1), { dev: 0.1, test: 0.1 }, 1)).toThrow(
      "There are 2 speakers for 3 splits. Split by utterance (--by utterance), or ask for fewer splits (--dev 0).",
    );
  });

  it("divide utterances where there is nobody to keep together", () => {
    const splits = assignSplits(
      items.map(({ weight }) => ({ weight })),
      { dev: 0.25, test: 0 },
      1,
    );
    const dev = items.reduce((sum, { weight }, index) => sum + (splits[index] === "dev" ? weight : 0), 0);
    expect(dev / total).toBeCloseTo(0.25, 2);
  });
});

describe("a written manifest", () => {
  it("is read back as it was", async () => {
    const folder = temporaryFolder();
    const rows = [
      { path: join(folder, "clips/a, b.wav"), transcript: 'say "yes", twice', speaker: "7", split: "dev" },
      { path: join(folder, "../c.wav"), transcript: "", speaker: "", split: "test" },
    ];
    await writeManifest(join(folder, "sub/train.csv"), rows);
    const { utterances, warnings } = await readManifests([join(folder, "sub/train.csv")]);
    expect(utterances).toMatchObject(rows);
    expect(warnings).toEqual([]);
  });
});
