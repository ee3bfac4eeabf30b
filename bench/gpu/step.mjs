// A whole train step on an engine, by width and batch: milliseconds, and where they go.
//   node bench/gpu/step.mjs ENGINE WIDTH B [STEPS [CELL]]

import { argv } from "node:process";
import { median } from "../../dist/quantiles.js";
import { F, makeCase } from "../step-case.mjs";
import { openStep } from "./open.mjs";

const [engine, width, B, steps = "9", cell = "clipped"] = argv.slice(2);
const setting = await makeCase(
  { name: "deep-speech", width: Number(width), cell },
  { frameCount: 400, B: Number(B), L: 60 },
);
const { frames, frameCount: T, lengths, labels, parameters } = setting;
const { run, times, close } = await openStep(engine, setting);
const taken = [];
let loss;
for (let i = 0; i < Number(steps) + 2; i++) {
  if (i === 2) for (const kind of Object.keys(times.run)) times.run[kind] = [];
  const start = performance.now();
  const outcome = await run({ frames, T, B: Number(B), F, lengths, labels });
  taken.push(performance.now() - start);
  loss = outcome.losses.reduce((sum, x) => sum + x, 0) / outcome.losses.length;
}
const round = (ms) => Number(ms.toFixed(2));
const ms = median(taken.slice(2));
const parts = Object.entries(times.run).filter(([, all]) => all.length > 0);
console.log(
  JSON.stringify({
    part: "step",
    engine,
    cell,
    width: Number(width),
    B: Number(B),
    ms: round(ms),
    gflops: Math.round((6 * B * setting.T * parameters) / ms / 1e6),
    parts: Object.fromEntries(parts.map(([kind, all]) => [kind, round(median(all))])),
    firstMs: round(taken[0]),
    loadMs: round(times.load),
    loss,
    parameters,
  }),
);
await close();
