// Row `start`: what a command costs before and beside its work, in processor time of a process of its own: `--help`, and a clip of two
// seconds transcribed by a network of width 512; beside them what Node alone takes, and with the engine loaded. Asked: the help within
// 0.3 s, the clip within 0.6 s.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execPath } from "node:process";
import { fileURLToPath } from "node:url";
import { mediansOf, randomModel, turnsOf } from "./measure.mjs";

const COMMAND = fileURLToPath(new URL("../dist/apps/cli/main.js", import.meta.url));
const CLIPS = fileURLToPath(new URL("../demo/corpus/dev/", import.meta.url));
/** Run by each process first: it says in the end what it took of the processor. */
const REPORT =
  'data:text/javascript,process.on("exit",()=>{const{user,system}=process.cpuUsage();process._rawDebug("took "+(user+system))})';

/** Prints and gives the medians, in milliseconds of the processor. */
export async function measure({ quick = false, rounds = quick ? 3 : 15 } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "earshot-start-"));
  try {
    const model = join(folder, "model.safetensors");
    const { writeModelFile } = await import("../dist/index.js");
    await writeFile(model, writeModelFile(await randomModel({ name: "deep-speech", width: 512 })));
    const [clip] = (await readdir(CLIPS)).toSorted();
    const runners = {
      node: ["--eval", "0"],
      "node with the engine": ["--eval", 'require("onnxruntime-node")'],
      help: [COMMAND, "--help"],
      transcribe: [COMMAND, "transcribe", join(CLIPS, clip), "-m", model, "--threads", "1"],
    };
    const turns = await turnsOf(
      Object.fromEntries(Object.entries(runners).map(([name, argv]) => [name, () => processorMs(argv)])),
      rounds,
    );
    const medians = mediansOf(turns);
    for (const [name, ms] of Object.entries(medians))
      console.log(`start  ${name.padEnd(20)}  ${ms.toFixed(0)} ms of the processor`);
    return [{ row: "start", ...medians, turns }];
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function processorMs(argv) {
  const child = spawn(execPath, ["--import", REPORT, ...argv], { stdio: ["ignore", "ignore", "pipe"] });
  let text = "";
  child.stderr.setEncoding("utf8").on("data", (part) => (text += part));
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`${argv.join(" ")} failed: ${text}`);
  return Number(/took (\d+)/.exec(text)[1]) / 1000; // of µs
}
