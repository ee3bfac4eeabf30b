// `earshot test`: word and character error rate of a model on a manifest.

import { performance } from "node:perf_hooks";
import type { Command } from "commander";
import type { Acceptance, ConditionRates, Evaluation, Pair } from "../../../evaluation/index.ts";
import { duration, percent } from "../../../figures.ts";
import { addDecoderOptions } from "../decoding.ts";
import type { DecoderFlags } from "../decoding.ts";
import { complainOf, leftOut } from "../failures.ts";
import {
  addRecognitionOptions,
  examples,
  modelOption,
  parseCount,
  rejectionOptions,
  requireModels,
} from "../options.ts";
import { openRecognizer } from "../recognizer.ts";
import type { RecognizerFlags, RejectionFlags } from "../recognizer.ts";
import { EXIT } from "../session.ts";
import type { Session } from "../session.ts";
import { checkConditions, conditionsOption, stress, stressUtterancesOption } from "../stress.ts";

interface TestOptions extends RecognizerFlags, RejectionFlags, DecoderFlags {
  readonly split?: string;
  readonly worst?: number;
  readonly stress?: boolean;
  readonly conditions?: readonly string[];
  readonly stressUtterances?: number;
}

export function addTest(program: Command, session: Session): void {
  const command = program
    .command("test")
    .description("Measure a model's word and character error rate on recordings with known transcripts.")
    .argument("<manifest>", "CSV (path,transcript,speaker,split), JSON lines or a folder: docs/cli.md")
    .addOption(modelOption())
    .option("--split <name>", 'rows of this split; by default "test" where there is one, else all rows')
    .option("--worst <count>", "also show the recordings whose transcripts have the highest loss", parseCount)
    .option("--stress", "also under silence, noise, rooms, telephones and more, made from the recordings")
    .addOption(conditionsOption())
    .addOption(stressUtterancesOption());
  for (const option of rejectionOptions()) command.addOption(option);
  addRecognitionOptions(addDecoderOptions(command))
    .addHelpText(
      "after",
      examples(
        "earshot test speech/manifest.csv -m runs/first/model.safetensors",
        "earshot test speech/manifest.csv -m model.safetensors --split dev --json",
        "earshot test speech/manifest.csv -m model.safetensors --worst 10",
        "earshot test speech/manifest.csv -m model.safetensors --lm words.arpa.gz --alpha 1 --beta 2",
        "earshot test speech/manifest.csv -m model.safetensors --stress",
        "earshot test speech/manifest.csv -m model.safetensors --conditions zeros-1s,telephone",
        "earshot test speech/manifest.csv -m first.safetensors -m second.safetensors --jitter",
      ),
    )
    .action((manifest: string, options: TestOptions) => test(manifest, options, session));
}

async function test(manifest: string, options: TestOptions, session: Session): Promise<void> {
  const { output, signal } = session;
  requireModels(options.model, "test");
  const isStress =
    options.stress || options.conditions !== undefined || options.stressUtterances !== undefined;
  if (isStress) await checkConditions(options.conditions);
  const { readManifests, selectSplit } = await import("../../../data/index.ts");
  const { evaluate, formatPair, worstOf } = await import("../../../evaluation/index.ts");
  const { utterances, warnings } = await readManifests([manifest]);
  for (const warning of warnings) output.warn(warning);
  const chosen = selectSplit(utterances, options.split, "test", manifest);
  const recognizer = await openRecognizer(options, "test", session);
  try {
    const start = performance.now();
    const onProgress = ({ done, total }: { done: number; total: number }) =>
      output.progress(`testing ${done}/${total}`);
    const { conditions, ...evaluation } = isStress
      ? await stress(recognizer, chosen.utterances, options, session)
      : { ...(await evaluate(recognizer, chosen.utterances, { signal, onProgress })), conditions: undefined };
    const elapsedSeconds = (performance.now() - start) / 1000;
    const worst = options.worst === undefined ? undefined : worstOf(evaluation.pairs, options.worst);
    const circumstances = {
      manifest,
      split: chosen.split,
      elapsedSeconds,
      worst: worst?.map(pathOf),
      conditions,
    };
    report(evaluation, circumstances, session);
    if (!output.json) for (const pair of worst ?? []) output.write(`\n${formatPair(pair)}`);
  } finally {
    await recognizer.close();
  }
}

const acceptanceLine = ({ utterances, recall, falseAccepts, ...others }: Acceptance): string =>
  `accepted ${percent(recall)} of ${utterances} utterances; ` +
  `${falseAccepts} false accepts in ${duration(others.secondsToReject)}, ${others.falseAcceptsPerHour.toFixed(1)} an hour\n`;

const pathOf = ({ utterance, ...pair }: Pair) => ({ path: utterance.path, ...pair });

interface Circumstances {
  readonly manifest: string;
  readonly split: string | null;
  readonly elapsedSeconds: number;
  readonly worst?: readonly ReturnType<typeof pathOf>[];
  /** Under each condition of a stress test. */
  readonly conditions?: readonly ConditionRates[];
}

function report(evaluation: Evaluation, circumstances: Circumstances, session: Session): void {
  const { pairs: _, failures, ...rates } = evaluation;
  const { output } = session;
  if (failures.length > 0) session.exitCode = EXIT.findings;
  if (output.json) {
    const failed = failures.map(({ utterance, error }) => ({ path: utterance.path, error }));
    output.object({ ...rates, ...circumstances, failures: failed });
    return;
  }
  complainOf(failures, output);
  const { wer, wordErrors, words, cer, characterErrors, characters, utterances, seconds } = rates;
  const { manifest, split, elapsedSeconds } = circumstances;
  if (evaluation.acceptance) output.write(acceptanceLine(evaluation.acceptance));
  output.write(`WER ${percent(wer)}  ${wordErrors} errors in ${words} words\n`);
  output.write(`CER ${percent(cer)}  ${characterErrors} errors in ${characters} characters\n`);
  const origin = split === null ? manifest : `${manifest}, split ${split}`;
  output.write(
    `${utterances} utterances, ${duration(seconds)} of audio in ${duration(elapsedSeconds)}  (${origin})\n`,
  );
  if (failures.length > 0) output.write(leftOut(failures));
}
