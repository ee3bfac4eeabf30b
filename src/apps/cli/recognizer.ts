// The recognizer that the options of a command ask for: one model or several, and how texts are found.

import type { ComputePrecision } from "../../model/index.ts";
import type { DecodingOptions, Recognizer, RejectionChoice } from "../../recognizer/index.ts";
import { readDecoding } from "./decoding.ts";
import type { DecoderFlags } from "./decoding.ts";
import { requireModels } from "./options.ts";
import { usageFault, type Session } from "./session.ts";

export interface RecognizerFlags {
  readonly model?: readonly string[];
  readonly engine?: string;
  readonly threads?: number;
  readonly precision?: ComputePrecision;
  readonly modelWeights?: readonly number[];
  readonly jitter?: true;
}

export interface RejectionFlags {
  /** False: accept everything. */
  readonly reject?: boolean;
  readonly rejectThreshold?: number;
}

/** Shows the warnings of the model and of its decoder. @param command its name, for the remedy of a missing --model */
export async function openRecognizer(
  flags: RecognizerFlags & RejectionFlags & DecoderFlags,
  command: string,
  session: Session,
): Promise<Recognizer> {
  requireModels(flags.model, command); // before anything is read
  checkRejection(flags);
  return loadRecognizer(flags, await readDecoding(flags), command, session);
}

/** @throws USAGE */
export function checkRejection({ reject, rejectThreshold }: RejectionFlags): void {
  if (reject === false && rejectThreshold !== undefined)
    throw usageFault(
      "--no-reject accepts every text, and --reject-threshold says which are rejected.",
      "Leave one of them out.",
    );
}

export const rejectionOf = ({ reject, rejectThreshold: threshold }: RejectionFlags): RejectionChoice =>
  reject === false ? false : { threshold };

export async function loadRecognizer(
  {
    model,
    modelWeights: weights,
    engine,
    threads,
    precision,
    jitter,
    ...flags
  }: RecognizerFlags & RejectionFlags,
  decoding: DecodingOptions | "greedy" | undefined,
  command: string,
  { output }: Session,
): Promise<Recognizer> {
  const { Recognizer } = await import("../../recognizer/index.ts");
  const models = requireModels(model, command);
  const rejection = rejectionOf(flags);
  const options = { engine, threads, precision, jitter, weights, decoding, rejection };
  const recognizer = await Recognizer.load(models, options);
  for (const warning of recognizer.warnings) output.warn(warning);
  return recognizer;
}
