// `earshot train`: a new run from manifests and settings, or the rest of an interrupted one.

import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { asRank, rankOptions, type RankOptions } from "../as-rank.ts";
import type { Finding } from "../../../doctor/index.ts";
import type { Ranks } from "../../../platform/index.ts";
import type { TrainResult } from "../../../training/index.ts";
import { percent } from "../../../figures.ts";
import {
  addSettingsOptions,
  collect,
  engineOption,
  examples,
  jsonOption,
  threadsOption,
} from "../options.ts";
import { rehearse, type RehearsalOptions } from "../rehearsal.ts";
import type { Output } from "../output.ts";
import { interrupted, usageFault } from "../session.ts";
import type { Session } from "../session.ts";
import type { SettingsFlags } from "../training-input.ts";

interface TrainFlags extends RehearsalOptions, SettingsFlags, RankOptions {
  readonly out?: string;
  readonly resume?: string;
}

export function addTrain(program: Command, session: Session): void {
  const command = program
    .command("train")
    .description(
      "Train a recognizer on recordings with known transcripts: from 100 utterances on as rooms, noise and telephones would bring them. Ctrl-C saves; --resume goes on.",
    )
    .argument("[manifest...]", "CSV (path,transcript,speaker,split), JSON lines or a folder: docs/cli.md");
  addSettingsOptions(command)
    .option(
      "-m, --model <file>",
      "the model, or the run, to begin with: its weights, and its settings where none are given",
    )
    .option(
      "--alphabet-from-data",
      "the alphabet is the symbols of the training transcripts: docs/alphabet.md",
    )
    .option(
      "--replay <manifest>",
      "with -m: each epoch also trains on some of this, so that what the model knew stays (replay.share, replay.split)",
      collect,
    )
    .option(
      "--old-test <manifest>",
      "with -m: after training, measure both models on its test split, to see what was lost (oldTest.split)",
      collect,
    )
    .option("--out <folder>", "where checkpoints, log and model go; by default the next free runs/<number>")
    .option("--resume <folder>", "continue the run in this folder")
    .option("--summary", "only walk one recording through every step, and show the training loop")
    .option("--find-learning-rate", "only sweep the learning rate, and suggest a peak for schedule.peak")
    .addOption(engineOption())
    .addOption(threadsOption())
    .addOption(jsonOption());
  for (const option of rankOptions()) command.addOption(option);
  command
    .addHelpText(
      "after",
      examples(
        "earshot train speech/manifest.csv --out runs/first",
        "earshot train speech/manifest.csv --config small.yaml --set network.width=512 --set epochs=40",
        "earshot train speech/manifest.csv --set data.augmentation=none",
        "earshot train accent/manifest.csv -m runs/first --out runs/accent",
        "earshot train accent/manifest.csv -m runs/first --replay speech/manifest.csv --old-test speech/manifest.csv",
        "earshot train --resume runs/first",
        "mpirun -np 4 earshot train speech/manifest.csv --out runs/first",
        "earshot train speech/manifest.csv --config small.yaml --summary --find-learning-rate",
      ),
    )
    .action((manifests: string[], options: TrainFlags) => runTraining(manifests, options, session));
}

async function runTraining(
  manifests: readonly string[],
  options: TrainFlags,
  session: Session,
): Promise<void> {
  checkUsage(manifests, options);
  if (!options.summary && !options.findLearningRate)
    return asRank(session, options, (ranks, output) =>
      trainAsRank(manifests, options, { signal: session.signal, ranks, output }),
    );
  const { gatherSettings } = await import("../training-input.ts");
  return rehearse({ data: manifests, settings: (await gatherSettings(options)).input }, options, session);
}

interface TrainingRank {
  readonly signal: AbortSignal;
  readonly output: Output;
  /** Those that learn together, where there are several. */
  readonly ranks: Ranks | undefined;
}

async function trainAsRank(
  manifests: readonly string[],
  options: TrainFlags,
  { signal, output, ranks }: TrainingRank,
): Promise<void> {
  const { gatherSettings } = await import("../training-input.ts");
  const { logTraining, showTraining } = await import("../../../training/index.ts");
  const { resume, train } = await import("../../../learner/index.ts");
  const { watchTraining } = await import("../../../doctor/index.ts");
  const onEvent = output.json ? logTraining(output) : showTraining(output);
  const doctor = watchTraining(
    (finding) => showFinding(finding, output),
    (finding) => showWithdrawn(finding, output),
  );
  const callbacks = ranks && ranks.rank > 0 ? [] : [doctor];
  const directory = options.resume ?? options.out ?? (await nextFreeRun(ranks));
  const settings = options.resume === undefined ? (await gatherSettings(options)).input : undefined;
  if (!output.json)
    signal.addEventListener("abort", () => output.note("Saving; Ctrl-C again quits at once."));
  try {
    const result = settings
      ? await train({ manifests, settings, out: directory, signal, onEvent, callbacks, ranks })
      : await resume({ directory, threads: options.threads, signal, onEvent, callbacks, ranks });
    if (!output.json) output.write(formatResult(result));
  } catch (error) {
    const isInterrupted = ranks
      ? (error as { code?: string }).code === "INTERRUPTED"
      : error === signal.reason;
    if (!isInterrupted) throw error;
    throw interrupted(`Continue with: earshot train --resume ${directory}`);
  }
}

/** What the doctor finds while training. */
function showFinding(finding: Finding, output: Output): void {
  if (output.json) return output.object({ type: "finding", ...finding });
  const { code, severity, diagnosis, remedy, link } = finding;
  const message = `${diagnosis} ${remedy} (${link})`;
  if (severity === "note") output.note(`note: ${code}  ${message}`);
  else output.warn({ code, message });
}

function showWithdrawn(finding: Finding, output: Output): void {
  if (output.json) return output.object({ type: "withdrawn", code: finding.code });
  output.note(`no longer: ${finding.code}  The epochs since then do not show it.`);
}

function checkUsage(manifests: readonly string[], { resume, ...options }: TrainFlags): void {
  if (options.out === "") throw usageFault("--out names no folder.", "Give one, or leave --out away.");
  if (resume === undefined) {
    if (manifests.length > 0) return;
    throw usageFault("There is no manifest to train on.", "See: earshot train --help");
  }
  const { config, set, model, alphabetFromData, replay, oldTest, out, engine } = options;
  const settings = [config, set, model, alphabetFromData, replay, oldTest, engine];
  const others = [...settings, out, options.summary, options.findLearningRate];
  if (manifests.length === 0 && others.every((option) => option === undefined)) return;
  throw usageFault(
    "A run is resumed with the manifests and settings that it began with.",
    `Give nothing else but --threads: earshot train --resume ${resume}`,
  );
}

/** The same for all ranks, which rank 0 looks for. */
async function nextFreeRun(ranks: Ranks | undefined): Promise<string> {
  let number = 1;
  while (existsSync(join("runs", String(number)))) number++;
  const own = join("runs", String(number));
  return ranks ? new TextDecoder().decode(await ranks.broadcast(new TextEncoder().encode(own))) : own;
}

function formatResult({ modelPath, metrics, reportPath }: TrainResult): string {
  const { devWer, devCer } = metrics;
  const rates = devWer === undefined ? "" : `dev WER ${percent(devWer)}  CER ${percent(devCer)}\n`;
  const report = reportPath === undefined ? "" : `report ${reportPath}\n`;
  return `${rates}model ${modelPath}\n${report}Next: earshot transcribe hello.wav -m ${modelPath}\n`;
}
