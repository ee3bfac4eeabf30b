// What ranks warn of: that some of them have nothing to do, and what not all of them can read; and that a busy rank says so.

import { expect, it } from "vitest";
import { memoryRanks } from "../../src/platform/index.ts";
import { compareUtterances } from "../../src/training/ranks/common-utterances.ts";
import { RunRanks } from "../../src/training/ranks/run-ranks.ts";
import { allOf } from "../../src/training/ranks/together.ts";
import type { Utterance } from "../../src/data/index.ts";

it("ranks that are more than an update has batches are told of", () => {
  const ranks = new RunRanks(memoryRanks(3)[0], undefined);
  expect(ranks.idle(3)).toEqual([]);
  expect(ranks.idle(1)).toEqual([
    {
      code: "IDLE_RANKS",
      message:
        "An update of this run has 1 batch, so that of 3 ranks 2 wait: start fewer ranks, or begin a new run, which takes a batch for each rank (accumulate).",
    },
  ]);
});

it("what one rank cannot read all do without, by name", () => {
  const all = ["a.csv:2", "a.csv:3", "a.csv:4", "a.csv:5", "a.csv:6"];
  const seen = [all, all.slice(0, 1), all].map((places, rank) => ({ hash: String(rank % 2), places }));
  const { warnings, isKnownToAll } = compareUtterances(seen);
  expect(warnings).toEqual([
    {
      code: "NOT_ON_ALL_RANKS",
      message:
        "rank 1 cannot learn from 4 utterances that others can (a.csv:3, a.csv:4, a.csv:5 …): all ranks do without them.",
    },
  ]);
  const known = all.filter((where) => isKnownToAll({ where } as Utterance));
  expect(known).toEqual(["a.csv:2"]);
});

it("one whose part takes longer than ranks wait for each other says that it lives", async () => {
  const parts = memoryRanks(2, { timeoutSeconds: 0.3 }).map((ranks) =>
    allOf(ranks, async () => {
      await new Promise((resolve) => setTimeout(resolve, 900 * ranks.rank));
      return ranks.rank;
    }),
  );
  expect(await Promise.all(parts)).toEqual([
    [0, 1],
    [0, 1],
  ]);
});
