// Streams that run together say what each says alone, whatever their ages, their pieces and their company.

import { afterAll, describe, expect, it } from "vitest";
import { openEngine } from "../../src/engine/index.ts";
import {
  BatchDispatch,
  initializeWeights,
  LogitStream,
  resolveArchitecture,
  streamingProgram,
  type StreamLogits,
} from "../../src/network/index.ts";
import type { RunProgram } from "../../src/network/streaming.ts";
import { RandomStream } from "../../src/random.ts";

const F = 5;
const SIZES = { features: F, symbols: 6 };
const random = new RandomStream(1, "dispatch");

const framesOf = (count: number): Float32Array =>
  Float32Array.from({ length: count * F }, () => random.normal());

/** In pieces, some empty. */
async function logitsOf(
  stream: StreamLogits,
  frames: Float32Array,
  pieces: readonly number[],
): Promise<number[]> {
  const logits: number[] = [];
  let at = 0;
  for (const piece of pieces) {
    logits.push(...(await stream.push(frames.subarray(at * F, (at + piece) * F))));
    at += piece;
    if (piece % 3 === 0) await new Promise((resolve) => setTimeout(resolve, 0));
  }
  const last = frames.length % 2 === 0 ? frames.subarray(at * F) : undefined; // frames may come with the end
  return [...logits, ...(await stream.finish(last))];
}

function piecesOf(count: number): number[] {
  const pieces: number[] = [];
  for (let rest = count; rest > 0; rest -= pieces.at(-1)!) pieces.push(Math.min(rest, random.integer(9)));
  return (count * F) % 2 === 0 ? pieces.slice(0, -1) : pieces;
}

describe.each([
  { name: "deep-speech-forward", width: 8, context: 3, lookAhead: 4 },
  { name: "deep-speech-streaming", width: 8, cell: "gru" },
  { name: "deep-speech-streaming", width: 8, rowPlaces: "each", rowSteps: 7 },
  { name: "transformer", width: 8, heads: 2, layers: 2, channels: 2, memory: 6, lookAhead: 3 },
])("streams of $name in one dispatch", async (network) => {
  const architecture = resolveArchitecture(network, SIZES, "test");
  const streaming = streamingProgram(architecture, initializeWeights(architecture, 1));
  const program = await (await openEngine()).load(streaming.program, { threads: 1 });
  afterAll(() => program.close());

  it("have the logits that each has alone, in fewer runs", async () => {
    const runs: number[] = [];
    const run: RunProgram = (feeds) => {
      runs.push(feeds.frames.dims[1]);
      return program.run(feeds);
    };
    const dispatch = new BatchDispatch(streaming, run, 5);
    const streams = Array.from({ length: 12 }, (_, i) => {
      const count = [40, 7, 90][i % 3] + i;
      return { frames: framesOf(count), pieces: piecesOf(count), waitMs: 3 * (i % 4) };
    });
    const together = await Promise.all(
      streams.map(async ({ frames, pieces, waitMs }) => {
        await new Promise((resolve) => setTimeout(resolve, waitMs));
        return logitsOf(dispatch.open(), frames, pieces);
      }),
    );
    for (const [i, { frames }] of streams.entries()) {
      const alone = new LogitStream(streaming, (feeds) => program.run(feeds));
      const expected = [...(await alone.push(frames)), ...(await alone.finish())];
      expect(together[i]).toHaveLength(expected.length);
      const differences = expected.map((x, n) => Math.abs(x - together[i][n]) / Math.max(1, Math.abs(x)));
      expect(Math.max(...differences)).toBeLessThan(1e-5);
    }
    expect(Math.max(...runs)).toBe(5);
    expect(runs.length).toBeLessThan(streams.reduce((sum, { pieces }) => sum + pieces.length, 0) / 2);
  });

  it("that end go before the others that wait", async () => {
    const dispatch = new BatchDispatch(streaming, (feeds) => program.run(feeds), 2);
    const told: string[] = [];
    const streams = Array.from({ length: 7 }, () => dispatch.open());
    const last = streams.pop()!;
    await last.push(framesOf(40));
    const pushes = streams.map(async (stream, i) => {
      await stream.push(framesOf(60));
      told.push(`${i}`);
    });
    const end = last.finish(framesOf(20)).then(() => told.push("end"));
    await Promise.all([...pushes, end]);
    expect(told.toSorted()).toEqual(["0", "1", "2", "3", "4", "5", "end"]);
    expect(told.indexOf("end")).toBeLessThan(2);
  });

  it("fail together where a run fails, and go on", async () => {
    let isBroken = true;
    const run: RunProgram = (feeds) => (isBroken ? Promise.reject(new Error("broken")) : program.run(feeds));
    const dispatch = new BatchDispatch(streaming, run, 5);
    const outcomes = [dispatch.open(), dispatch.open()].map((stream) => stream.push(framesOf(40)));
    for (const outcome of outcomes) await expect(outcome).rejects.toThrow("broken");
    isBroken = false;
    expect((await dispatch.open().push(framesOf(40))).length).toBeGreaterThan(0);
  });
});
