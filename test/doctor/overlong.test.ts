// A few texts far longer than their recordings: they are counted and named, and the others are not accused with them.

import { expect, it } from "vitest";
import { CORPUS_PROBES, type MeasuredUtterance } from "../../src/doctor/data/evidence.ts";
import { pairChecks } from "../../src/doctor/data/pairs.ts";
import { conclude, examine } from "../../src/doctor/examination.ts";
import type { Finding } from "../../src/doctor/index.ts";
import { RandomStream } from "../../src/random.ts";

const random = new RandomStream("overlong");
const word = () => ["light", "radio", "open", "kitchen", "six"][random.integer(5)];

/** Rows whose speech lasts as long as their texts take, but the given ones, whose texts are ten times as long. */
async function findings(words: () => number, rows: number, overlong: readonly number[]): Promise<Finding[]> {
  const measured = Array.from({ length: rows }, (_, i) => {
    const text = Array.from({ length: words() }, word).join(" ");
    const activeSeconds = (0.2 + 0.06 * text.length) * Math.exp(0.1 * random.normal());
    const sound = { seconds: activeSeconds + 0.2, activeSeconds, endDb: -40 };
    const transcript = overlong.includes(i) ? Array(10).fill(text).join(" ") : text;
    return { where: `a.csv:${i + 2}`, path: `${i}.wav`, transcript, speaker: "", split: "train", sound };
  });
  const evidence = { measured: measured as unknown as MeasuredUtterance[] };
  return [...conclude(await examine(pairChecks, evidence, CORPUS_PROBES)).findings];
}

const EIGHT = [3, 50, 51, 120, 200, 201, 300, 383];

it.each([
  ["sentences of many lengths", () => 2 + random.integer(8)],
  ["commands of two or three words", () => 2 + random.integer(2)],
])("names the 8 of 384 among %s", async (_, words) => {
  const [found, ...others] = await findings(words, 384, EIGHT);
  expect(found.code).toBe("TRANSCRIPTS_TOO_LONG");
  expect(others).toEqual([]);
  expect(found.evidence[0]).toContain("8 of 384");
  for (const row of EIGHT) expect(found.evidence.join("\n")).toContain(`a.csv:${row + 2}  ${row}.wav`);
  expect(found.evidence[1]).toMatch(/s of speech, where .* letters\) takes about/);
});

it("says nothing where all texts are as long as their recordings", async () => {
  expect(await findings(() => 2 + random.integer(8), 384, [])).toEqual([]);
  expect(await findings(() => 2 + random.integer(2), 384, [])).toEqual([]);
});
