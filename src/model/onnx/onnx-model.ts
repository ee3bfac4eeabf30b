// Any CTC acoustic model in ONNX, with its tokens and a description of what it takes and gives, as an acoustic model like
// ours. It is run once when it is opened, so that a description that does not fit is known before the first recording.

import { openEngine } from "../../engine/index.ts";
import { EarshotError } from "../../errors.ts";
import type { Warning } from "../../errors.ts";
import type { Alphabet, TranscriptPolicy } from "../../text/index.ts";
import type { AcousticModel, ModelCopy, ModelDecoding, ModelInput, ModelOptions } from "../acoustic-model.ts";
import type { OnnxDescription, OnnxDescriptionInput } from "./description.ts";
import type { OnnxSource } from "./load-onnx-model.ts";
import { OnnxProgram } from "./onnx-program.ts";
import { mismatch } from "./runner.ts";
import { openSignal } from "./signal.ts";
import type { Signal } from "./signal.ts";
import { placeTokens } from "./token-rows.ts";
import { checkShorter, checkTrial, trialSamples } from "./trial.ts";
import { tableOfTokens } from "./tokens.ts";
import type { TokenTable } from "./tokens.ts";

/** What the parts of an open model are made of. */
interface Parts {
  readonly description: OnnxDescription;
  readonly tokens: TokenTable;
  readonly signal: Signal;
  readonly program: OnnxProgram;
  readonly warnings: readonly Warning[];
  readonly parameters: number;
  /** What it was opened from, with what options. */
  readonly copy: ModelCopy;
}

const BYTES_PER_PARAMETER = 4;

export class OnnxModel implements AcousticModel {
  readonly alphabet: Alphabet;
  readonly transcript: TranscriptPolicy;
  readonly stepMs: number;
  readonly hopMs: number;
  readonly windowMs: number;
  readonly viewCount = 1;
  readonly network = "ONNX";
  /** As many numbers of four bytes as the program is long: it does not say which of them training found. */
  readonly parameters: number;
  readonly warnings: readonly Warning[];
  readonly decoding: ModelDecoding;
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    const { description, tokens, signal } = parts;
    this.alphabet = tokens.alphabet;
    this.transcript = description.transcript;
    this.stepMs = signal.rowMs * description.stride;
    this.hopMs = signal.hopMs;
    this.windowMs = signal.windowMs;
    this.parameters = parts.parameters;
    this.warnings = parts.warnings;
    this.decoding = { settings: description.decoder, rejection: description.rejection };
    this.#parts = parts;
  }

  /**
   * @param input whose tokens are a list: a path is for `loadOnnxModel`, which knows a folder
   * @param about what errors call the description, or that and more of where the model is from
   * @throws EarshotError UNKNOWN_SETTING, INVALID_SETTING, INVALID_TOKENS, DESCRIPTION_MISMATCH, INVALID_PROGRAM,
   * UNKNOWN_ENGINE, ENGINE_ABSENT, and what `Alphabet.fromPieces` throws
   */
  static async open(
    bytes: Uint8Array,
    input: OnnxDescriptionInput,
    { engine: name, ...options }: ModelOptions = {},
    about: string | Omit<OnnxSource, "onnx" | "description"> = {},
  ): Promise<OnnxModel> {
    const from = typeof about === "string" ? { where: about } : about;
    const { where = "description", modelWhere = "model", externalData } = from;
    const { parseDescription } = await import("./description.ts"); // a table that other models need not wait for
    const description = parseDescription(input, where);
    if (typeof description.tokens === "string") throw tokensElsewhere(where);
    const tokens = tableOfTokens(description.tokens, description, where);
    const signal = openSignal(description.input);
    const engine = await openEngine(name);
    const loaded = await engine.load(bytes, { ...options, externalData }).catch((error: unknown) => {
      throw unloadable(error, modelWhere);
    });
    try {
      const program = new OnnxProgram(loaded, description, signal, tokens.places.length, where);
      const parameters = Math.floor(bytes.length / BYTES_PER_PARAMETER);
      const model = new OnnxModel({
        description,
        tokens,
        signal,
        program,
        parameters,
        warnings: engine.warnings ?? [],
        copy: {
          source: { ...from, onnx: bytes, description: input },
          options: { ...options, engine: name },
        },
      });
      await model.#try(where);
      return model;
    } catch (error) {
      await loaded.close();
      throw error;
    }
  }

  copy(): ModelCopy {
    return this.#parts.copy;
  }

  prepare(samples: Float32Array): ModelInput {
    return this.#parts.signal.prepare(samples);
  }

  async logProbabilities(batch: readonly ModelInput[]): Promise<Float32Array[]> {
    const { description, tokens } = this.#parts;
    const rows = await this.#rows(batch);
    return rows.map((own) => placeTokens(own, description.output.gives, tokens));
  }

  async close(): Promise<void> {
    await this.#parts.program.close();
  }

  /** [B][T', V of the program]; none for silence. */
  async #rows(batch: readonly ModelInput[]): Promise<Float32Array[]> {
    const { signal, program } = this.#parts;
    const rows = batch.map((): Float32Array => new Float32Array(0));
    const places = batch.flatMap(({ length }, b) => (length > 0 ? [b] : []));
    const fed = await Promise.all(places.map((b) => signal.feed(batch[b].views[0])));
    for (const [i, own] of (await program.rows(fed)).entries()) rows[places[i]] = own;
    return rows;
  }

  /** Short runs, to see whether it gives what was described. @throws DESCRIPTION_MISMATCH */
  async #try(where: string): Promise<void> {
    const { description, tokens, signal, program } = this.#parts;
    const V = tokens.places.length;
    const [long, short] = await Promise.all(
      trialSamples().map((samples) => signal.feed(this.prepare(samples).views[0])),
    );
    const [rows] = await program.rows([long]).catch((error: unknown) => {
      const remedy = "Correct input, stride and feed in the description.";
      throw asMismatch(error, where, "It does not run as described.", remedy);
    });
    checkTrial(rows, V, signal.rowMs, description, where);
    const [fewer] = await program.rows([short]).catch((error: unknown) => {
      const remedy = "A length was fixed when it was exported: export it with a dynamic axis for time.";
      throw asMismatch(error, where, "It runs on two seconds of sound, but not on less.", remedy);
    });
    checkShorter(rows.length / V, fewer.length / V, where);
    await program.tryBatch([long, short], [rows, fewer]);
  }
}

function asMismatch(error: unknown, where: string, what: string, remedy: string): unknown {
  if (!(error instanceof EarshotError && error.code === "PROGRAM_FAILED")) return error;
  return mismatch(where, `${what} ${error.problem}`, remedy, error);
}

/** Of a program made elsewhere it is more likely to be newer than the runtime than damaged. */
function unloadable(error: unknown, where: string): unknown {
  if (!(error instanceof EarshotError && error.code === "INVALID_PROGRAM")) return error;
  const remedy = /external/i.test(error.problem)
    ? "Give the model by its path, with the files of its weights beside it; or export it with external_data=False."
    : "Copy the file again; where it is whole, export it with an older opset (opset_version=17), or without operators of its own.";
  return error.with({ where, remedy });
}

function tokensElsewhere(where: string): EarshotError {
  return mismatch(
    where,
    "Its tokens are in a file of their own, but where that is only the path of the model says.",
    "Open the model by its path, or give the tokens as a list.",
  );
}
