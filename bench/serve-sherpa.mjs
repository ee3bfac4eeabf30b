// The peer of the row `serve`: sherpa-onnx's own websocket servers (the executables of PyPI's sherpa-onnx-bin) with the network that
// Earshot serves, in the same precision (nemo-form.mjs). Frames are sherpa-onnx's own, Kaldi's, of as many bins, which the weights were
// not trained for: its texts mean little, its times are those of this network.

import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "../recipes/free-port.mjs";
import { filesProgram, liveProgram } from "./nemo-form.mjs";

const HOP_SECONDS = 0.01;
/** New frames of a run: the blocks that clients send, and what streaming models of sherpa-onnx often have. */
const CHUNKS = [10, 32];
const TOGETHER = 32;
const WORK_THREADS = 2;

/**
 * @param folder where models are written @param file our model @param executables the folder of sherpa-onnx's
 * @returns a server for live streams for each length of chunk, and one for files
 */
export async function sherpaServers(folder, file, precision, executables) {
  const tokens = [...file.alphabet.symbols.map((symbol) => symbol.replace(" ", "▁")), "<blk>"];
  await writeFile(join(folder, "tokens.txt"), tokens.map((token, index) => `${token} ${index}\n`).join(""));
  const served = async (kind, onnx, how, further = []) => {
    const model = join(folder, `${how}.onnx`);
    await writeFile(model, onnx);
    const program = join(executables, `sherpa-onnx-${kind}-websocket-server`);
    const options = [`--nemo-ctc-model=${model}`, ...commonOptions(folder, file), ...further];
    return {
      name: `sherpa-onnx, ${precision}, greedy, ${how}`,
      start: () => startSherpa(program, options),
    };
  };
  const live = CHUNKS.map(async (chunk) => {
    const { onnx, framesBehind } = liveProgram(file, precision, chunk);
    const silence = (framesBehind + 2) * HOP_SECONDS; // no more than brings the last row out
    const further = [`--end-tail-padding=${silence}`];
    return {
      ...(await served("online", onnx, `chunks of ${10 * chunk} ms`, further)),
      live: "sherpa-live",
    };
  });
  const files = await served("offline", filesProgram(file, precision), "whole recordings");
  return [...(await Promise.all(live)), { ...files, files: "sherpa-files" }];
}

const commonOptions = (folder, { architecture }) => [
  `--tokens=${join(folder, "tokens.txt")}`,
  "--model-type=nemo_ctc",
  `--feat-dim=${architecture.features}`,
  "--num-threads=1",
  `--num-work-threads=${WORK_THREADS}`,
  `--max-batch-size=${TOGETHER}`,
  `--log-file=${join(folder, "sherpa.log")}`,
];

async function startSherpa(program, options) {
  const port = await freePort();
  const server = spawn(program, [`--port=${port}`, ...options], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.once("exit", (code) => reject(new Error(`${program} ended with ${code}: ${said}`)));
    server.stderr.on("data", (text) => (said += text).includes("Started!") && resolve());
  });
  server.stderr.removeAllListeners("data").resume();
  return { server, address: `ws://127.0.0.1:${port}` };
}
