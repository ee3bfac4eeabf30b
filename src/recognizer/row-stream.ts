// Samples → rows as soon as they are certain, for models that can: the model's own stream, which is spared the silence
// before the first sound, as a whole recording is. A recording of zeros alone has no rows, since normalized silence would be
// taken for letters. Knows nothing of what is made of the rows.

import { SAMPLE_RATE_HZ, SoundStream } from "../audio/index.ts";
import type { AcousticStream, Ensemble } from "../model/index.ts";
import { joinBlocks } from "../tensor.ts";

export type StreamingModel = Ensemble & Required<Pick<Ensemble, "openStream">>;

export const canStream = (model: Ensemble): model is StreamingModel => model.openStream !== undefined;

/** What of a long recording runs at once: longer is hardly faster, and memory grows with it. */
const CHUNK = 10 * SAMPLE_RATE_HZ; // samples

export class RowStream {
  readonly #stream: AcousticStream;
  readonly #sound = new SoundStream();
  #isEmpty = true;

  constructor(model: StreamingModel) {
    this.#stream = model.openStream();
  }

  /** @returns [n, V], n from 0 up, natural logarithms */
  async push(samples: Float32Array): Promise<Float32Array> {
    return this.#push(this.#sound.push(samples));
  }

  async finish(): Promise<Float32Array> {
    const rest = await this.#push(this.#sound.finish());
    return this.#isEmpty ? rest : joinBlocks([rest, await this.#stream.finish()]);
  }

  async #push(sound: Float32Array): Promise<Float32Array> {
    if (sound.length === 0) return sound;
    this.#isEmpty = false;
    return this.#stream.push(sound);
  }

  /** Where the first row begins, once there is one. */
  get startMs(): number {
    return (1000 * this.#sound.start) / SAMPLE_RATE_HZ;
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
