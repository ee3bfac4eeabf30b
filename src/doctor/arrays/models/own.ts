// Our own model on recordings of a manifest: the evidence of one batch, with the labels that its alphabet spells. Its
// logits are what our loss takes.

import { cutSilence, decodeAudio, padFrames, SAMPLE_RATE_HZ, type Frames } from "../../../audio/index.ts";
import { readManifests, type Utterance } from "../../../data/index.ts";
import { openEngine } from "../../../engine/index.ts";
import { EarshotError } from "../../../errors.ts";
import { loadModelFile, normalizedFrames, type ModelFile } from "../../../model/index.ts";
import { inferenceProgram, outputSteps, stepMask } from "../../../network/index.ts";
import { isSystemError, readWholeFile } from "../../../platform/index.ts";
import { normalizeTranscript } from "../../../text/index.ts";
import type { Float64Tensor } from "../../../tensor.ts";
import type { BatchEvidence } from "../evidence/batch-evidence.ts";
import { evidenceFrom } from "../evidence/from-arrays.ts";
import { unfitEvidence } from "../evidence/named-arrays.ts";
import { rerun, type Forward } from "./reruns.ts";

const UTTERANCES = 6;
const LONGEST_SECONDS = 20;

interface LabeledFrames {
  readonly frames: Frames;
  readonly labels: Int32Array;
}

/** @throws of the model file, of the manifest; UNFIT_EVIDENCE where no two of its recordings can be used */
export async function evidenceOfModel(
  modelPath: string,
  manifests: readonly string[],
): Promise<BatchEvidence> {
  const file = await loadModelFile(modelPath);
  const labeled = await chooseRecordings(file, manifests);
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
    const { frames, T, B, F, lengths } = padFrames(labeled.map((each) => each.frames));
    const input: Float64Tensor = { type: "float64", dims: [T, B, F], data: Float64Array.from(frames) };
    const { arrays, failed } = await rerun(forward, { input, batchAxis: 1, timeAxis: 0, frames: lengths });
    return evidenceFrom(
      { arrays: withTargets(arrays, labeled), facts: { ...factsOf(file), failed } },
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
  labeled: readonly LabeledFrames[],
): Map<string, Float64Tensor> {
  const all = labeled.flatMap(({ labels }) => [...labels]);
  const counts = labeled.map(({ labels }) => labels.length);
  return new Map([
    ...arrays,
    ["targets", { type: "float64", dims: [all.length], data: Float64Array.from(all) }],
    ["target_lengths", { type: "float64", dims: [counts.length], data: Float64Array.from(counts) }],
  ]);
}

/** The first recordings that can be decoded and spelled, evenly from the manifest. */
async function chooseRecordings(file: ModelFile, manifests: readonly string[]): Promise<LabeledFrames[]> {
  const { utterances } = await readManifests(manifests);
  const apart = Math.max(1, Math.floor(utterances.length / (2 * UTTERANCES)));
  const chosen: LabeledFrames[] = [];
  for (const utterance of utterances.filter((_, i) => i % apart === 0)) {
    const each = await labeledFrames(file, utterance);
    if (each) chosen.push(each);
    if (chosen.length === UTTERANCES) break;
  }
  if (chosen.length > 1) return chosen;
  throw unfitEvidence(
    manifests.join(", "),
    `Of its recordings ${chosen.length} can be heard and spelled by the model, up to ${LONGEST_SECONDS} s; two are needed.`,
    "Give a manifest of the model's language; the doctor without a model says what is the matter with it.",
  );
}

/** What cannot be read, decoded or spelled is for the checks of the data. */
async function labeledFrames(
  file: ModelFile,
  { path, transcript, where }: Utterance,
): Promise<LabeledFrames | undefined> {
  try {
    const { samples } = await decodeAudio(await readWholeFile(path), path);
    const { text } = normalizeTranscript(transcript, file.alphabet, file.transcript, where);
    if (samples.length > LONGEST_SECONDS * SAMPLE_RATE_HZ || text === "") return undefined;
    const frames = normalizedFrames(cutSilence(samples).samples, file);
    return frames.frames > 0 ? { frames, labels: file.alphabet.encode(text) } : undefined;
  } catch (error) {
    if (error instanceof EarshotError || isSystemError(error)) return undefined;
    throw error;
  }
}
