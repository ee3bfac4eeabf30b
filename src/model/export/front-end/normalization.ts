// The six kinds of normalization on a graph, as NormalizationStream of the audio room computes them for a whole recording.

import type { FeatureSettings, FeatureStatistics, FrontEndNumbers } from "../../../audio/index.ts";
import {
  add,
  cast,
  clip,
  div,
  equal,
  mul,
  reduceSum,
  scan,
  sqrt,
  sub,
  where,
  zerosLike,
  type Graph,
  type Tensor,
} from "../../../graph/index.ts";
import { quietestBefore, quietestOfAll } from "./silence.ts";
import { withGraphSlopes } from "./slopes.ts";
import { speechFrames } from "./speech.ts";
import type { GraphFrames } from "./spectral-frames.ts";

export interface NormalizationOptions {
  readonly features: FeatureSettings;
  /** Of the training set, where the normalization needs them. */
  readonly statistics?: FeatureStatistics;
  readonly numbers: FrontEndNumbers;
}

const INFINITE = 1e300;

/** Frames before slopes → normalized frames with slopes, [T, B, F] */
export function normalizeOnGraph(frames: GraphFrames, options: NormalizationOptions): Tensor {
  const { features, numbers } = options;
  if (features.normalization === "speech") return bySpeech(frames, options);
  const sloped = withGraphSlopes(frames, features, numbers.floor);
  switch (features.normalization) {
    case "none":
      return quietestBefore(sloped);
    case "global":
      return byTraining(quietestBefore(sloped), options);
    case "causal":
      return byWhatCame(sloped, options);
    case "speaker":
    case "utterance":
      return byRecording(sloped, options);
  }
}

const row = (graph: Graph, name: string, values: Float32Array): Tensor =>
  graph.constant(name, "float64", [values.length], Float64Array.from(values));

const standardized = (x: Tensor, mean: Tensor, deviation: Tensor): Tensor =>
  cast(div(sub(cast(x, "float64"), mean), deviation), "float32");

/** As statistics are kept. */
const rounded = (x: Tensor): Tensor => cast(cast(x, "float32"), "float64");

function byTraining(filled: Tensor, { statistics }: NormalizationOptions): Tensor {
  const { mean, deviation } = statistics!;
  return standardized(filled, row(filled.graph, "mean", mean), row(filled.graph, "deviation", deviation));
}

interface Moments {
  /** [1, B, 1] */
  readonly count: Tensor;
  /** [1, B, F] */
  readonly mean: Tensor;
  readonly deviation: Tensor;
}

/** Of the frames that are marked [T, B, 1], beside so many frames of the training set. [1, B, F] */
function momentsOf(x: Tensor, marks: Tensor, { features, statistics }: NormalizationOptions): Moments {
  const { graph } = x;
  const prior = statistics ? features.priorFrames : 0;
  const [trained, spread] = [statistics?.mean, statistics?.deviation].map((values) =>
    row(graph, "statistics", values ?? new Float32Array(x.shape[2] as number)),
  );
  const count = add(reduceSum(marks, [0], { keep: true }), prior);
  const safe = clip(count, 1, INFINITE);
  const mean = div(add(reduceSum(mul(x, marks), [0], { keep: true }), mul(trained, prior)), safe);
  const distance = (from: Tensor) => {
    const away = sub(from, mean);
    return mul(away, away);
  };
  const own = reduceSum(mul(distance(x), marks), [0], { keep: true });
  const before = mul(add(distance(trained), mul(spread, spread)), prior);
  return { count, mean, deviation: sqrt(div(add(own, before), safe)) };
}

function byRecording(frames: GraphFrames, options: NormalizationOptions): Tensor {
  const x = cast(frames.values, "float64");
  const sounding = sub(1, cast(frames.silent, "float64"));
  const { count, mean, deviation } = momentsOf(x, sounding, options);
  const least = clip(deviation, options.numbers.leastDeviation, INFINITE);
  const scaled = standardized(quietestOfAll(frames), rounded(mean), rounded(least));
  return where(equal(count, 0), 0, scaled);
}

/** Silent frames stay: the floor below speech is theirs. */
function bySpeech(frames: GraphFrames, options: NormalizationOptions): Tensor {
  const { features, numbers } = options;
  const { values, isSpeech } = speechFrames(frames, features, numbers);
  const { mean, deviation } = momentsOf(cast(values, "float64"), isSpeech, options);
  const width = frames.values.shape[2] as number;
  const least = Float64Array.from({ length: values.shape[2] as number }, (_, f) =>
    f < width ? numbers.speech.leastDeviation : numbers.leastDeviation,
  );
  const floor = values.graph.constant("least", "float64", [least.length], least);
  const above = sub(deviation, floor);
  return standardized(values, rounded(mean), rounded(add(clip(above, 0, INFINITE), floor)));
}

/** By the training set and all frames up to each, in one pass (Welford 1962). */
function byWhatCame(frames: GraphFrames, { features, statistics, numbers }: NormalizationOptions): Tensor {
  const { values, silent } = frames;
  const { mean, deviation } = statistics!;
  const { graph } = values;
  const nothing = cast(zerosLike(values, 1, 3), "float64"); // [B, F]
  const prior = features.priorFrames;
  const spread = row(graph, "deviation", deviation);
  const start = [
    add(reduceSum(nothing, [1], { keep: true }), prior), // [B, 1]
    add(nothing, row(graph, "mean", mean)),
    add(nothing, mul(mul(spread, spread), prior)),
  ];
  const { outputs } = scan({
    states: start,
    sequences: [values, quietestBefore(frames), cast(silent, "float64")].map((x) => cast(x, "float64")),
    direction: "forward",
    step: ([count, middle, squares], [x, filled, mark]) => {
      const sounds = sub(1, mark); // [B, 1]
      const total = add(count, sounds);
      const away = mul(sub(x, middle), sounds);
      const next = add(middle, div(away, total));
      const sum = add(squares, mul(away, sub(x, next)));
      const least = clip(sqrt(div(sum, total)), numbers.leastDeviation, INFINITE);
      return { states: [total, next, sum], outputs: [div(sub(filled, next), least)] };
    },
  });
  return cast(outputs[0], "float32");
}
