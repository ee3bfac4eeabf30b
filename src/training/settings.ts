// The settings of a training run: one table, from which the command line, the docs and validation all read.

import { featureSettings } from "../audio/index.ts";
import { dataSettings } from "../data/index.ts";
import { AUTO, engineNames } from "../engine/index.ts";
import { networkSettings } from "../network/index.ts";
import { z } from "../settings.ts";
import { transcriptPolicy } from "../text/index.ts";
import { optimizerSettings } from "./optimizers.ts";
import { scheduleSettings } from "./schedules.ts";

/** The alphabet that is made of the transcripts. */
export const FROM_DATA = "from-data";
/** The initial model's, and behind it what the transcripts have besides. */
export const EXTENDED = "extended";

const manifests = z.array(z.string().min(1)).default([]);

export const trainingSettings = z.strictObject({
  seed: z
    .int()
    .min(0)
    .default(1)
    .describe("Seed of everything random: weights, order, dropout, augmentation."),
  epochs: z.int().min(1).default(40).describe("Passes over the training set."),
  trainSplit: z.string().default("train").describe("Split of the manifests that is learned from."),
  devSplit: z
    .string()
    .default("dev")
    .describe(
      "Split that picks the best epoch: the lowest WER, of equals the lowest loss; without it the last is kept.",
    ),
  alphabet: z
    .union([z.literal("english"), z.literal(FROM_DATA), z.literal(EXTENDED), z.array(z.string()).min(1)])
    .default("english")
    .describe(
      '"english" (a–z, space, apostrophe), "from-data" (the symbols of the training transcripts), "extended" (the initial model\'s, and behind them what the training transcripts have besides), a list of symbols, or (command line) the path of an alphabet.txt: docs/alphabet.md; the blank is added.',
    ),
  transcript: transcriptPolicy.prefault({}),
  features: featureSettings.prefault({}),
  network: networkSettings.prefault({}),
  data: dataSettings.prefault({}),
  initialModel: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Path of a model, or a run's folder, whose weights the run begins with: network, features, alphabet and transcript are its own where they are not set; in another alphabet the symbols that both have keep what was learned of them.",
    ),
  freeze: z
    .array(z.string())
    .default([])
    .describe(
      'Layers that are not trained, such as [h1, h2, h3], or single weights; a star stands for any letters: ["h*"]. A batch normalization among them works by the statistics that it has.',
    ),
  layerRates: z
    .record(z.string(), z.number().positive())
    .default({})
    .describe(
      "Layers, named as in freeze, that learn at another rate than the others: each with the factor of the learning rate, such as {h1: 0.1, h2: 0.3}; of several that name a weight the last counts.",
    ),
  replay: z
    .strictObject({
      data: manifests.describe(
        "Manifests of what the initial model learned from, or of the like: each epoch also trains on some of their utterances, so that what the model knew stays.",
      ),
      split: z.string().default("train").describe("Split of these manifests that is taken."),
      share: z
        .number()
        .positive()
        .max(0.95)
        .default(0.3)
        .describe(
          "Their part of an epoch's utterances, and so, as batches hold similar lengths, of the updates. The seed draws them; all come before one comes again.",
        ),
    })
    .prefault({}),
  oldTest: z
    .strictObject({
      data: manifests.describe(
        "Manifests of a test of what the initial model could do: after training both models are measured on it, greedily, and what was lost is told, logged and reported.",
      ),
      split: z.string().default("test").describe("Split of these manifests that is measured."),
    })
    .prefault({}),
  optimizer: optimizerSettings.prefault({}),
  schedule: scheduleSettings.prefault({}),
  intermediate: z
    .strictObject({
      heads: z
        .int()
        .min(0)
        .default(0)
        .describe(
          "CTC losses between the repeated layers of a network, evenly spaced, each with an output layer that only training has (Lee & Watanabe 2021: 1); where the network conditions itself (network.selfConditioning) its own are taken. 0 = off. Where it is not set, training from nothing has 1 between several recurrent layers.",
        ),
      weight: z
        .number()
        .min(0)
        .lt(1)
        .default(0.3)
        .describe("Share of their mean in the loss (Lee & Watanabe 2021: 0.3)."),
    })
    .prefault({}),
  gradientCap: z
    .number()
    .positive()
    .default(5)
    .describe("Largest norm of the gradient; a longer one is scaled down."),
  accumulate: z
    .int()
    .min(1)
    .default(1)
    .describe("Batches summed for each update, as if they were one: large batches in little memory."),
  gradientCompression: z
    .enum(["none", "float16"])
    .default("none")
    .describe(
      "How gradients cross between the ranks of a job on several machines: float16 in half the bytes, with what rounding takes away added to the next step's, for slow links (docs/cluster.md).",
    ),
  segmentSeconds: z
    .number()
    .min(0)
    .default(0)
    .describe(
      "Longest stretch, in seconds, that a gradient goes back through: a longer recording is learned from in consecutive segments that hand on the network's states (truncated back-propagation), in the memory of one. 0 = recordings are not cut. For networks that follow streams.",
    ),
  average: z
    .strictObject({
      from: z
        .number()
        .min(0)
        .max(1)
        .default(1)
        .describe(
          "Share of the training after which the weights are averaged; on the dev split the better of both is kept. 1 = never.",
        ),
      decay: z
        .number()
        .min(0)
        .max(1)
        .default(1)
        .describe("1: the mean over all updates since; less, such as 0.999: an exponential average."),
    })
    .prefault({}),
  patience: z
    .int()
    .min(0)
    .default(0)
    .describe(
      "Epochs without a better one (a lower dev WER, or an equal one and a lower dev loss) before training stops; 0 = never.",
    ),
  plateau: z
    .strictObject({
      patience: z
        .int()
        .min(0)
        .default(0)
        .describe("Epochs without a lower dev loss before the learning rate is lowered; 0 = never."),
      factor: z
        .number()
        .positive()
        .max(1)
        .default(0.5)
        .describe("What the learning rate is multiplied by then."),
    })
    .prefault({}),
  keep: z
    .int()
    .min(0)
    .default(0)
    .describe(
      "Best epochs (ranked as by devSplit) whose models are kept in the run's folder best/, beside model.safetensors.",
    ),
  stopOnNaN: z
    .boolean()
    .default(false)
    .describe(
      "Stop at the first gradient that is not finite and save its batch in not-finite/; otherwise that update is left out.",
    ),
  log: z
    .array(z.enum(["csv", "tensorboard"]))
    .default([])
    .describe("Logs beside log.jsonl: csv writes log.csv, tensorboard event files in tensorboard/."),
  report: z
    .boolean()
    .default(true)
    .describe("Write report.html into the run's folder at its end (docs/cli.md)."),
  engine: z
    .enum(engineNames)
    .default(AUTO)
    .describe(
      'What computes; "auto" is the CPU, "gpu" a GPU through WebGPU where there is one, and another that this machine lacks is an error.',
    ),
  threads: z.int().min(0).default(0).describe("Threads of the train step; 0 = one per core."),
  checkpointSeconds: z
    .number()
    .min(0)
    .default(60)
    .describe("Time between checkpoints inside an epoch, in seconds."),
});
export type TrainingSettings = z.output<typeof trainingSettings>;

/** The epochs in which augmentation grows: a share of all. */
export const rampEpochsOf = ({ epochs, data }: Pick<TrainingSettings, "epochs" | "data">): number =>
  Math.round(data.augmentation.ramp * epochs);
