// One recording walked through everything that becomes of it, from the bytes of its file to the loss, with the shape of
// each stage and the milliseconds that it took: where does my data turn into something that it should not be?

import { computeFeatures, decodeAudio, normalizeFeatures, SAMPLE_RATE_HZ } from "../audio/index.ts";
import { ctcLoss, greedyDecode } from "../ctc/index.ts";
import type { LabeledUtterance } from "../data/index.ts";
import type { Frames } from "../audio/index.ts";
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
  /** The frames as training hears them: after augmentation and transforms. */
  readonly augmented: () => Promise<Frames>;
}

/** @throws what `decodeAudio` throws */
export async function summarize({ utterance, model, augmented }: SummaryRequest): Promise<SummaryStep[]> {
  const { file } = model;
  const { alphabet, features, statistics, architecture } = file;
  const { path, text, labels } = utterance;
  const steps: SummaryStep[] = [];
  const step = async <Made>(
    name: string,
    make: () => Made | Promise<Made>,
    tell: Tell<Made>,
  ): Promise<Made> => {
    const start = performance.now();
    const made = await make();
    const milliseconds = performance.now() - start;
    steps.push({ name, milliseconds, ...tell(made) });
    return made;
  };
  const bytes = await step(
    "file",
    () => readWholeFile(path),
    ({ length }) => ({ shape: [length], about: path }),
  );
  const audio = await step("samples", () => decodeAudio(bytes, path), tellAudio);
  const raw = await step(
    "features",
    () => computeFeatures(audio.samples, features),
    framesAs(tellFeatures(file)),
  );
  const normalize = () => normalizeFeatures(raw, features, statistics);
  await step("normalized", normalize, framesAs(`by ${features.normalization}`));
  const heard = await step("augmented", augmented, framesAs("as training hears it, in the second epoch"));
  const { logits } = await step(
    "logits",
    () => model.logits([heard]),
    (made) => ({
      shape: [...made.steps, alphabet.size],
      about: `${architecture.network.name}, ${model.parameters.toLocaleString("en-US")} parameters`,
    }),
  );
  const batch = {
    logits,
    steps: [logits.length / alphabet.size],
    symbols: alphabet.size,
    blank: alphabet.blank,
  };
  await step("heard", () => alphabet.decode(greedyDecode(logits, batch)[0]), tellText);
  await step("transcript", () => text, tellText);
  await step(
    "loss",
    () => ctcLoss({ ...batch, labels: [labels] }).losses,
    ([loss]) => ({
      shape: [1],
      about: `${loss.toFixed(1)} nats, ${(loss / Math.max(1, labels.length)).toFixed(2)} per symbol`,
    }),
  );
  return steps;
}

type Tell<Made> = (made: Made) => Pick<SummaryStep, "shape" | "about">;

const tellText: Tell<string> = (text) => ({ shape: [text.length], about: JSON.stringify(text) });

const framesAs =
  (about: string): Tell<Frames> =>
  ({ frames, size }) => ({ shape: [frames, size], about });

const tellAudio: Tell<{ readonly samples: Float32Array }> = ({ samples }) => ({
  shape: [samples.length],
  about: `${(samples.length / SAMPLE_RATE_HZ).toFixed(2)} s at ${SAMPLE_RATE_HZ} Hz`,
});

const tellFeatures = ({ features }: TrainedModel["file"]): string =>
  `${features.kind}, windows of ${features.windowMs} ms every ${features.hopMs} ms` +
  (features.level === "utterance" ? ", at one level" : "");

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
