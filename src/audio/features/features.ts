// The door of features: samples to frames, before normalization. A stream first: a whole recording is a stream fed once,
// and every chunking gives the same bits. The stages behind it: level.ts where it is asked for, spectral-frames.ts, then
// deltas.ts once for each order.

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
  readonly #level: LevelStream | undefined;
  readonly #spectral: SpectralStream;
  readonly #deltas: readonly DeltaStream[];

  constructor(settings: FeatureSettings) {
    this.size = featureSize(settings);
    this.#level = settings.level === "utterance" ? new LevelStream(settings) : undefined;
    this.#spectral = new SpectralStream(settings);
    const width = staticSize(settings);
    const { deltas, deltaFrames } = settings;
    this.#deltas = Array.from(
      { length: deltas },
      (_, n) => new DeltaStream((n + 1) * width, width, deltaFrames),
    );
  }

  /** The frames that these samples complete. */
  push(samples: Float32Array): Frames {
    this.#level?.push(samples);
    return this.#analyze(this.#level ? new Float32Array(0) : samples);
  }

  /** Ends the recording: the frames that waited for later ones, or the only frame of a recording shorter than a window. */
  finish(): Frames {
    const leveled = this.#analyze(this.#level?.finish() ?? new Float32Array(0));
    const rest = this.#deltas.reduce(
      (frames, stage) => joinFrames([stage.push(frames), stage.finish()]),
      this.#spectral.finish(),
    );
    return joinFrames([leveled, rest]);
  }

  #analyze(samples: Float32Array): Frames {
    return this.#deltas.reduce((frames, stage) => stage.push(frames), this.#spectral.push(samples));
  }
}

/** The frames of a whole recording, before normalization. */
export function computeFeatures(samples: Float32Array, settings: FeatureSettings): Frames {
  const stream = new FeatureStream(settings);
  return joinFrames([stream.push(samples), stream.finish()]);
}
