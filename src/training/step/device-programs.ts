// The programs of training on a device without loops: forward pass, backward pass and evaluation with their loops written
// out for one length, and the update of all weights. The loss lies between the passes, in TypeScript: what the backward
// pass needs of the forward pass stays on the device. They are built where they run, since each length has its own.

import { differentiate, unrollScans, writeOnnx, type Graph } from "../../graph/index.ts";
import {
  evaluationGraph,
  trainingGraph,
  type Architecture,
  type RunningStatistic,
} from "../../network/index.ts";
import { asOneBatch, type IntermediateLoss } from "./programs.ts";

/** What they are built of; plain data, so that it crosses to the worker that trains. */
export interface DevicePlan {
  readonly architecture: Architecture;
  /** Names of the weights that are not trained. */
  readonly frozen: readonly string[];
  readonly intermediate: IntermediateLoss;
  /** Programs are for lengths T' that are multiples of it; 32 by default. On the mean half of it is computed in vain. */
  readonly stepsBetweenLengths?: number;
}

/** A program's bytes with the names of the outputs that stay on the device. */
export interface StayingProgram {
  readonly program: Uint8Array;
  readonly stays: readonly string[];
}

export class DeviceGraphs {
  /** Of the forward pass; see `TrainingPrograms`. */
  readonly logits: string;
  /** The input of the backward pass that takes the gradient at the logits. */
  readonly upstream: string;
  readonly gradients: readonly (readonly [weight: string, output: string])[];
  /** Weights that follow what batch normalization measures, an output of the forward pass. */
  readonly followed: readonly RunningStatistic[];
  /** Outputs of the forward pass that the backward pass takes and nobody else. */
  readonly saved: readonly string[];
  readonly #forward: Graph;
  readonly #backward: Graph;
  readonly #evaluation: Graph;

  constructor({ architecture, frozen, intermediate }: DevicePlan) {
    const { heads, weight } = intermediate;
    const built = trainingGraph(architecture, {
      heads,
      frozen: new Set(frozen),
      joinsDirections: true,
    });
    const logits = asOneBatch([built.logits, ...(weight > 0 ? built.heads : [])]);
    this.#forward = logits.graph;
    this.logits = this.#forward.output(logits).name;
    const backward = differentiate(logits, built.variables);
    this.#backward = backward.graph;
    this.upstream = backward.upstream.name;
    this.followed = built.statistics.filter(({ weight: statistic }) => !frozen.includes(statistic));
    const read = new Set([this.logits, ...this.followed.map(({ output }) => output)]);
    this.saved = backward.saved.flatMap(({ name }) => (read.has(name) ? [] : [name]));
    this.gradients = built.variables.map(({ name }, i) => [name, backward.gradients[i].name]);
    this.#evaluation = evaluationGraph(architecture, true);
  }

  /** Whether a program is for one length only. */
  get hasLoops(): boolean {
    return this.#forward.nodes.some(({ operator }) => operator.name === "Scan");
  }

  /** From frames, mask, weights and dropout masks to the logits. @param T of every batch that runs through it */
  forward(T: number): StayingProgram {
    return { program: this.#written(this.#forward, T), stays: this.saved };
  }

  /** From the gradient at the logits, and what was saved, to the gradients. */
  backward(T: number): StayingProgram {
    return { program: this.#written(this.#backward, T), stays: this.gradients.map(([, output]) => output) };
  }

  /** From frames, mask and weights to the logits, its only output. */
  evaluation(T: number): StayingProgram {
    return { program: this.#written(this.#evaluation, T), stays: [] };
  }

  #written(graph: Graph, T: number): Uint8Array {
    return writeOnnx(this.hasLoops ? unrollScans(graph, { T }) : graph);
  }
}
