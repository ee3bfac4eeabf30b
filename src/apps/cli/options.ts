// Options that several commands share, said once.

import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import { usageFault } from "./session.ts";

export const modelOption = (): Option =>
  new Option(
    "-m, --model <file>",
    "the model to use: its file, the folder of a run, or a name that `earshot models` lists; several are combined",
  ).argParser(collect);

/** Parses an option that may be given several times. */
export function collect(value: string, earlier: readonly string[] = []): string[] {
  return [...earlier, value];
}

/** Checked here and not by commander, which would report it before a mistyped `--modle`. */
export function requireModels(models: readonly string[] | undefined, command: string): readonly string[] {
  if (models !== undefined) return models;
  throw usageFault("There is no -m, --model: the model file to use.", `See: earshot ${command} --help`);
}

/** How recordings are recognized, and what stdout carries. */
export const addRecognitionOptions = (command: Command): Command =>
  addMachineOptions(command.addOption(modelWeightsOption()).addOption(precisionOption()));

/** The same of one model for each recording. */
export const addMachineOptions = (command: Command): Command =>
  command
    .addOption(jitterOption())
    .addOption(engineOption())
    .addOption(threadsOption())
    .addOption(jsonOption());

const modelWeightsOption = (): Option =>
  new Option(
    "--model-weights <x,…>",
    "how much each of several models counts; all the same by default",
  ).argParser(parseWeights);

export function parseWeights(list: string): number[] {
  const weights = list.split(",").map(Number);
  if (weights.every((weight) => weight > 0 && Number.isFinite(weight))) return weights;
  throw new InvalidArgumentError("They are numbers above 0, one for each model, such as 2,1.");
}

const jitterOption = (): Option =>
  new Option(
    "--jitter",
    "recognize each recording also 5 ms earlier and later, and average: three times the work",
  );

/** What `gatherSettings` reads. */
export const addSettingsOptions = (command: Command): Command =>
  command
    .option("--config <file>", "settings in YAML; docs/settings.md lists them")
    .addOption(
      new Option("--set <key=value>", "one setting, over those of the file (repeatable)").argParser(collect),
    );

/** What becomes of texts that a calibrated model is not sure of. */
export const rejectionOptions = (): Option[] => [
  new Option("--no-reject", "accept every text, however sure a calibrated model is of it"),
  new Option(
    "--reject-threshold <p>",
    "reject texts of less confidence, instead of the threshold in the model file",
  ).argParser(parseShare),
];

function parseShare(text: string): number {
  const share = Number(text);
  if (text.trim() !== "" && share >= 0 && share <= 1) return share;
  throw new InvalidArgumentError("It is a number from 0 to 1, such as 0.9.");
}

export const jsonOption = (): Option => new Option("--json", "JSON Lines on stdout, progress on stderr");

export const engineOption = (): Option =>
  new Option(
    "--engine <name>",
    "what computes: auto (the CPU), gpu (where there is one), cpu, wasm, cuda, webgpu, coreml or dml",
  );

export const threadsOption = (): Option =>
  new Option("--threads <n>", "threads of the engine; 0 takes all cores").argParser(parseCount);

export const precisionOption = (): Option =>
  new Option(
    "--precision <name>",
    "what a model of ours computes in: float32, or int8, faster on processors that multiply bytes",
  ).choices(["float32", "int8"]);

export function parseAtLeastOne(text: string): number {
  const found = parseCount(text);
  if (found === 0) throw new InvalidArgumentError("It is a whole number of at least 1.");
  return found;
}

export function parseCount(text: string): number {
  if (!/^\d{1,3}$/.test(text)) throw new InvalidArgumentError("It is a whole number, such as 2.");
  return Number(text);
}

export function parseSeconds(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text))
    throw new InvalidArgumentError("It is a whole number of seconds, such as 300.");
  return Number(text);
}

export function parseSeed(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("It is a whole number, such as 1.");
  return Number(text);
}

export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join("\n")}`;
}
