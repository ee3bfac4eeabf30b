// The door of features: samples to frames, before normalization. A stream first: a whole recording is a stream fed once,
// and every chunking gives the same bits. The stages behind it: spectral-frames.ts, in level.ts where that is asked for,
// then cepstrum.ts, then deltas.ts once for each order.

import { cepstralTransform, transform } from "./cepstrum.ts";
import { DeltaStream } from "./deltas.ts";
import { featureSize, type FeatureSettings, staticSize } from "./feature-settings.ts";
import { type Frames, joinFrames } from "./frames.ts";
import { LevelStream } from "./level.ts";
import { SpectralStream } from "./spectral-frames.ts";

/**
 * Turns samples into frames as they come. Frame t covers the samples [t * hop, t * hop + window): no padding at
 * the edges, so n samples give floor((n - window) / hop) + 1 frames; only a recording shorter than one window is
 * filled up with zeros, to one frame. With deltas, frames come `deltas * deltaFrames` frames later; with level "utterance",
 * all of them when the recording ends.
 */
export class FeatureStream {
  /** F */
  readonly size: number;
  readonly #spectral: SpectralStream | LevelStream;
  readonly #cepstrum: Float64Array | undefined;
  readonly #deltas: readonly DeltaStream[];

  constructor(settings: FeatureSettings) {
    this.size = featureSize(settings);
    this.#spectral =
      settings.level === "utterance" ? new LevelStream(settings) : new SpectralStream(settings);
    this.#cepstrum = settings.kind === "mfcc" ? cepstralTransform(settings) : undefined;
    const width = staticSize(settings);
    const { deltas, deltaFrames } = settings;
    this.#deltas = Array.from(
      { length: deltas },
      (_, n) => new DeltaStream((n + 1) * width, width, deltaFrames),
    );
  }

  /** The frames that these samples complete. */
  push(samples: Float32Array): Frames {
    const frames = this.#cepstra(this.#spectral.push(samples));
    return this.#deltas.reduce((known, stage) => stage.push(known), frames);
  }

  /** Ends the recording: the frames that waited for later ones, or the only frame of a recording shorter than a window. */
  finish(): Frames {
    const frames = this.#cepstra(this.#spectral.finish());
    return this.#deltas.reduce((known, stage) => joinFrames([stage.push(known), stage.finish()]), frames);
  }

  #cepstra(logs: Frames): Frames {
    return this.#cepstrum ? transform(this.#cepstrum, logs) : logs;
  }
}

/** The frames of a whole recording, before normalization. */
export function computeFeatures(samples: Float32Array, settings: FeatureSettings): Frames {
  const stream = new FeatureStream(settings);
  return joinFrames([stream.push(samples), stream.finish()]);
}
