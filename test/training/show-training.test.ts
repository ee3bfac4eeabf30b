import { describe, expect, it } from "vitest";
import { logTraining, showTraining } from "../../src/training/show-training.ts";
import type { TrainingEvent } from "../../src/training/index.ts";

const events: readonly TrainingEvent[] = [
  { type: "prepare", done: 3, total: 28 },
  {
    type: "start",
    seed: 7,
    parameters: 20_061,
    utterances: 28,
    seconds: 245,
    devUtterances: 6,
    replay: { inEpoch: 12, of: 500 },
    augmentation: "real-world",
    step: 0,
    directory: "run",
  },
  { type: "memory", peakBytes: 229_400_000 },
  {
    type: "batch",
    epoch: 2,
    epochs: 6,
    batch: 3,
    batches: 4,
    step: 7,
    loss: 41.234,
    gradientNorm: 1,
    learningRate: 1e-3,
    framesPerSecond: 8912.4,
    etaSeconds: 151,
    waitedMs: 2,
  },
  { type: "warning", code: "TOO_FEW_FRAMES", message: "train.csv:4: left out" },
  {
    type: "epoch",
    epoch: 2,
    epochs: 6,
    step: 8,
    trainLoss: 40,
    devLoss: 38.5,
    devWer: 0.456,
    devCer: 0.2,
    best: true,
    seconds: 12.3,
    waiting: 0.01,
  },
  {
    type: "epoch",
    epoch: 3,
    epochs: 6,
    step: 12,
    trainLoss: 39.119,
    best: false,
    seconds: 75,
    waiting: 0.01,
  },
  { type: "checkpoint", path: "run/checkpoint.safetensors", step: 8 },
  { type: "stop", reason: "no better dev WER in 5 epochs" },
  { type: "oldTestProgress", done: 3, total: 10 },
  {
    type: "oldTest",
    manifests: ["/old.csv"],
    split: "dev",
    utterances: 5,
    leftOut: 2,
    before: { wer: 0.1, cer: 0.02 },
    after: { wer: 0.2, cer: 0.04 },
  },
  { type: "done", modelPath: "run/model.safetensors", metrics: {}, seconds: 100 },
];

/** Collects what would be shown. */
function display() {
  const notes: string[] = [];
  const moving: string[] = [];
  const objects: unknown[] = [];
  return {
    notes,
    moving,
    objects,
    note: (text: string) => void notes.push(text),
    progress: (text: string) => void moving.push(text),
    warn: ({ code, message }: { code: string; message: string }) => void notes.push(`${code} ${message}`),
    object: (value: unknown) => void objects.push(value),
  };
}

describe("the progress of training", () => {
  it("is a moving line while batches run, and one lasting line for what is worth keeping", () => {
    const shown = display();
    events.forEach(showTraining(shown));
    expect(shown.moving).toEqual([
      "preparing features 3/28",
      "epoch 2/6 ███████████████░░░░░ loss 41.23  8,912 frames/s  ETA 2:31",
      "recognizing the old test 3/10",
    ]);
    expect(shown.notes).toEqual([
      "28 utterances (4:05), 6 for dev; 12 in each epoch from the replay of 500; 20,061 parameters; seed 7",
      "augmentation: real-world (data.augmentation: none turns it off)",
      "peak memory 229 MB, with the largest batch",
      "TOO_FEW_FRAMES train.csv:4: left out",
      "epoch 2/6  loss 40.00  dev loss 38.50  WER 45.6 %  CER 20.0 %  12.3 s, waiting 1.0 %  best so far",
      "epoch 3/6  loss 39.12  1:15, waiting 1.0 %",
      "stopped: no better dev WER in 5 epochs",
      "old test (dev, 5 utterances, without 2 that could not be spelled or read)  WER 10.0 % → 20.0 %  CER 2.0 % → 4.0 %",
    ]);
  });

  it("says how far live text will be behind its sound, where a model can follow it", () => {
    const shown = display();
    const start = events.find(({ type }) => type === "start")!;
    showTraining(shown)({ ...start, delayMs: 319.99999999999994 } as TrainingEvent);
    expect(shown.notes[0]).toContain("parameters; live text 320 ms behind the sound; seed 7");
  });

  it("is every event but single batches for programs", () => {
    const shown = display();
    events.forEach(logTraining(shown));
    const moving = new Set(["prepare", "batch", "oldTestProgress"]);
    expect(shown.objects).toEqual(events.filter(({ type }) => !moving.has(type)));
    expect(shown.notes).toEqual([]);
    expect(shown.moving).toHaveLength(3);
  });
});
