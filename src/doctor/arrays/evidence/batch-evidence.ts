// What can be known of one batch: each part is optional, since each is something that somebody may have measured, here
// or in another framework. Which name of a file becomes which part is in from-arrays.ts.

import type { Probes } from "../../examination.ts";

/** What a network gave for a batch, time first. */
export interface Outputs {
  readonly T: number;
  readonly B: number;
  readonly V: number;
  /** [T, B, V]: what the loss takes. */
  readonly data: Float64Array;
}

/** The labels of a batch as the loss gets them, before they are cut to their lengths. */
export interface Targets {
  /** [B][width], each utterance's labels and its padding; or undefined when they stand in one row without padding. */
  readonly rows?: readonly Int32Array[];
  /** All labels of the batch one after the other, when they come so. */
  readonly joined?: Int32Array;
}

/** What the loss does with what it takes: PyTorch's CTCLoss takes log-probabilities, TensorFlow's logits, Keras' probabilities. */
export type Takes = "log_probs" | "logits" | "probs";

/** One trained parameter, and what one step did to it. */
export interface ParameterStep {
  readonly name: string;
  /** How many axes it has; biases have one. */
  readonly rank: number;
  readonly size: number;
  /** Length of the whole before the step. */
  readonly norm: number;
  /** Length of its gradient; undefined where the framework has none at all. */
  readonly gradient?: number;
  /** Length of the difference that the step made. */
  readonly change: number;
}

/** Of one layer of rectified or clipped units, over the valid frames of the batch. */
export interface UnitActivity {
  readonly name: string;
  /** [H], for each unit the share of frames where it is at or below zero. */
  readonly zeroShares: Float64Array;
  /** [H], for each unit the share of frames where it is at the layer's largest value. */
  readonly topShares: Float64Array;
}

/** How the features were computed, as far as given. */
export interface FeatureFacts {
  readonly sampleRateHz?: number;
  /** Of the recordings themselves. */
  readonly audioRateHz?: number;
  readonly highestHz?: number;
  readonly lowestHz?: number;
  readonly melBins?: number;
  readonly fftSize?: number;
}

export interface BatchEvidence {
  /** The shape as it was exported, whatever its number of axes. */
  readonly shape?: readonly number[];
  /** Time first; when the axes are swapped, read the way that the lengths allow. */
  readonly outputs?: Outputs;
  /** The axes of `shape` said to be time first or batch first. */
  readonly layout?: "TBV" | "BTV";
  /** Whether the second axis as declared is not the batch, while the first is. */
  readonly swapped?: boolean;
  readonly takes?: Takes;
  /** [B], the lengths in steps that the loss was given. */
  readonly lengths?: readonly number[];
  /** [B], the frames of each recording that went into the network. */
  readonly frames?: readonly number[];
  /** Frames that the padded batch had. */
  readonly paddedFrames?: number;
  readonly targets?: Targets;
  /** [B], the numbers of labels that the loss was given. */
  readonly targetLengths?: readonly number[];
  readonly blank?: number;
  /** What each index stands for; the blank's entry may be anything that is no single letter. */
  readonly symbols?: readonly string[];
  /** The loss of the batch, as the framework computed it. */
  readonly loss?: number;
  readonly mode?: "train" | "eval";
  /** The same batch again, right after it, and once more. */
  readonly again?: Outputs;
  readonly third?: Outputs;
  /** The utterances in another order: place i holds utterance order[i]. */
  readonly permuted?: { readonly outputs: Outputs; readonly order: readonly number[] };
  /** The same batch with more silence behind it. */
  readonly padded?: Outputs;
  /** By utterance, cut to its own length and run as a batch of one. */
  readonly alone?: ReadonlyMap<number, Outputs>;
  /** One frame of one utterance changed. */
  readonly impulse?: { readonly outputs: Outputs; readonly utterance: number };
  /** Runs that ended in an error, with its words. */
  readonly failed?: Readonly<Record<string, string>>;
  readonly parameters?: readonly ParameterStep[];
  readonly activity?: readonly UnitActivity[];
  readonly features?: FeatureFacts;
  /** The losses of training so far, for the checks of the curve. */
  readonly losses?: readonly number[];
  /** Names in the file that mean nothing to the doctor. */
  readonly unknownNames?: readonly string[];
}

const FORWARD = "probe.py: forward";

/** How each part is come by; read by whoever lacks it. */
export const BATCH_PROBES: Probes<BatchEvidence> = {
  shape: "log_probs, what the loss takes for one batch",
  outputs: "log_probs [T, B, V], what the loss takes for one batch",
  layout: "layout, TBV or BTV",
  swapped: "log_probs with input_lengths",
  takes: "takes: log_probs, logits or probs",
  lengths: "input_lengths [B], the steps that the loss is told",
  frames: "frames [B], the length of each recording before the network",
  paddedFrames: "padded_frames, the frames of the padded batch",
  targets: "targets, the labels as the loss gets them",
  targetLengths: "target_lengths [B]",
  blank: "blank, the index that the loss was given",
  symbols: "symbols, the list of what each index stands for",
  loss: "loss, the value for this batch",
  mode: "mode: eval or train",
  again: `the same batch again (again; ${FORWARD})`,
  third: `the same batch a third time (third; ${FORWARD})`,
  permuted: `the utterances in another order (permuted, order; ${FORWARD})`,
  padded: `the batch padded longer (padded; ${FORWARD})`,
  alone: `each utterance alone (alone_0, alone_1 …; ${FORWARD})`,
  impulse: `the batch with one frame changed (impulse; ${FORWARD})`,
  failed: `runs that failed (${FORWARD})`,
  parameters: "gradients, and the parameters before and after one step (probe.py: parameters, step)",
  activity: "the outputs of the hidden layers (probe.py: activations)",
  features: "features: sample_rate, audio_rate, f_max, f_min, n_mels, n_fft",
  losses: "losses, the history of training",
  unknownNames: "the names in the file",
};
