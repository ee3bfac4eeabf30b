// What must be known of an ONNX program to use it as an acoustic model: its tokens, what it takes, what it gives. The
// program itself declares only names, types and numbers of axes. docs/onnx-models.md lists the settings, with examples.

import { featureSettings } from "../../audio/index.ts";
import { choice, parseSettings, z } from "../../settings.ts";
import { transcriptPolicy } from "../../text/index.ts";

/** Tokens that are no part of a text, as NeMo, icefall, ESPnet, wav2vec 2.0 and sherpa-onnx call them. */
const USUAL_SILENT_TOKENS = [
  "<s>",
  "</s>",
  "<sos>",
  "<eos>",
  "<sos/eos>",
  "<unk>",
  "<pad>",
  "[UNK]",
  "[PAD]",
];

const statistics = z.strictObject({
  mean: z.array(z.number()).min(1).describe("Mean of each number of a frame, over the training set."),
  deviation: z.array(z.number()).min(1).describe("Standard deviation of each number of a frame."),
});

const framesInput = z.strictObject({
  name: z.literal("frames"),
  features: featureSettings.prefault({}).describe("The settings of features.* in docs/settings.md."),
  statistics: statistics.optional().describe("Of the training set, where the normalization needs them."),
});

const samplesInput = z.strictObject({
  name: z.literal("samples"),
  sampleRateHz: z.int().min(1000).max(192_000).default(16_000).describe("Rate of the samples, in Hz."),
  normalization: z
    .enum(["none", "utterance"])
    .default("none")
    .describe("utterance: each recording to mean 0 and variance 1 (wav2vec 2.0)."),
  scale: z
    .number()
    .positive()
    .default(1)
    .describe("What samples in [-1, 1] are multiplied by: 32768 for a model of 16-bit integers."),
  windowMs: z
    .number()
    .positive()
    .default(25)
    .describe("The shortest recording that gives a step; shorter ones are filled up with silence, in ms."),
});

const tensorName = z.string().min(1);

/** Whether a text names each of these axes once; "1" stands for axes of size 1. */
const namesAxes = (text: string, needed: string, optional = ""): boolean => {
  const letters = [...text].filter((letter) => letter !== "1");
  const allowed = [...needed, ...optional];
  return (
    new Set(letters).size === letters.length &&
    letters.every((letter) => allowed.includes(letter)) &&
    [...needed].every((letter) => letters.includes(letter))
  );
};

const feed = z.strictObject({
  tensor: tensorName.optional().describe("The input for frames or samples; by default the one left over."),
  axes: z
    .string()
    .refine((text) => namesAxes(text, "T", "BF"), { message: "The axes are B, T and F in some order, and 1" })
    .optional()
    .describe(
      "Its axes in their order: BTF, TBF, BFT or TF for frames, BT or B1T for samples (B utterances).",
    ),
  lengths: tensorName
    .optional()
    .describe("The input for how long each utterance is [B]; by default an input of one axis."),
  mask: tensorName
    .optional()
    .describe("An input [T', B, 1] that is 1 in the steps of an utterance and 0 in its padding."),
});

const output = z.strictObject({
  tensor: tensorName
    .optional()
    .describe("The output of each step; by default the first of two axes or more."),
  axes: z
    .string()
    .refine((text) => namesAxes(text, "TV", "B"), {
      message: "The axes are B, T and V in some order, and 1",
    })
    .default("BTV")
    .describe("Its axes in their order: BTV, TBV, BVT or TV (V tokens)."),
  lengths: tensorName
    .optional()
    .describe("The output that tells the steps of each utterance [B]; by default ⌈length / stride⌉."),
  gives: z
    .enum(["logits", "log-probabilities", "probabilities"])
    .default("logits")
    .describe("What the numbers are; logarithms are natural."),
});

export const onnxDescription = z.strictObject({
  tokens: z
    .union([tensorName, z.array(z.string()).min(2)])
    .describe(
      "The tokens in the order of the outputs; or the path of a tokens.txt, from this file's folder.",
    ),
  blank: z
    .union([z.string(), z.int().min(0)])
    .optional()
    .describe('The CTC blank, as token or index; by default "<blk>", "<blank>", "<pad>" or "[PAD]".'),
  silent: z
    .array(z.string())
    .default(USUAL_SILENT_TOKENS)
    .describe("Tokens that spell nothing: their probability is added to the blank's."),
  space: z.string().min(1).default("▁").describe("What stands for a space in tokens."),
  joiner: z
    .string()
    .min(1)
    .optional()
    .describe(
      'What joins a piece to the one before it ("##ing") or behind it ("work@@"); by default "##" or "@@", where tokens have it and no space.',
    ),
  unit: z
    .enum(["piece", "word"])
    .default("piece")
    .describe("word: each token is a word of its own, such as a phoneme; texts have spaces between them."),
  lowercase: z.boolean().default(false).describe("Spell the tokens in lower case."),
  input: choice([framesInput, samplesInput]),
  stride: z.int().min(1).describe("Frames, or samples, from one step to the next."),
  feed: feed.prefault({}),
  output: output.prefault({}),
  transcript: transcriptPolicy
    .prefault({})
    .describe("How references are spelled: transcript.* in docs/settings.md."),
  decoder: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("Settings of the decoder that were found best for it."),
  rejection: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("What tells speech from all else, as `earshot tune --reject` writes it."),
});

export type OnnxDescription = z.output<typeof onnxDescription>;
export type OnnxDescriptionInput = z.input<typeof onnxDescription>;

/** @throws UNKNOWN_SETTING, INVALID_SETTING */
export const parseDescription = (input: unknown, where: string): Readonly<OnnxDescription> =>
  parseSettings(onnxDescription, input, where);
