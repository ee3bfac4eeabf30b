// A model ready to run: samples → normalized frames → logits, with the settings of one model file and one engine.
// It knows nothing of files, decoding or text.

import { computeFeatures, normalizeFeatures, padFrames } from "../audio/index.ts";
import type { Frames } from "../audio/index.ts";
import { openEngine } from "../engine/index.ts";
import type { EngineOptions, Program } from "../engine/index.ts";
import type { Warning } from "../errors.ts";
import { inferenceProgram, outputSteps, stepMask } from "../network/index.ts";
import type { ModelFile } from "./model-file.ts";

export interface Logits {
  /** [T', B, V], not normalized; arbitrary after each utterance's own steps. */
  readonly logits: Float32Array;
  /** The valid T' of each utterance, length B. */
  readonly steps: readonly number[];
}

export interface ModelOptions extends EngineOptions {
  /** "auto" by default: the CPU. Others by name: docs/cli.md. */
  readonly engine?: string;
}

export class AcousticModel {
  readonly file: ModelFile;
  /** What is worth knowing of the engine: that it stands in for a faster one. */
  readonly warnings: readonly Warning[];
  readonly #program: Program;

  private constructor(file: ModelFile, program: Program, warnings: readonly Warning[]) {
    this.file = file;
    this.warnings = warnings;
    this.#program = program;
  }

  /** @throws EarshotError UNKNOWN_ENGINE, ENGINE_ABSENT */
  static async open(
    file: ModelFile,
    { engine: name, ...options }: ModelOptions = {},
  ): Promise<AcousticModel> {
    const engine = await openEngine(name);
    const program = await engine.load(inferenceProgram(file.architecture, file.weights), options);
    return new AcousticModel(file, program, engine.warnings ?? []);
  }

  /** The frames [T, F] that the network was trained on. @param samples mono at 16 kHz, in [-1, 1] */
  features(samples: Float32Array): Frames {
    const { features, statistics } = this.file;
    return normalizeFeatures(computeFeatures(samples, features), features, statistics);
  }

  /** Runs normalized frames as one batch; an utterance's logits do not depend on its neighbors. */
  async logits(batch: readonly Frames[]): Promise<Logits> {
    const { architecture } = this.file;
    const steps = batch.map(({ frames }) => outputSteps(architecture, frames));
    const { frames, T, B, F } = padFrames(batch);
    if (T === 0) return { logits: new Float32Array(0), steps };
    const padded = outputSteps(architecture, T); // T'
    const outputs = await this.#program.run({
      frames: { type: "float32", dims: [T, B, F], data: frames },
      mask: { type: "float32", dims: [padded, B, 1], data: stepMask(steps, padded) },
    });
    const [logits] = this.#program.outputs; // it has this one output, whatever its name
    return { logits: outputs[logits].data as Float32Array, steps };
  }

  /** Frees the engine's memory and threads; the model cannot run afterwards. */
  async close(): Promise<void> {
    await this.#program.close();
  }
}
