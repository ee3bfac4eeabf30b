// The evaluation room: how good is a recognizer?

export { evaluate } from "./evaluate.ts";
export type { Evaluation, EvaluateOptions, Failure, Pair } from "./evaluate.ts";
