// The body of a feature worker: one recording in, its frames out. Each message is one job, answered by one reply;
// whatever a recording does wrong is answered as a fault, never thrown.

import { parentPort } from "node:worker_threads";
import { changeSpeed, computeFeatures, decodeAudio, SAMPLE_RATE_HZ } from "../audio/index.ts";
import { EarshotError, type Fault } from "../errors.ts";
import { readWholeFile } from "../read-file.node.ts";
import type { ComputedFeatures, ComputedVariant, FeatureJob, FeatureReply } from "./feature-job.ts";
import { recordingFault } from "./recording-fault.ts";

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
  const { samples, warnings } = await decodeAudio(await readWholeFile(path), path);
  const variants: ComputedVariant[] = [];
  for (const speed of speeds) {
    const spoken = await changeSpeed(samples, speed);
    variants.push({
      frames: computeFeatures(spoken, settings),
      seconds: spoken.length / SAMPLE_RATE_HZ,
    });
  }
  return { variants, warnings };
}

/** What of an error can cross to the main thread. */
function faultOf(error: unknown, path: string): Fault {
  if (!(error instanceof EarshotError)) return recordingFault(path, error);
  const { code, where, problem, remedy } = error;
  return { code, where, problem, remedy };
}
