// Where frames and steps lie in a recording's time: what all figures and the playhead go by. Knows nothing of drawing.

export interface TimeAxisShape {
  /** Of the recording. */
  readonly seconds: number;
  readonly windowMs: number;
  readonly hopMs: number;
  readonly frames: number;
  /** Frames of a step. */
  readonly stride: number;
  readonly steps: number;
}

/** A part of the recording, as shares of its length. */
export interface Part {
  readonly from: number;
  readonly to: number;
}

export interface TimeAxis extends TimeAxisShape {
  /** What the columns of all frames take up, and those of all steps: each column is a hop, or a step, about its own middle. */
  readonly allFrames: Part;
  readonly allSteps: Part;
  /** The sound that a frame is made of. */
  readonly soundOf: (frame: number) => Part;
  readonly columnOf: (step: number) => Part;
  /** The step at a time, the nearest where there is none. */
  readonly stepAt: (seconds: number) => number;
  /** In the middle of the step's own frame. */
  readonly secondsOf: (step: number) => number;
}

export function timeAxis(shape: TimeAxisShape): TimeAxis {
  const { seconds, windowMs, hopMs, frames, stride, steps } = shape;
  const shareOf = (ms: number): number => (seconds === 0 ? 0 : ms / 1000 / seconds);
  const [startMs, stepMs] = [(windowMs - hopMs) / 2, stride * hopMs];
  const stepAt = (at: number): number =>
    Math.min(Math.max(0, steps - 1), Math.max(0, Math.floor((1000 * at - startMs) / stepMs)));
  return {
    ...shape,
    allFrames: { from: shareOf(startMs), to: shareOf(startMs + frames * hopMs) },
    allSteps: { from: shareOf(startMs), to: shareOf(startMs + steps * stepMs) },
    soundOf: (frame) => ({ from: shareOf(frame * hopMs), to: shareOf(frame * hopMs + windowMs) }),
    columnOf: (step) => ({
      from: shareOf(startMs + step * stepMs),
      to: shareOf(startMs + (step + 1) * stepMs),
    }),
    stepAt,
    secondsOf: (step) => (step * stepMs + windowMs / 2) / 1000,
  };
}
