// Seconds of a step as a line over its padded frames, through steps that were measured: what every step costs, and what a
// frame does.

export interface MeasuredStep {
  /** B × T. */
  readonly paddedFrames: number;
  readonly seconds: number;
}

export interface StepCost {
  readonly secondsPerStep: number;
  readonly secondsPerFrame: number;
}

/** Least squares; both parts are at least 0. */
export function fitStepCost(steps: readonly MeasuredStep[]): StepCost {
  const [meanFrames, meanSeconds] = [mean(steps, "paddedFrames"), mean(steps, "seconds")];
  const sum = (term: (frames: number, seconds: number) => number) =>
    steps.reduce(
      (total, step) => total + term(step.paddedFrames - meanFrames, step.seconds - meanSeconds),
      0,
    );
  const spread = sum((frames) => frames ** 2);
  const slope = spread === 0 ? 0 : sum((frames, seconds) => frames * seconds) / spread;
  const atZero = meanSeconds - slope * meanFrames;
  if (spread === 0 || atZero < 0) return { secondsPerStep: 0, secondsPerFrame: meanSeconds / meanFrames };
  if (slope < 0) return { secondsPerStep: meanSeconds, secondsPerFrame: 0 };
  return { secondsPerStep: atZero, secondsPerFrame: slope };
}

export const stepSeconds = ({ secondsPerStep, secondsPerFrame }: StepCost, paddedFrames: number): number =>
  secondsPerStep + secondsPerFrame * paddedFrames;

/** Of each number of frames the fastest: other programs only slow a step down. */
export function fastestSteps(steps: readonly MeasuredStep[]): MeasuredStep[] {
  const fastest = new Map<number, MeasuredStep>();
  for (const step of steps) {
    const known = fastest.get(step.paddedFrames);
    if (known === undefined || step.seconds < known.seconds) fastest.set(step.paddedFrames, step);
  }
  return [...fastest.values()];
}

const mean = (steps: readonly MeasuredStep[], key: keyof MeasuredStep): number =>
  steps.reduce((sum, step) => sum + step[key], 0) / steps.length;
