// What a run wrote of itself, one JSON object a line. The shapes here are of this reader, not of the writer: a line that
// is damaged, of another kind or of another version is passed over, and whatever is left makes a report.

import { z } from "../settings.ts";

/** A number that was not finite is null in JSON. */
const figure = z.number().nullable();
const share = z.number().optional();

const startLine = z.object({
  type: z.literal("start"),
  parameters: z.number(),
  utterances: z.number(),
  /** Of the recordings of the training set. */
  seconds: z.number(),
  devUtterances: z.number(),
});
const batchLine = z.object({
  type: z.literal("batch"),
  epoch: z.number(),
  batch: z.number(),
  batches: z.number(),
  loss: figure,
  gradientNorm: figure,
  learningRate: figure,
});
const layerFigures = z.object({
  name: z.string(),
  gradientNorm: figure,
  weightNorm: figure,
  zeroShare: share,
  clippedShare: share,
});
const layersLine = z.object({ type: z.literal("layers"), epoch: z.number(), layers: z.array(layerFigures) });
const epochLine = z.object({
  type: z.literal("epoch"),
  epoch: z.number(),
  epochs: z.number(),
  trainLoss: figure,
  devLoss: figure.optional(),
  devWer: z.number().optional(),
  devCer: z.number().optional(),
  best: z.boolean(),
  seconds: z.number(),
});
const warningLine = z.object({ type: z.literal("warning"), code: z.string(), message: z.string() });
const memoryLine = z.object({ type: z.literal("memory"), peakBytes: z.number() });
const stopLine = z.object({ type: z.literal("stop"), reason: z.string() });
const rates = z.object({ wer: z.number(), cer: z.number() });
const oldTestLine = z.object({
  type: z.literal("oldTest"),
  manifests: z.array(z.string()),
  split: z.string(),
  utterances: z.number(),
  leftOut: z.number().default(0),
  before: rates.optional(),
  after: rates,
});
const doneLine = z.object({ type: z.literal("done"), seconds: z.number() });
const line = z.discriminatedUnion("type", [
  startLine,
  batchLine,
  layersLine,
  epochLine,
  warningLine,
  memoryLine,
  stopLine,
  oldTestLine,
  doneLine,
]);

export type StartLine = z.output<typeof startLine>;
export type BatchLine = z.output<typeof batchLine>;
export type LayersLine = z.output<typeof layersLine>;
export type LayerFigures = z.output<typeof layerFigures>;
export type EpochLine = z.output<typeof epochLine>;
export type OldTestLine = z.output<typeof oldTestLine>;
type Line = z.output<typeof line>;

export interface RunLog {
  readonly start?: StartLine;
  readonly batches: readonly BatchLine[];
  readonly layers: readonly LayersLine[];
  readonly epochs: readonly EpochLine[];
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
  readonly peakBytes?: number;
  /** What became of what the initial model could do. */
  readonly oldTest?: OldTestLine;
  /** Training time, in seconds. */
  readonly seconds: number;
  /** Why the run ended before its last epoch; undefined while it goes on, or when it was killed. */
  readonly stopped?: string;
}

export function readRunLog(text: string): RunLog {
  const lines = text.split("\n").flatMap(parsedLine);
  const of = <Type extends Line["type"]>(type: Type) =>
    lines.filter((each): each is Extract<Line, { type: Type }> => each.type === type);
  const epochs = of("epoch");
  // A run that was resumed has a second start line, and what stopped it before is no longer true.
  const ending = lines.findLast(({ type }) => type === "start" || type === "stop");
  return {
    start: of("start").at(-1),
    batches: of("batch"),
    layers: of("layers"),
    epochs,
    warnings: of("warning"),
    peakBytes: of("memory").at(-1)?.peakBytes,
    oldTest: of("oldTest").at(-1),
    seconds: of("done").at(-1)?.seconds ?? epochs.reduce((sum, { seconds }) => sum + seconds, 0),
    stopped: ending?.type === "stop" ? ending.reason : undefined,
  };
}

function parsedLine(text: string): Line[] {
  try {
    const { success, data } = line.safeParse(JSON.parse(text));
    return success ? [data] : [];
  } catch {
    return []; // such as the last line of a run that was killed
  }
}

/** The epoch whose weights are the model. */
export const bestEpoch = ({ epochs }: RunLog): EpochLine | undefined => epochs.findLast(({ best }) => best);
