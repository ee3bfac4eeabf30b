// Several systems on the same utterances: what each costs, what each has wrong, what one has wrong and another right, and
// whether they differ by more than chance. It knows nothing of runs, manifests or pages.

import type { Utterance } from "../../data/index.ts";
import type { Warning } from "../../errors.ts";
import { fileFacts } from "../../platform/index.ts";
import { Recognizer } from "../../recognizer/index.ts";
import { errorRates, type ErrorRates } from "../../text/index.ts";
import type { Failure } from "../references.ts";
import { nothingToTest } from "../utterance-rows.ts";
import { drawRates, interval95, type BootstrapOptions, type RateInterval } from "./bootstrap.ts";
import {
  distinctWarnings,
  failuresOf,
  measureSystem,
  type TimedClip,
  type SystemMeasureOptions,
  type SystemMeasures,
} from "./measure.ts";
import type { MeasureRequest } from "./measure-work.ts";
import { systemPairs, type SystemPair } from "./system-pairs.ts";
import { countWordErrors, wordsOfText } from "./word-marks.ts";

/** A model, or several together, and what it is called. */
export interface ComparedSystem {
  readonly name: string;
  /** Paths of files. */
  readonly models: readonly string[];
  /** How much each counts; all the same when not given. */
  readonly weights?: readonly number[];
}

type Measured = Omit<SystemMeasures, "references" | "hypotheses" | "rejects" | "warnings" | "clip">;

export interface SystemResult extends ComparedSystem, ErrorRates, Measured {
  /** Of the word error rate, 95 of 100. */
  readonly interval: RateInterval;
  /** Of a system that rejects: of the references with words, the share that has a text. */
  readonly accepted?: number;
  /** Of its model files. */
  readonly fileBytes: number;
}

export interface ComparedUtterance {
  readonly path: string;
  readonly where: string;
  /** As each system spells it. */
  readonly references: readonly string[];
  readonly hypotheses: readonly string[];
  /** Words that each system has wrong. */
  readonly errors: readonly number[];
}

export interface SystemComparison {
  readonly systems: readonly SystemResult[];
  readonly pairs: readonly SystemPair[];
  /** Those that every system has a text of. */
  readonly utterances: readonly ComparedUtterance[];
  /** Utterances that some system could not spell or read: they are in no figure. */
  readonly failures: readonly Failure[];
  /** On it the time to a text was measured. */
  readonly clip: TimedClip;
  readonly warnings: readonly Warning[];
}

export interface CompareProgress {
  readonly system: string;
  readonly done: number;
  readonly total: number;
}

export interface CompareSystemsOptions
  extends
    Omit<MeasureRequest, "models" | "weights">,
    Pick<SystemMeasureOptions, "ownProcess" | "signal">,
    BootstrapOptions {
  readonly onProgress?: (progress: CompareProgress) => void;
}

/** One system after the other, so that none disturbs another's time. @throws what `measureSystem` throws; NOTHING_TO_TEST */
export async function compareSystems(
  systems: readonly ComparedSystem[],
  utterances: readonly Utterance[],
  { seed, draws, ownProcess, signal, onProgress, ...request }: CompareSystemsOptions = {},
): Promise<SystemComparison> {
  if (utterances.length === 0) throw nothingToTest([]);
  for (const system of systems) await checkOpens(system, request);
  const total = utterances.length;
  const measures: SystemMeasures[] = [];
  for (const { name: system, models, weights } of systems) {
    const tell = (done: number): void => onProgress?.({ system, done, total });
    tell(0);
    const options = { ownProcess, signal, onProgress: tell, clip: measures[0]?.clip };
    measures.push(await measureSystem({ ...request, models, weights }, utterances, options));
  }
  const failures = failuresOf(
    utterances,
    measures.flatMap(({ references, hypotheses }) => [references, hypotheses]),
  );
  const compared = comparedUtterances(utterances, measures, failures);
  if (compared.length === 0) throw nothingToTest(failures);
  const drawn = drawRates(compared.map(countsOf), { seed, draws });
  const results = await Promise.all(
    systems.map(async (system, m): Promise<SystemResult> => {
      const { references: _, hypotheses: __, warnings: ___, clip: ____, rejects, ...measured } = measures[m];
      const accepted = rejects ? { accepted: acceptedShare(compared, m) } : {};
      const rates = { ...ratesOf(compared, m), ...accepted, interval: interval95(drawn[m]) };
      return { ...system, ...rates, ...measured, fileBytes: await bytesOf(system) };
    }),
  );
  const rates = results.map(({ wer }) => wer);
  return {
    systems: results,
    pairs: systemPairs(compared, rates, drawn),
    utterances: compared,
    failures,
    clip: measures[0].clip,
    warnings: distinctWarnings(measures),
  };
}

/** What cannot be opened, or combined, is told before anything is measured. */
async function checkOpens(
  { models, weights }: ComparedSystem,
  { engine, threads, rejection }: Pick<MeasureRequest, "engine" | "threads" | "rejection">,
): Promise<void> {
  const recognizer = await Recognizer.load(models, { weights, engine, threads, rejection });
  await recognizer.close();
}

function comparedUtterances(
  utterances: readonly Utterance[],
  measures: readonly SystemMeasures[],
  failures: readonly Failure[],
): ComparedUtterance[] {
  const failed = new Set(failures.map(({ utterance }) => utterance));
  return utterances.flatMap((utterance, i) => {
    if (failed.has(utterance)) return [];
    const references = measures.map((system) => system.references[i] as string); // what failed is left out
    const hypotheses = measures.map((system) => system.hypotheses[i] as string);
    const errors = countWordErrors({ references, hypotheses });
    return [{ path: utterance.path, where: utterance.where, references, hypotheses, errors }];
  });
}

const countsOf = ({ references, errors }: ComparedUtterance) => ({
  words: references.map((reference) => wordsOfText(reference).length),
  errors,
});

const ratesOf = (compared: readonly ComparedUtterance[], m: number): ErrorRates =>
  errorRates(
    compared.map(({ references, hypotheses }) => ({ reference: references[m], hypothesis: hypotheses[m] })),
  );

function acceptedShare(compared: readonly ComparedUtterance[], m: number): number {
  const spoken = compared.filter(({ references }) => references[m] !== "");
  const accepted = spoken.filter(({ hypotheses }) => hypotheses[m] !== "");
  return spoken.length === 0 ? 0 : accepted.length / spoken.length;
}

async function bytesOf({ models }: ComparedSystem): Promise<number> {
  const facts = await Promise.all(models.map((path) => fileFacts(path)));
  return facts.reduce((sum, file) => sum + (file?.bytes ?? 0), 0);
}
