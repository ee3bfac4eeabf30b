// Training for other programs: forward pass, backward pass and update as ONNX, and what one must know to drive them, as plain
// data. The loss lies between the two passes and is the other program's own. docs/exported-training.md is the contract.

import {
  bindDimension,
  differentiate,
  shiftDimension,
  strideDimension,
  writeOnnx,
  type BackwardProgram,
  type Dimension,
  type Graph,
} from "../../graph/index.ts";
import { TRAINING_PROGRAM, type ModelFile } from "../../model/index.ts";
import {
  parameterShapes,
  trainingGraph,
  type Architecture,
  type DropoutMask,
  type RunningStatistic,
  type TrainingGraph,
} from "../../network/index.ts";
import { trainingSettings } from "../settings.ts";
import { updateProgram, type UpdateProgram } from "./update-program.ts";

/** What a program reads before it trains; plain data. */
export interface TrainingContract {
  readonly features: ModelFile["features"];
  readonly alphabet: readonly string[];
  /** The last. */
  readonly blank: number;
  /** Input frames for each step of the logits. */
  readonly stride: number;
  /** Every weight, with its shape. */
  readonly weights: Readonly<Record<string, readonly number[]>>;
  /**
   * Inputs of both passes, bool: true where a unit is kept, drawn anew for each batch. Of shapes such as ["T'", "B", 512], or
   * ["T'+12", "B", 512] below layers that look 12 steps ahead.
   */
  readonly dropout: readonly DropoutMask[];
  readonly forward: {
    /** `frames` [T, B, F] and `mask` [T', B, 1]; beside them the weights and the dropout masks. */
    readonly inputs: readonly string[];
    /** The output [T', B, V], before the softmax. */
    readonly logits: string;
    /** Further outputs, which are inputs of the backward pass under the same names. */
    readonly saved: readonly string[];
    /** Weights without a gradient: each moves a tenth of the way to an output of the forward pass. */
    readonly statistics: readonly RunningStatistic[];
  };
  readonly backward: {
    readonly inputs: readonly string[];
    /** The input that takes the gradient of the loss at the logits. */
    readonly upstream: string;
    /** The output that is the gradient of each trained weight. */
    readonly gradients: Readonly<Record<string, string>>;
  };
  readonly update: Omit<UpdateProgram, "program"> & {
    readonly optimizer: unknown;
    readonly gradientCap: number;
  };
}

export interface ExportedTraining {
  readonly forward: Uint8Array;
  readonly backward: Uint8Array;
  readonly update: Uint8Array;
  readonly contract: TrainingContract;
}

/**
 * @param settings of the optimizer and the cap of the gradient's norm, as in a run's settings; their defaults otherwise
 * @throws EarshotError UNKNOWN_NETWORK
 */
export function exportTraining(
  { architecture, features, alphabet }: Pick<ModelFile, "architecture" | "features" | "alphabet">,
  settings: Pick<
    ReturnType<typeof trainingSettings.parse>,
    "optimizer" | "gradientCap"
  > = trainingSettings.parse({}),
): ExportedTraining {
  const built = trainingGraph(architecture);
  const { logits, variables } = built;
  logits.graph.output(logits);
  const backward = differentiate(logits, variables);
  const shapes = new Map(variables.map(({ name, shape }) => [name, shape as readonly number[]]));
  const { optimizer, gradientCap } = settings;
  const { program: update, ...names } = updateProgram(shapes, optimizer, gradientCap);
  const { name } = architecture.network;
  return {
    forward: writeOnnx(logits.graph, `${name}/forward`, TRAINING_PROGRAM),
    backward: writeOnnx(backward.graph, `${name}/backward`, TRAINING_PROGRAM),
    update,
    contract: {
      features,
      alphabet: alphabet.symbols,
      blank: alphabet.blank,
      ...passesOf(architecture, built, backward),
      update: { ...names, optimizer, gradientCap },
    },
  };
}

function passesOf(
  architecture: Architecture,
  { logits, variables, masks, statistics, stride }: TrainingGraph,
  backward: BackwardProgram,
): Pick<TrainingContract, "stride" | "weights" | "dropout" | "forward" | "backward"> {
  return {
    stride,
    weights: Object.fromEntries(parameterShapes(architecture)),
    dropout: masks.map((mask) => ({ ...mask, shape: mask.shape.map((size) => inSteps(size, stride)) })),
    forward: {
      inputs: inputsOf(logits.graph),
      logits: logits.name,
      saved: backward.saved.map(({ name }) => name),
      statistics,
    },
    backward: {
      inputs: inputsOf(backward.graph),
      upstream: backward.upstream.name,
      gradients: Object.fromEntries(variables.map(({ name }, i) => [name, backward.gradients[i].name])),
    },
  };
}

const inputsOf = ({ inputs }: Graph): string[] => inputs.map(({ name }) => name);

/** T' for ⌈T / stride⌉, and T'+n for n steps more; any other size stays as it is. */
function inSteps(size: Dimension, stride: number): Dimension {
  const ofOneStep = bindDimension(size, { T: stride });
  if (typeof size === "number" || typeof ofOneStep === "string") return size;
  const ahead = ofOneStep - 1;
  const isAhead = size === shiftDimension(strideDimension("T", stride), ahead);
  return isAhead ? shiftDimension("T'", ahead) : size;
}
