// Our own model on recordings of a manifest: the evidence of one batch, with the labels that its alphabet spells. Its
// logits are what our loss takes.

import {
  computeFeatures,
  decodeAudio,
  normalizeFeatures,
  padFrames,
  SAMPLE_RATE_HZ,
  type Frames,
} from "../../../audio/index.ts";
import { readManifests, type Utterance } from "../../../data/index.ts";
import { openEngine } from "../../../engine/index.ts";
import { EarshotError } from "../../../errors.ts";
import { loadModelFile, type ModelFile } from "../../../model/index.ts";
import { inferenceProgram, outputSteps, stepMask } from "../../../network/index.ts";
import { readWholeFile } from "../../../platform/index.ts";
import { normalizeTranscript } from "../../../text/index.ts";
import type { Float64Tensor } from "../../../tensor.ts";
import type { BatchEvidence } from "../evidence/batch-evidence.ts";
import { evidenceFrom } from "../evidence/from-arrays.ts";
import { unfitEvidence } from "../evidence/named-arrays.ts";
import { rerun, type Forward } from "./reruns.ts";

const UTTERANCES = 6;
const LONGEST_SECONDS = 20;

interface Spoken {
  readonly frames: Frames;
  readonly labels: Int32Array;
}

/** @throws of the model file, of the manifest; UNFIT_EVIDENCE where no two of its recordings can be used */
export async function evidenceOfModel(
  modelPath: string,
  manifests: readonly string[],
): Promise<BatchEvidence> {
  const file = await loadModelFile(modelPath);
  const spoken = await speak(file, manifests);
  const program = await (await openEngine()).load(inferenceProgram(file.architecture, file.weights));
  const forward: Forward = async ({ dims, data }, frames) => {
    const steps = frames.map((count) => outputSteps(file.architecture, count));
    const padded = outputSteps(file.architecture, dims[0]); // T'
    const outputs = await program.run({
      frames: { type: "float32", dims, data: Float32Array.from(data) },
      mask: { type: "float32", dims: [padded, dims[1], 1], data: stepMask(steps, padded) },
    });
    const logits = outputs[program.outputs[0]];
    return {
      outputs: { type: "float64", dims: logits.dims, data: Float64Array.from(logits.data as Float32Array) },
      lengths: steps,
    };
  };
  try {
    const { frames, T, B, F, lengths } = padFrames(spoken.map((each) => each.frames));
    const input: Float64Tensor = { type: "float64", dims: [T, B, F], data: Float64Array.from(frames) };
    const { arrays, failed } = await rerun(forward, { input, batchAxis: 1, timeAxis: 0, frames: lengths });
    return evidenceFrom(
      { arrays: withTargets(arrays, spoken), facts: { ...factsOf(file), failed } },
      modelPath,
    );
  } finally {
    await program.close();
  }
}

function factsOf({ alphabet, features }: ModelFile): Record<string, unknown> {
  const rate = SAMPLE_RATE_HZ;
  return {
    layout: "TBV",
    takes: "logits",
    mode: "eval",
    blank: alphabet.blank,
    symbols: [...alphabet.symbols, "<blank>"],
    features: { sample_rate: rate, audio_rate: rate, f_max: features.highestHz, f_min: features.lowestHz },
  };
}

function withTargets(
  arrays: ReadonlyMap<string, Float64Tensor>,
  spoken: readonly Spoken[],
): Map<string, Float64Tensor> {
  const all = spoken.flatMap(({ labels }) => [...labels]);
  const counts = spoken.map(({ labels }) => labels.length);
  return new Map([
    ...arrays,
    ["targets", { type: "float64", dims: [all.length], data: Float64Array.from(all) }],
    ["target_lengths", { type: "float64", dims: [counts.length], data: Float64Array.from(counts) }],
  ]);
}

/** The first recordings that can be heard and spelled, evenly from the manifest. */
async function speak(file: ModelFile, manifests: readonly string[]): Promise<Spoken[]> {
  const { utterances } = await readManifests(manifests);
  const apart = Math.max(1, Math.floor(utterances.length / (2 * UTTERANCES)));
  const spoken: Spoken[] = [];
  for (const utterance of utterances.filter((_, i) => i % apart === 0)) {
    const each = await spokenOf(file, utterance);
    if (each) spoken.push(each);
    if (spoken.length === UTTERANCES) break;
  }
  if (spoken.length > 1) return spoken;
  throw unfitEvidence(
    manifests.join(", "),
    `Of its recordings ${spoken.length} can be heard and spelled by the model, up to ${LONGEST_SECONDS} s; two are needed.`,
    "Give a manifest of the model's language; the doctor without a model says what is the matter with it.",
  );
}

/** What cannot be heard or spelled is for the checks of the data. */
async function spokenOf(
  file: ModelFile,
  { path, transcript, where }: Utterance,
): Promise<Spoken | undefined> {
  try {
    const { samples } = await decodeAudio(await readWholeFile(path), path);
    const { text } = normalizeTranscript(transcript, file.alphabet, file.transcript, where);
    if (samples.length > LONGEST_SECONDS * SAMPLE_RATE_HZ || text === "") return undefined;
    const frames = normalizeFeatures(computeFeatures(samples, file.features), file.features, file.statistics);
    return frames.frames > 0 ? { frames, labels: file.alphabet.encode(text) } : undefined;
  } catch (error) {
    if (error instanceof EarshotError || error instanceof Error) return undefined;
    throw error;
  }
}
