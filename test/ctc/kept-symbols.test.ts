import { describe, expect, it } from "vitest";
import { KeptSymbols } from "../../src/ctc/decoder/kept-symbols.ts";
import { RandomStream } from "../../src/random.ts";
import { randomRows } from "./texts.ts";

const STEPS = 20;

/** By the definition: the likeliest, by probability, by their number and by their sum; of equals the first. */
function plainly(
  row: Float32Array,
  { cutoffProbability = 0, symbolLimit = row.length, symbolMass = 1 },
): number[] {
  const ranked = [...row.keys()].toSorted((a, b) => row[b] - row[a]);
  const above = ranked.filter((k) => row[k] >= Math.log(cutoffProbability));
  let mass = 0;
  return (above.length > 0 ? above : ranked.slice(0, 1)).slice(0, symbolLimit).filter((k, place) => {
    const isKept = place === 0 || mass < symbolMass;
    mass += Math.exp(row[k]);
    return isKept;
  });
}

describe.each([9, 100])("of %i symbols", (V) => {
  const rows = randomRows(new RandomStream("kept symbols", V), STEPS, V, 2);
  rows[0] = rows[4] = rows[2]; // equals
  const sum = rows.subarray(0, V).reduce((sum, log) => sum + Math.exp(log), 0);
  for (let k = 0; k < V; k++) rows[k] -= Math.log(sum);

  it.each([
    {},
    { cutoffProbability: 0.05 },
    { cutoffProbability: 0.9 },
    { symbolLimit: 4 },
    { symbolMass: 0.7 },
    { symbolLimit: 3, symbolMass: 0.7, cutoffProbability: 0.01 },
  ])("those kept of each row are the likeliest, whatever the rows before: %j", (bounds) => {
    const all = { cutoffProbability: 0, symbolMass: 1, ...bounds };
    const kept = new KeptSymbols(V, { ...all, symbolLimit: bounds.symbolLimit });
    for (let step = 0; step < STEPS; step++) {
      const row = rows.subarray(step * V, (step + 1) * V);
      kept.read(rows, step * V, step);
      const expected = plainly(row, bounds);
      expect([...kept.symbols.subarray(0, kept.count)].toSorted((a, b) => a - b)).toEqual(
        expected.toSorted((a, b) => a - b),
      );
      expect([...kept.logs]).toEqual(Array.from(row, (log, k) => (expected.includes(k) ? log : -Infinity)));
      const least = row[expected[Math.floor(expected.length / 2)]];
      const first = expected.filter((k) => row[k] >= least);
      expect([...kept.symbols.subarray(0, kept.likeliest(least))]).toEqual(first);
      expect([...kept.symbols.subarray(0, kept.likeliest(-Infinity))]).toEqual(expected);
    }
  });
});
