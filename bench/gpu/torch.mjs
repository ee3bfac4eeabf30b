// PyTorch's step, by width and batch, and its epoch of AN4, beside those of step.mjs and epoch.mjs.
//   node bench/gpu/torch.mjs cuda|THREADS KIND WIDTH B [STEPS]   KIND: rnn, rnn-padded, loop    … with STEPS "epoch": the epoch

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argv, execPath } from "node:process";
import { fileURLToPath } from "node:url";
import { median } from "../../dist/quantiles.js";
import { openPeer, pythonsWith } from "../peer.mjs";
import { makeCase } from "../step-case.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const [threads, kind, width, B, steps = "15"] = argv.slice(2);
const [python] = pythonsWith("torch");
if (!python) throw new Error("No Python here imports torch.");
const folder = mkdtempSync(join(tmpdir(), "earshot-gpu-"));
const path = join(folder, "case.safetensors");
const epoch = steps === "epoch";
const sizes = epoch ? { frameCount: 40, B: 2, L: 4 } : { frameCount: 400, B: Number(B), L: 60 };
await makeCase({ name: "deep-speech", width: Number(width) }, sizes, path);
const peer = await openPeer(python.python, [here("../peers/step.py"), path, kind, threads]);
const about = { peer: `PyTorch ${peer.greeting.version}`, device: peer.greeting.device ?? threads, kind, width: Number(width), B: Number(B) }; // prettier-ignore
if (epoch) {
  const batches = join(folder, "batches.json");
  spawnSync(execPath, [here("epoch.mjs"), "write", batches, width, B], { stdio: "inherit" });
  for (const count of [0, 1]) {
    const { ms, steps: taken } = await peer.ask(`epoch ${batches}`);
    console.log(JSON.stringify({ part: "epoch", ...about, epoch: count, seconds: ms / 1000, steps: taken }));
  }
} else {
  const answers = [];
  for (let i = 0; i < Number(steps) + 3; i++) answers.push(await peer.ask("step"));
  const taken = answers.slice(3).map(({ ms }) => ms);
  console.log(JSON.stringify({ part: "step", ...about, ms: Number(median(taken).toFixed(2)), firstMs: answers[0].ms, loss: answers[0].loss })); // prettier-ignore
}
peer.close();
rmSync(folder, { recursive: true });
