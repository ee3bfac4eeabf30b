// Mean 0 and deviation 1 for every bin (Deep Speech, section 5), by statistics of the training set, of the recording, or
// of both, or not at all: six kinds behind one stream, of which a whole recording is the special case. What differs is
// whose statistics they are, and whether a frame can leave before the recording ends. Knows nothing of how frames were made.

import { EarshotError } from "../../errors.ts";
import { staticSize, type FeatureSettings } from "./feature-settings.ts";
import { type Frames, joinFrames } from "./frames.ts";
import { QuietestFrame } from "./silent-frames.ts";
import { framesWhere, levelBySpeech } from "./speech-frames.ts";
import { type FeatureStatistics, StatisticsStream } from "./statistics.ts";

/** Whether the statistics of the training set are a part of the normalization, and so of the model. */
export function needsStatistics({ normalization }: Pick<FeatureSettings, "normalization">): boolean {
  return (
    normalization === "global" ||
    normalization === "speaker" ||
    normalization === "causal" ||
    normalization === "speech"
  );
}

/**
 * Of log energies in speech, in nepers of power: there it is about 2, under noise 1; in tones it is so little that silence
 * beside them would be enormous.
 */
export const LEAST_SPEECH_DEVIATION = 0.5;

/**
 * Normalizes frames as they come. Every chunking gives the same bits. Frames without any signal count in no statistics, and
 * become the quietest other frame: of the recording where frames leave at its end, else of what came before.
 *
 * | normalization | by the statistics of                                        | frames leave |
 * | ------------- | ----------------------------------------------------------- | ------------ |
 * | `none`        | nothing                                                     | at once      |
 * | `global`      | the training set                                            | at once      |
 * | `causal`      | the training set, as `priorFrames` frames, and what came, this frame included | at once |
 * | `speaker`     | the training set, as `priorFrames` frames, and the recording | at its end  |
 * | `utterance`   | the recording                                               | at its end   |
 * | `speech`      | speech of the training set, as `priorFrames` frames, and of the recording | at its end |
 */
export class NormalizationStream {
  readonly #settings: FeatureSettings;
  readonly #training: FeatureStatistics | undefined;
  #gathered: StatisticsStream;
  #held: Frames[] = [];
  #quietest = new QuietestFrame();

  /**
   * @param training statistics of the training set, of frames of the size that will come
   * @throws MISSING_STATISTICS when the normalization needs them and they are not given.
   */
  constructor(settings: FeatureSettings, training?: FeatureStatistics) {
    this.#settings = settings;
    this.#training = needsStatistics(settings) ? training : undefined;
    this.#gathered = this.#newStatistics();
  }

  /**
   * The frames that need nothing later.
   * @throws MISSING_STATISTICS when the normalization needs statistics, and those given are none or of another size.
   */
  push(frames: Frames): Frames {
    this.#check(frames.size);
    const { normalization } = this.#settings;
    if (normalization === "speech") return this.#hold(frames);
    if (normalization === "utterance" || normalization === "speaker") {
      this.#gathered.push(frames);
      this.#quietest.pass(frames);
      return this.#hold(frames);
    }
    const filled = this.#quietest.pass(frames);
    if (normalization === "none") return filled;
    if (normalization === "global") return standardize(filled, this.#training!);
    return this.#gathered.follow(frames, filled);
  }

  /** Ends the recording: the frames that waited for its statistics. Another recording may follow. */
  finish(): Frames {
    const held = joinFrames(this.#held);
    const rest =
      this.#settings.normalization === "speech"
        ? this.#standardizeBySpeech(held)
        : this.#standardize(this.#quietest.pass(held));
    this.#held = [];
    this.#quietest = new QuietestFrame();
    this.#gathered = this.#newStatistics();
    return rest;
  }

  #hold(frames: Frames): Frames {
    this.#held.push(frames);
    return { data: new Float32Array(0), frames: 0, size: frames.size };
  }

  #standardize(held: Frames): Frames {
    return this.#gathered.isEmpty
      ? { ...held, data: new Float32Array(held.data.length) }
      : standardize(held, this.#gathered.statistics());
  }

  /** Silent frames stay: the floor below speech is theirs, whatever else is quiet in the recording. */
  #standardizeBySpeech(held: Frames): Frames {
    if (held.frames === 0) return held;
    const { frames, isSpeech } = levelBySpeech(held, this.#settings);
    this.#gathered.push(framesWhere(frames, isSpeech));
    const { mean, deviation } = this.#gathered.statistics();
    const width = staticSize(this.#settings);
    const least = deviation.map((value, bin) =>
      bin < width ? Math.max(value, LEAST_SPEECH_DEVIATION) : value,
    );
    return standardize(frames, { mean, deviation: least });
  }

  #newStatistics(): StatisticsStream {
    if (this.#training === undefined) return new StatisticsStream();
    return StatisticsStream.from(this.#training, this.#settings.priorFrames);
  }

  #check(size: number): void {
    const bins = this.#training?.mean.length;
    if (!needsStatistics(this.#settings) || bins === size) return;
    throw new EarshotError({
      code: "MISSING_STATISTICS",
      problem: `Normalization "${this.#settings.normalization}" needs statistics of ${size} bins; ${bins ?? "none"} were given.`,
      remedy:
        "Measure them over the training set with measureStatistics, or set features.normalization to utterance.",
    });
  }
}

/**
 * The normalized frames of a whole recording.
 * @param training statistics of the training set, for the kinds that need them
 * @throws MISSING_STATISTICS when they are needed and not given, or are of frames of another size.
 */
export function normalizeFeatures(
  frames: Frames,
  settings: FeatureSettings,
  training?: FeatureStatistics,
): Frames {
  const stream = new NormalizationStream(settings, training);
  return joinFrames([stream.push(frames), stream.finish()]);
}

/** Each bin less its mean, divided by its deviation. */
export function standardize({ data, frames, size }: Frames, { mean, deviation }: FeatureStatistics): Frames {
  const output = new Float32Array(data.length);
  for (let t = 0; t < frames; t++) {
    for (let f = 0; f < size; f++) output[t * size + f] = (data[t * size + f] - mean[f]) / deviation[f];
  }
  return { data: output, frames, size };
}
