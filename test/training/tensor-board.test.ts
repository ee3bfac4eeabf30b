// Event files for TensorBoard. Known answers: CRC-32C from RFC 3720, appendix B.4; a whole file was read back by
// TensorBoard 2.21.0 (tools/oracles/tensorboard_read.py), and its bytes are kept here by their SHA-256.

import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { tensorBoard } from "../../src/training/callbacks.ts";
import { crc32c } from "../../src/training/callbacks/tensor-board/crc32c.ts";

const folder = process.env.EARSHOT_EVENTS ?? mkdtempSync(join(tmpdir(), "earshot-board-"));
afterAll(() => {
  if (!process.env.EARSHOT_EVENTS) rmSync(folder, { recursive: true, force: true });
});

describe("CRC-32C", () => {
  it.each([
    ["32 zeros", new Uint8Array(32), 0x8a9136aa],
    ["32 ones", new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ["0 to 31", Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    ["31 to 0", Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
  ])("of %s", (_, bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
  });
});

it("writes what TensorBoard reads", async () => {
  const { event } = tensorBoard(folder, () => 1_700_000_000_500);
  void event!({
    type: "start",
    seed: 1,
    parameters: 1,
    utterances: 1,
    seconds: 1,
    devUtterances: 1,
    augmentation: "none",
    step: 2,
    directory: folder,
  });
  void event!({
    type: "batch",
    epoch: 1,
    epochs: 2,
    batch: 3,
    batches: 3,
    step: 3,
    loss: 41.5,
    gradientNorm: 2.25,
    learningRate: 0.001,
    framesPerSecond: 1,
    waitedMs: 0,
  });
  void event!({
    type: "epoch",
    epoch: 1,
    epochs: 2,
    step: 3,
    trainLoss: 50,
    devLoss: 40,
    devWer: 0.5,
    devCer: 0.25,
    best: true,
    seconds: 1,
    waiting: 0,
  });
  const layers = [{ name: "h1", gradientNorm: Number.NaN, weightNorm: 2, zeroShare: 0.5, clippedShare: 0 }];
  await event!({ type: "layers", epoch: 1, step: 3, layers });
  const [name] = readdirSync(folder);
  expect(name).toMatch(/^events\.out\.tfevents\.1700000000\.500\.earshot$/);
  const bytes = readFileSync(join(folder, name));
  expect(createHash("sha256").update(bytes).digest("hex")).toBe(
    "6ceef25b8d3d212c052cc857073688d3d8525d8bc028a6fe781081509ba38d7d",
  );
});
