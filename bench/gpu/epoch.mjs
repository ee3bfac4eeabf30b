// An epoch of AN4's training set: noise in its real lengths, sorted, in batches of B.
//   node bench/gpu/epoch.mjs ENGINE WIDTH B [EPOCHS]    or, for a peer:  … write FILE WIDTH B

import { readFileSync, writeFileSync } from "node:fs";
import { argv } from "node:process";
import { RandomStream } from "../../dist/random.js";
import { F, makeCase, V } from "../step-case.mjs";
import { openStep } from "./open.mjs";

const [engine, ...rest] = argv.slice(2);
const { frames: all, labels: counts } = JSON.parse(
  readFileSync(new URL("an4-lengths.json", import.meta.url), "utf8"),
);
if (engine === "write") {
  const [path, , B] = rest;
  writeFileSync(path, JSON.stringify({ batches: batchesOf(Number(B)) }));
} else {
  const [width, B, epochs = "2"] = rest;
  const setting = await makeCase(
    { name: "deep-speech", width: Number(width) },
    { frameCount: 40, B: 2, L: 4 },
  );
  const random = new RandomStream(1, "bench epoch");
  const { run, times, close } = await openStep(engine, setting);
  for (let epoch = 0; epoch < Number(epochs); epoch++) {
    const start = performance.now();
    const batches = batchesOf(Number(B));
    for (const batch of batches) await run(noise(batch, random));
    const seconds = (performance.now() - start) / 1000;
    console.log(JSON.stringify({ part: "epoch", engine, width: Number(width), B: Number(B), epoch, seconds, steps: batches.length, loadSeconds: times.load / 1000 })); // prettier-ignore
    times.load = 0;
  }
  await close();
}

/** The lengths in frames and the numbers of labels of each batch. */
function batchesOf(B) {
  const order = all.map((_, i) => i).toSorted((a, b) => all[b] - all[a]);
  const count = Math.ceil(order.length / B);
  return Array.from({ length: count }, (_, i) => order.slice(i * B, (i + 1) * B)).map((members) => ({
    lengths: members.map((i) => all[i]),
    labels: members.map((i) => Math.min(counts[i], Math.floor(all[i] / 5))),
  }));
}

function noise({ lengths, labels }, random) {
  const [T, B] = [Math.max(...lengths), lengths.length];
  const frames = new Float32Array(T * B * F);
  const block = Float32Array.from({ length: 4096 }, () => 0.3 * random.normal());
  for (let t = 0; t < T; t++)
    for (let b = 0; b < B; b++) {
      if (t >= lengths[b]) continue;
      const from = (t * 97 + b * 31) % (block.length - F);
      frames.set(block.subarray(from, from + F), (t * B + b) * F);
    }
  const drawn = labels.map((count) =>
    Int32Array.from({ length: count }, (_, i) => (i * 7 + count) % (V - 1)),
  );
  return { frames, T, B, F, lengths, labels: drawn };
}
