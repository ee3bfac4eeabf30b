// The body of a feature worker: one recording in, its frames out. Each message is one job, answered by one reply;
// whatever a recording does wrong is answered as a fault, never thrown.

import { readFile } from "node:fs/promises";
import { parentPort } from "node:worker_threads";
import {
  changeSpeed,
  computeFeatures,
  decodeAudio,
  SAMPLE_RATE_HZ,
  type FeatureSettings,
} from "../audio/index.ts";
import { EarshotError, type Fault } from "../errors.ts";
import type { ComputedFeatures, ComputedVariant, FeatureJob, FeatureReply } from "./feature-job.ts";

parentPort?.on("message", (job: FeatureJob) => void answer(job));

async function answer(job: FeatureJob): Promise<void> {
  try {
    const features = await compute(job);
    const reply: FeatureReply = { features };
    parentPort?.postMessage(
      reply,
      features.variants.map(({ frames }) => frames.data.buffer as ArrayBuffer),
    );
  } catch (error) {
    const reply: FeatureReply = { fault: faultOf(error, job.path) };
    parentPort?.postMessage(reply, []);
  }
}

async function compute({ path, speeds, settings }: FeatureJob): Promise<ComputedFeatures> {
  const { samples, warnings } = await decodeAudio(await readFile(path), path);
  const variants: ComputedVariant[] = [];
  for (const speed of speeds) variants.push(await computeVariant(samples, speed, settings));
  return { variants, warnings };
}

async function computeVariant(
  samples: Float32Array,
  speed: number,
  settings: FeatureSettings,
): Promise<ComputedVariant> {
  const spoken = speed === 1 ? samples : await changeSpeed(samples, speed);
  const { data, frames, size } = computeFeatures(spoken, settings);
  const own = data.byteLength === data.buffer.byteLength ? data : data.slice(); // only whole buffers can be transferred
  return { frames: { data: own, frames, size }, seconds: spoken.length / SAMPLE_RATE_HZ };
}

function faultOf(error: unknown, path: string): Fault {
  if (error instanceof EarshotError) {
    return { code: error.code, where: error.where, problem: error.problem, remedy: error.remedy };
  }
  const missing = (error as NodeJS.ErrnoException)?.code === "ENOENT";
  return {
    code: missing ? "RECORDING_NOT_FOUND" : "UNREADABLE_RECORDING",
    where: path,
    problem: missing
      ? "There is no such file."
      : `The file cannot be read: ${(error as Error)?.message ?? error}.`,
    remedy: missing
      ? "Correct the path; paths in a manifest are relative to the manifest's folder."
      : "Check that the file is a recording and that you may read it.",
  };
}
