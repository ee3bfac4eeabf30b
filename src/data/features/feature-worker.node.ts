// The body of a feature worker: one recording in, its frames out. Each message is one job, answered by one reply;
// whatever a recording does wrong is answered as a fault, never thrown.

import { parentPort } from "node:worker_threads";
import { computeFeatures, decodeAudio, SAMPLE_RATE_HZ } from "../../audio/index.ts";
import { EarshotError, type Fault } from "../../errors.ts";
import { readWholeFile } from "../../platform/index.ts";
import { applyEffects } from "../augmentation/effects.ts";
import { SoundLibrary } from "../augmentation/sound-library.ts";
import type { ComputedFeatures, ComputedVariant, FeatureJob, FeatureReply } from "./feature-job.ts";
import { changePace } from "./pace.ts";
import { recordingFault } from "./recording-fault.ts";

/** A memo, not state: which noises it remembers changes no answer. */
const library = new SoundLibrary();

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

async function compute(job: FeatureJob): Promise<ComputedFeatures> {
  const { effects = {}, settings, keepSamples } = job;
  const { played, warnings } = await play(job);
  const variants: ComputedVariant[] = [];
  for (const samples of played) {
    const heard = await applyEffects(samples, effects, library);
    const seconds = heard.length / SAMPLE_RATE_HZ;
    variants.push({ frames: computeFeatures(heard, settings), seconds, ...(keepSamples && { samples }) });
  }
  return { variants, warnings };
}

/** The recording at each pace. */
async function play({ path, paces, samples }: FeatureJob) {
  if (samples) return { played: [samples], warnings: [] };
  const decoded = await decodeAudio(await readWholeFile(path), path);
  const played = await Promise.all(paces.map((pace) => changePace(decoded.samples, pace)));
  return { played, warnings: decoded.warnings };
}

/** What of an error can cross to the main thread. */
function faultOf(error: unknown, path: string): Fault {
  if (!(error instanceof EarshotError)) return recordingFault(pathOf(error) ?? path, error);
  const { code, where, problem, remedy } = error;
  return { code, where, problem, remedy };
}

/** The file that an error of the file system names: it may be a noise. */
function pathOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).path;
}
