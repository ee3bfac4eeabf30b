// One recording walked through everything that becomes of it, from the bytes of its file to the loss, with the shape of
// each stage and the milliseconds that it took: where does my data turn into something that it should not be?

import {
  computeFeatures,
  cutSilence,
  decodeAudio,
  normalizeFeatures,
  SAMPLE_RATE_HZ,
} from "../audio/index.ts";
import { ctcLoss, greedyDecode } from "../ctc/index.ts";
import type { LabeledUtterance } from "../data/index.ts";
import type { FeatureSettings, Frames } from "../audio/index.ts";
import type { TrainedModel } from "../model/index.ts";
import { readWholeFile } from "../platform/index.ts";

export interface SummaryStep {
  readonly name: string;
  /** Of the array, text or list that it makes. */
  readonly shape: readonly number[];
  readonly milliseconds: number;
  readonly about: string;
}

export interface SummaryRequest {
  readonly utterance: LabeledUtterance;
  readonly model: TrainedModel;
  /** The frames as training is given them: after augmentation and transforms. */
  readonly augmented: () => Promise<Frames>;
}

/** @throws what `decodeAudio` throws */
export async function summarize({ utterance, model, augmented }: SummaryRequest): Promise<SummaryStep[]> {
  const { file } = model;
  const { alphabet, features, statistics, architecture } = file;
  const { path, text, labels } = utterance;
  const steps: SummaryStep[] = [];
  const step = timed(steps);
  const bytes = await step(
    "file",
    () => readWholeFile(path),
    ({ length }) => ({ shape: [length], about: path }),
  );
  const audio = await step("samples", () => decodeAudio(bytes, path), describeAudio);
  const compute = () => computeFeatures(cutSilence(audio.samples).samples, features);
  const raw = await step("features", compute, framesAs(describeFeatures(features)));
  const normalize = () => normalizeFeatures(raw, features, statistics);
  await step("normalized", normalize, framesAs(`by ${features.normalization}`));
  const frames = await step("augmented", augmented, framesAs("as training gets it, in the second epoch"));
  const { logits } = await step(
    "logits",
    () => model.logits([frames]),
    (made) => ({
      shape: [...made.steps, alphabet.size],
      about: `${architecture.network.name}, ${model.parameters.toLocaleString("en-US")} parameters`,
    }),
  );
  const { size: symbols, blank } = alphabet;
  const batch = { logits, steps: [logits.length / symbols], symbols, blank };
  await step("decoded", () => alphabet.decode(greedyDecode(logits, batch)[0]), describeText);
  await step("transcript", () => text, describeText);
  const loss = () => ctcLoss({ ...batch, labels: [labels] }).losses[0];
  await step("loss", loss, (nats) => describeLoss(nats, labels.length));
  return steps;
}

type Describe<Made> = (made: Made) => Pick<SummaryStep, "shape" | "about">;

/** Does something and notes it among the steps. */
const timed =
  (steps: SummaryStep[]) =>
  async <Made>(name: string, make: () => Made | Promise<Made>, describe: Describe<Made>): Promise<Made> => {
    const start = performance.now();
    const made = await make();
    const milliseconds = performance.now() - start;
    steps.push({ name, milliseconds, ...describe(made) });
    return made;
  };

const describeText: Describe<string> = (text) => ({ shape: [text.length], about: JSON.stringify(text) });

const framesAs =
  (about: string): Describe<Frames> =>
  ({ frames, size }) => ({ shape: [frames, size], about });

const describeAudio: Describe<{ readonly samples: Float32Array }> = ({ samples }) => ({
  shape: [samples.length],
  about: `${(samples.length / SAMPLE_RATE_HZ).toFixed(2)} s at ${SAMPLE_RATE_HZ} Hz`,
});

const describeFeatures = (features: FeatureSettings): string =>
  `${features.kind}, windows of ${features.windowMs} ms every ${features.hopMs} ms` +
  (features.level === "utterance" ? ", at one level" : "");

const describeLoss = (nats: number, symbols: number) => ({
  shape: [1],
  about: `${nats.toFixed(1)} nats, ${(nats / Math.max(1, symbols)).toFixed(2)} per symbol`,
});

/** A line for each step. */
export function formatSummary(steps: readonly SummaryStep[]): string {
  const rows = steps.map(({ name, shape, milliseconds, about }) => [
    name.padEnd(10),
    `[${shape.join(", ")}]`.padEnd(12),
    `${milliseconds.toFixed(1)} ms`.padStart(10),
    ` ${about}`,
  ]);
  return `${rows.map((row) => row.join(" ").trimEnd()).join("\n")}\n`;
}
