// `earshot test`: word and character error rate of a model on a manifest.

import { performance } from "node:perf_hooks";
import type { Command } from "commander";
import type { Utterance } from "../../../data/index.ts";
import type { Evaluation, Pair } from "../../../evaluation/index.ts";
import { duration, percent } from "../../../figures.ts";
import type { Recognizer } from "../../../recognizer/index.ts";
import { addDecoderOptions } from "../decoding.ts";
import type { DecoderFlags } from "../decoding.ts";
import { complainOf, leftOut } from "../failures.ts";
import { addRecognitionOptions, examples, modelOption, parseCount, requireModels } from "../options.ts";
import { openRecognizer } from "../recognizer.ts";
import type { RecognizerFlags } from "../recognizer.ts";
import { EXIT } from "../session.ts";
import type { Session } from "../session.ts";

interface TestOptions extends RecognizerFlags, DecoderFlags {
  readonly split?: string;
  readonly worst?: number;
  readonly stress?: boolean;
}

export function addTest(program: Command, session: Session): void {
  const command = program
    .command("test")
    .description("Measure a model's word and character error rate on recordings with known transcripts.")
    .argument("<manifest>", "CSV (path,transcript,speaker,split), JSON lines or a folder: docs/cli.md")
    .addOption(modelOption())
    .option("--split <name>", 'rows of this split; by default "test" where there is one, else all rows')
    .option("--worst <count>", "also show the recordings whose transcripts have the highest loss", parseCount)
    .option("--stress", "also under silence, noise, rooms, telephones and more, made from the recordings");
  addRecognitionOptions(addDecoderOptions(command))
    .addHelpText(
      "after",
      examples(
        "earshot test speech/manifest.csv -m runs/first/model.safetensors",
        "earshot test speech/manifest.csv -m model.safetensors --split dev --json",
        "earshot test speech/manifest.csv -m model.safetensors --worst 10",
        "earshot test speech/manifest.csv -m model.safetensors --lm words.arpa.gz --alpha 1 --beta 2",
        "earshot test speech/manifest.csv -m model.safetensors --stress",
        "earshot test speech/manifest.csv -m first.safetensors -m second.safetensors --jitter",
      ),
    )
    .action((manifest: string, options: TestOptions) => test(manifest, options, session));
}

async function test(manifest: string, options: TestOptions, session: Session): Promise<void> {
  const { output, signal } = session;
  requireModels(options.model, "test");
  const { readManifests, selectSplit } = await import("../../../data/index.ts");
  const { evaluate, formatPair, worstOf } = await import("../../../evaluation/index.ts");
  const { utterances, warnings } = await readManifests([manifest]);
  for (const warning of warnings) output.warn(warning);
  const chosen = selectSplit(utterances, options.split, "test", manifest);
  const recognizer = await openRecognizer(options, "test", session);
  try {
    if (options.stress) return await stress(recognizer, chosen, manifest, session);
    const start = performance.now();
    const onProgress = ({ done, total }: { done: number; total: number }) =>
      output.progress(`testing ${done}/${total}`);
    const evaluation = await evaluate(recognizer, chosen.utterances, { signal, onProgress });
    const elapsedSeconds = (performance.now() - start) / 1000;
    const worst = options.worst === undefined ? undefined : worstOf(evaluation.pairs, options.worst);
    report(evaluation, { manifest, split: chosen.split, elapsedSeconds, worst: worst?.map(pathOf) }, session);
    if (!output.json) for (const pair of worst ?? []) output.write(`\n${formatPair(pair)}`);
  } finally {
    await recognizer.close();
  }
}

async function stress(
  recognizer: Recognizer,
  { utterances, split }: { readonly utterances: readonly Utterance[]; readonly split: string | null },
  manifest: string,
  { output, signal }: Session,
): Promise<void> {
  const { stressTest } = await import("../../../evaluation/index.ts");
  const conditions = await stressTest(recognizer, utterances, {
    signal,
    onProgress: ({ done, total }) => output.progress(`testing ${done}/${total}`),
  });
  if (output.json) return output.object({ manifest, split, conditions });
  const [clean] = conditions;
  for (const { name, wer, cer } of conditions) {
    const more = name === clean.name ? "" : `  ${signed(100 * (wer - clean.wer))}`;
    output.write(
      `${name.padEnd(20)} WER ${percent(wer).padStart(7)}  CER ${percent(cer).padStart(7)}${more}\n`,
    );
  }
}

const signed = (points: number): string => `${points < 0 ? "−" : "+"}${Math.abs(points).toFixed(1)}`;

const pathOf = ({ utterance, ...pair }: Pair) => ({ path: utterance.path, ...pair });

interface Circumstances {
  readonly manifest: string;
  readonly split: string | null;
  readonly elapsedSeconds: number;
  readonly worst?: readonly ReturnType<typeof pathOf>[];
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
  output.write(`WER ${percent(wer)}  ${wordErrors} errors in ${words} words\n`);
  output.write(`CER ${percent(cer)}  ${characterErrors} errors in ${characters} characters\n`);
  const origin = split === null ? manifest : `${manifest}, split ${split}`;
  output.write(
    `${utterances} utterances, ${duration(seconds)} of audio in ${duration(elapsedSeconds)}  (${origin})\n`,
  );
  if (failures.length > 0) output.write(leftOut(failures));
}
