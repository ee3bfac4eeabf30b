// Training for other programs: forward pass, backward pass and update as ONNX, and what one must know to drive them, as plain
// data. The loss lies between the two passes and is the other program's own. docs/exported-training.md is the contract.

import { differentiate, writeOnnx } from "../../graph/index.ts";
import type { ModelFile } from "../../model/index.ts";
import {
  parameterShapes,
  trainingGraph,
  type DropoutMask,
  type RunningStatistic,
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
  /** Inputs of both passes, bool, of shapes such as ["T'", "B", 512]: true where a unit is kept, drawn anew for each batch. */
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

/** T' for the number of steps, which depends on the stride. */
const stepsByName = (size: number | string): number | string =>
  typeof size === "number" || size === "B" ? size : "T'";

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
  const { logits, variables, masks, statistics, stride } = trainingGraph(architecture);
  const forward = logits.graph;
  forward.output(logits);
  const backward = differentiate(logits, variables);
  const shapes = new Map(variables.map(({ name, shape }) => [name, shape as readonly number[]]));
  const { optimizer, gradientCap } = settings;
  const { program: update, ...names } = updateProgram(shapes, optimizer, gradientCap);
  const inputs = ({ inputs: all }: typeof forward) => all.map(({ name }) => name);
  const contract: TrainingContract = {
    features,
    alphabet: alphabet.symbols,
    blank: alphabet.blank,
    stride,
    weights: Object.fromEntries(parameterShapes(architecture)),
    dropout: masks.map((mask) => ({ ...mask, shape: mask.shape.map(stepsByName) })),
    forward: {
      inputs: inputs(forward),
      logits: logits.name,
      saved: backward.saved.map(({ name }) => name),
      statistics,
    },
    backward: {
      inputs: inputs(backward.graph),
      upstream: backward.upstream.name,
      gradients: Object.fromEntries(variables.map(({ name }, i) => [name, backward.gradients[i].name])),
    },
    update: { ...names, optimizer, gradientCap },
  };
  const { name } = architecture.network;
  return {
    forward: writeOnnx(forward, `${name}/forward`),
    backward: writeOnnx(backward.graph, `${name}/backward`),
    update,
    contract,
  };
}
