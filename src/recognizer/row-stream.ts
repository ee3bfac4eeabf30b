// Samples → rows as soon as they are certain, for models that can: the model's own stream, which is spared the silence
// before the first sound. A recording of zeros alone has no rows, whole or as a stream, since normalized silence would be
// taken for letters. Knows nothing of what is made of the rows.

import { joinBlocks, SAMPLE_RATE_HZ } from "../audio/index.ts";
import type { AcousticStream, Ensemble } from "../model/index.ts";

export type StreamingModel = Ensemble & Required<Pick<Ensemble, "openStream">>;

export const canStream = (model: Ensemble): model is StreamingModel => model.openStream !== undefined;

/** What of a long recording runs at once: longer is hardly faster, and memory grows with it. */
const CHUNK = 10 * SAMPLE_RATE_HZ; // samples

export class RowStream {
  readonly #stream: AcousticStream;
  /** Zeros that came before any sound, in samples; none once there was one. */
  #silence: number | undefined = 0;

  constructor(model: StreamingModel) {
    this.#stream = model.openStream();
  }

  /** @returns [n, V], n from 0 up, natural logarithms */
  async push(samples: Float32Array): Promise<Float32Array> {
    if (this.#silence === undefined) return this.#stream.push(samples);
    if (samples.every((sample) => sample === 0)) {
      this.#silence += samples.length;
      return new Float32Array(0);
    }
    const rows: Float32Array[] = [];
    for (let left = this.#silence; left > 0; left -= CHUNK)
      rows.push(await this.#stream.push(new Float32Array(Math.min(left, CHUNK))));
    this.#silence = undefined;
    return joinBlocks([...rows, await this.#stream.push(samples)]);
  }

  async finish(): Promise<Float32Array> {
    return this.#silence === undefined ? this.#stream.finish() : new Float32Array(0);
  }
}

/** A recording fed to the stream in chunks, so that memory does not grow with it. @returns [T', V] */
export async function rowsOfLongRecording(
  model: Ensemble,
  samples: Float32Array,
  signal?: AbortSignal,
): Promise<Float32Array> {
  if (!canStream(model)) throw new RangeError("The model needs the whole utterance.");
  const stream = new RowStream(model);
  const rows: Float32Array[] = [];
  for (let at = 0; at < samples.length; at += CHUNK) {
    signal?.throwIfAborted();
    rows.push(await stream.push(samples.subarray(at, at + CHUNK)));
  }
  return joinBlocks([...rows, await stream.finish()]);
}
