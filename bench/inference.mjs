// Row `inference`: a recording of an hour, widths 512 to 2048 with random weights, one thread. Real-time factor (decoding,
// features, network and text; the model already loaded), by the clock and by the processor's own account, which other
// work on the machine disturbs less; and the peak memory of a process of its own.
// The hour repeats the demo's spoken clips with pauses of 0.6 s: random weights make no difference to time or memory.

import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argv, cpuUsage, execPath, resourceUsage } from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { randomModel } from "./measure.mjs";

const RATE_HZ = 16_000;
const CLIPS = fileURLToPath(new URL("../demo/corpus/dev/", import.meta.url));
const SELF = fileURLToPath(import.meta.url);

/**
 * Prints a row for each width, and gives them back.
 * @param quick five minutes of audio instead of an hour
 */
export async function measure({ quick = false } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "earshot-inference-"));
  try {
    const path = join(folder, "long.wav");
    await writeFile(path, await longRecording(quick ? 300 : 3600));
    const rows = [];
    for (const width of [512, 1024, 2048]) rows.push(await inOwnProcess(width, path));
    return rows;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function inOwnProcess(width, path) {
  const { stdout } = await promisify(execFile)(execPath, [SELF, String(width), path]);
  const row = JSON.parse(stdout);
  const { minutes, realTimeFactor, processorFactor, peakMegabytes, modelMegabytes } = row;
  console.log(
    `inference  width ${width}  ${minutes} min of audio  real-time factor ${realTimeFactor.toFixed(4)}` +
      ` (processor ${processorFactor.toFixed(4)})  peak ${peakMegabytes} MB, ${modelMegabytes} MB with the model alone`,
  );
  return row;
}

async function transcribeOnce(width, path) {
  const { Recognizer } = await import("../dist/index.js");
  const recognizer = await Recognizer.load(await randomModel({ name: "deep-speech", width }), { threads: 1 });
  const modelMegabytes = peakMegabytes();
  await recognizer.transcribe({ samples: new Float32Array(RATE_HZ), sampleRateHz: RATE_HZ });
  const [start, before] = [performance.now(), cpuUsage()];
  const { seconds } = await recognizer.transcribe(path);
  const elapsedSeconds = (performance.now() - start) / 1000;
  const { user, system } = cpuUsage(before); // µs
  await recognizer.close();
  return {
    width,
    minutes: Math.round(seconds / 60),
    realTimeFactor: elapsedSeconds / seconds,
    processorFactor: (user + system) / 1e6 / seconds,
    peakMegabytes: peakMegabytes(),
    modelMegabytes,
  };
}

const peakMegabytes = () => Math.round(resourceUsage().maxRSS / 1024); // maxRSS is in kB

/** The bytes of a 16-bit WAV file at 16 kHz. */
async function longRecording(seconds) {
  const { decodeAudio, encodeWav } = await import("../dist/audio/index.js");
  const clips = [];
  for (const name of (await readdir(CLIPS)).toSorted()) {
    const { samples } = await decodeAudio(await readFile(join(CLIPS, name)), name);
    clips.push(samples);
  }
  const data = new Float32Array(seconds * RATE_HZ);
  for (let at = 0, clip = 0; at < data.length; clip++) {
    const spoken = clips[clip % clips.length];
    data.set(spoken.subarray(0, data.length - at), at);
    at += spoken.length + 0.6 * RATE_HZ;
  }
  return encodeWav(data, RATE_HZ);
}

if (argv[1] === SELF) {
  const [width, path] = argv.slice(2);
  if (path === undefined) await measure({ quick: argv.includes("--quick") });
  else console.log(JSON.stringify(await transcribeOnce(Number(width), path)));
}
