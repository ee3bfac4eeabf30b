// A described program, loaded: what `Signal` prepared in, rows of tokens out, utterance by utterance. Knows nothing of
// what the tokens are.

import type { Frames } from "../../audio/index.ts";
import type { Program } from "../../engine/index.ts";
import { stepMask } from "../../network/index.ts";
import type { Float32Tensor } from "../../tensor.ts";
import type { OnnxDescription } from "./description.ts";
import { checkInputAxes } from "./input-axes.ts";
import { layOut, rowsOf, sizeAlong } from "./layout.ts";
import { checkName, findPorts, mismatch, runOnnx, type OnnxPorts } from "./runner.ts";
import type { Signal } from "./signal.ts";
import { areClose } from "./trial.ts";

type Described = Pick<OnnxDescription, "feed" | "output" | "stride">;

export class OnnxProgram {
  readonly #program: Program;
  readonly #description: Described;
  readonly #ports: OnnxPorts;
  /** Of the input. */
  readonly #axes: string;
  readonly #tokens: number;
  /** Whether utterances of several lengths may share a run. */
  #isBatched: boolean;

  /**
   * @param signal what it is fed
   * @param tokens V, how many outputs a step must have
   * @throws DESCRIPTION_MISMATCH
   */
  constructor(
    program: Program,
    description: Described,
    { usualAxes, rowSize, rowMs }: Pick<Signal, "usualAxes" | "rowSize" | "rowMs">,
    tokens: number,
    where: string,
  ) {
    const { feed, output } = description;
    for (const name of [output.tensor, output.lengths])
      if (name !== undefined) checkName(name, program.outputs, "output", where);
    this.#program = program;
    this.#description = description;
    this.#axes = feed.axes ?? usualAxes;
    this.#tokens = tokens;
    this.#ports = {
      ...findPorts(program, feed, where),
      output: output.tensor,
      outputLengths: output.lengths,
      isOutput: (dims) => dims.length === output.axes.length && sizeAlong(output.axes, dims, "V") === tokens,
    };
    const { main } = this.#ports;
    const dims = program.declared.get(main)?.dims ?? [];
    if (dims.length > 0) checkInputAxes({ name: main, dims, axes: this.#axes, rowSize, rowMs }, where);
    this.#isBatched = this.#takesBatches();
  }

  /**
   * Some programs fail with several utterances, or mix them, though they take lengths: then each runs by itself.
   * @param alone the rows of each by itself
   */
  async tryBatch(utterances: readonly Frames[], alone: readonly Float32Array[]): Promise<void> {
    if (!this.#isBatched) return;
    const together = await this.#run(utterances).catch(() => undefined);
    this.#isBatched = together !== undefined && areClose(together, alone);
  }

  /** [B][T', V] of utterances [T, F], each with a frame at least. @throws PROGRAM_FAILED, DESCRIPTION_MISMATCH */
  async rows(utterances: readonly Frames[]): Promise<Float32Array[]> {
    if (this.#isBatched) return this.#run(utterances);
    const rows: Float32Array[] = [];
    for (const utterance of utterances) rows.push(...(await this.#run([utterance])));
    return rows;
  }

  async close(): Promise<void> {
    await this.#program.close();
  }

  async #run(utterances: readonly Frames[]): Promise<Float32Array[]> {
    const input = layOut(utterances, this.#axes);
    const frames = utterances.map((utterance) => utterance.frames);
    const { outputs, lengths } = await runOnnx(this.#program, this.#ports, input, frames, this.#mask(frames));
    const { axes } = this.#description.output;
    this.#checkOutputs(outputs.dims);
    const longest = sizeAlong(axes, outputs.dims, "T");
    const { data } = outputs;
    return frames.map((count, b) => {
      const own = lengths?.[b] ?? (this.#knowsLengths() ? this.#steps(count) : longest);
      return rowsOf({ data, dims: outputs.dims }, axes, b, Math.min(own, longest));
    });
  }

  #mask(frames: readonly number[]): Float32Tensor | undefined {
    if (this.#ports.mask === undefined) return undefined;
    const steps = frames.map((count) => this.#steps(count));
    const longest = Math.max(...steps);
    return { type: "float32", dims: [longest, steps.length, 1], data: stepMask(steps, longest) };
  }

  /** ⌈T / stride⌉ */
  #steps(frames: number): number {
    return Math.ceil(frames / this.#description.stride);
  }

  /** Whether the program knows where an utterance ends. */
  #knowsLengths(): boolean {
    const { mask, lengths, inputMasks } = this.#ports;
    return mask !== undefined || lengths.length > 0 || (inputMasks ?? []).length > 0;
  }

  #takesBatches(): boolean {
    const declared = this.#program.declared.get(this.#ports.main)?.dims[this.#axes.indexOf("B")];
    const hasAxes = this.#axes.includes("B") && this.#description.output.axes.includes("B");
    const isScalar = this.#ports.lengths.some((name) => this.#program.declared.get(name)?.dims.length === 0);
    return hasAxes && declared !== 1 && !isScalar && this.#knowsLengths();
  }

  #checkOutputs(dims: readonly number[]): void {
    const { axes } = this.#description.output;
    if (dims.length !== axes.length)
      throw mismatch(
        "model",
        `The outputs are [${dims.join(", ")}], where the axes ${axes} were described.`,
        "Correct output.axes in the description.",
      );
    const wide = [...axes].findIndex((letter, i) => letter === "1" && dims[i] !== 1);
    if (wide >= 0)
      throw mismatch(
        "model",
        `The outputs are [${dims.join(", ")}], but the axes ${axes} say 1 where there are ${dims[wide]}.`,
        "Correct output.axes in the description; of several channels, export the one that is meant.",
      );
    const came = sizeAlong(axes, dims, "V");
    if (came === this.#tokens) return;
    throw mismatch(
      "model",
      `A step has ${came} outputs, but there are ${this.#tokens} tokens: the outputs are [${dims.join(", ")}], their axes ${axes}.`,
      "Give a token for each output, the blank too; or correct output.axes in the description.",
    );
  }
}
