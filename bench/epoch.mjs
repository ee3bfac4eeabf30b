// Row `epoch`: an epoch of AN4's training set with a recipe's configuration, one thread, beside PyTorch. Ours is the second one of
// `earshot train`, from recordings (as they are, whose features the first has kept) to weights, without a dev split. PyTorch's has
// noise in the lengths of the same batches, its own padding and masks, and its fused AdamW: no features to make. `--part 3` takes every
// third utterance.

import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { env, execPath } from "node:process";
import { fileURLToPath } from "node:url";
import { median } from "../dist/quantiles.js";
import { openPeer, pythonsWith } from "./peer.mjs";
import { an4Plan, everyNth } from "./recipe-case.mjs";
import { makeCase } from "./step-case.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const B = 8;
const KINDS = { clipped: ["rnn", "rnn-padded", "loop"], gru: ["gru", "gru-padded"] };
const SIZES = { frameCount: 32, B: 2, L: 6, features: 64 };

/** Prints a line for each, and gives them. @param quick one round instead of three */
export async function measure({
  quick = false,
  cell = "clipped",
  widths = [384],
  peers = KINDS[cell],
  ...asked
} = {}) {
  const { rounds = quick ? 1 : 3 } = asked;
  const sizes = { cell, width: widths[0], part: Number(asked.part ?? 1) };
  const folder = await mkdtemp(join(tmpdir(), "earshot-epoch-"));
  const runners = { ours: await openOurs(folder, sizes) };
  const opened = [];
  try {
    for (const kind of peers) {
      const peer = await openTorch(folder, sizes, kind);
      opened.push(peer);
      runners[peer.name] = peer.epoch;
    }
    const seconds = Object.fromEntries(Object.keys(runners).map((name) => [name, []]));
    for (let round = 0; round < rounds; round++)
      for (const [name, run] of Object.entries(runners)) {
        seconds[name].push(await run());
        console.log(`epoch  ${cell} width ${sizes.width}  ${name}: ${seconds[name].at(-1).toFixed(1)} s`);
      }
    const taken = Object.fromEntries(Object.entries(seconds).map(([name, all]) => [name, median(all)]));
    const { ours, ...others } = taken;
    const fastest = Math.min(...Object.values(others));
    if (opened.length > 0)
      console.log(`epoch  ${cell} width ${sizes.width}: ${(fastest / ours).toFixed(2)} × the fastest peer`);
    return [{ row: "epoch", ...sizes, seconds }];
  } finally {
    opened.forEach(({ close }) => close());
    await rm(folder, { recursive: true });
  }
}

/** Seconds of the second epoch of a run. */
async function openOurs(folder, { cell, width, part }) {
  const manifest = join(folder, "manifest.csv");
  const source = join(env.EARSHOT_DATA ?? "", "an4", "manifest.csv");
  const rows = (await readFile(source, "utf8")).trim().split("\n");
  const own = rows.slice(1).filter((row) => row.endsWith(",train"));
  const placed = everyNth(own, part).map((row) => resolve(dirname(source), row));
  await writeFile(manifest, [rows[0], ...placed].join("\n"));
  const settings = [`network.cell=${cell}`, `network.width=${width}`, "epochs=2", "data.augmentation.speeds=[1]", "data.augmentation.delayFrames=0"]; // prettier-ignore
  const config = here("../recipes/an4/networks/paper.yaml");
  const asked = [here("../dist/apps/cli/main.js"), "train", manifest, "--config", config, "--json"];
  let run = 0;
  return async () => {
    const out = join(folder, `run-${run++}`);
    const args = [...asked, "--out", out, ...settings.flatMap((setting) => ["--set", setting])];
    const child = spawn(execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    let seconds;
    for await (const line of createInterface({ input: child.stdout })) {
      const event = JSON.parse(line);
      if (event.type === "epoch") seconds = event.seconds;
    }
    return seconds;
  };
}

async function openTorch(folder, { part, ...network }, kind) {
  const [{ python }] = pythonsWith("torch");
  const path = join(folder, `${kind}.safetensors`);
  const batches = join(folder, "batches.json");
  const about = { name: "deep-speech", ...network, context: 5, dropout: 26 / 256 };
  await makeCase(about, SIZES, path);
  await writeFile(batches, JSON.stringify({ optimizer: "adamw", batches: await an4Plan(B, part) }));
  const limits = { OMP_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };
  const { greeting, ask, close } = await openPeer(python, [here("peers/step.py"), path, kind, "1"], limits);
  const epoch = async () => (await ask(`epoch ${batches}`)).ms / 1000;
  return {
    name: `PyTorch ${greeting.version}, ${kind} (${(greeting.parameters / 1e6).toFixed(2)} M)`,
    epoch,
    close,
  };
}
