// The programs for recordings that are learned from in segments: one that only goes forward, from segment to segment, and
// one that gives the gradients of a segment for a gradient at its logits. States go in without a gradient: what a segment
// did to the next is not learned from (truncated back-propagation, Werbos 1990; Transformer-XL, arXiv 1901.02860).

import { gradientsOf, writeOnnx } from "../../graph/index.ts";
import { segmentGraph, stateOutputs, type Architecture, type StreamingState } from "../../network/index.ts";
import { asOneBatch, type IntermediateLoss, type TrainingPrograms } from "./programs.ts";

/** Plain data, so that it crosses to the worker that trains. */
export interface SegmentPrograms extends Pick<
  TrainingPrograms,
  "gradients" | "masks" | "followed" | "stride"
> {
  /** Outputs the logits [T', n B, V], of the network and of n − 1 heads between its layers, and the states after the segment. */
  readonly forward: Uint8Array;
  readonly logits: string;
  readonly states: readonly StreamingState[];
  /** In frames. */
  readonly lookAhead: number;
  /** Outputs the gradients, for its input `upstream` [T', n B, V]. */
  readonly backward: Uint8Array;
  /** T of a segment, a multiple of the stride; the last of a recording is shorter. */
  readonly frames: number;
}

/**
 * @param frames longest segment, rounded to whole steps
 * @throws EarshotError NEEDS_WHOLE_UTTERANCE when the network hands on no states
 */
export function segmentPrograms(
  architecture: Architecture,
  frozen: ReadonlySet<string>,
  frames: number,
  intermediate: IntermediateLoss = { heads: 0, weight: 0 },
): SegmentPrograms {
  const { name } = architecture.network;
  const build = () => {
    const { logits, heads, ...built } = segmentGraph(architecture, { heads: intermediate.heads, frozen });
    return { ...built, logits: asOneBatch([logits, ...(intermediate.weight > 0 ? heads : [])]) };
  };
  const forward = build();
  const logits = forward.logits.graph.output(forward.logits).name;
  const states = stateOutputs(forward);
  const backward = build();
  const { graph } = backward.logits;
  const upstream = graph.input("upstream", "float32", backward.logits.shape);
  const { variables } = backward;
  const gradients = gradientsOf(backward.logits, upstream, variables).map((gradient) =>
    graph.output(gradient),
  );
  const { stride, lookAhead, masks } = forward;
  return {
    forward: writeOnnx(forward.logits.graph, `${name}/segment`),
    logits,
    states,
    lookAhead,
    stride,
    backward: writeOnnx(graph, `${name}/segment-gradients`),
    gradients: gradients.map((gradient, i) => [variables[i].name, gradient.name]),
    masks,
    followed: backward.statistics.filter(({ weight }) => !frozen.has(weight)),
    frames: stride * Math.max(1, Math.round(frames / stride)),
  };
}
