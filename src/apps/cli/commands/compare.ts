// `earshot compare`: models and runs beside each other on the same recordings, as a table and as a page.

import type { Command } from "commander";
import type { ModelComparison, WeightedModels } from "../../../report/index.ts";
import { count } from "../../../figures.ts";
import { fileFacts, join, statFile } from "../../../platform/index.ts";
import { addDecoderOptions, readDecodingPlan, readGiven, type DecoderFlags } from "../decoding.ts";
import { complainOf, leftOut } from "../failures.ts";
import { addMachineOptions, examples, parseSeed, parseWeights, rejectionOptions } from "../options.ts";
import { checkRejection, rejectionOf, type RecognizerFlags, type RejectionFlags } from "../recognizer.ts";
import { EXIT, usageFault } from "../session.ts";
import type { Session } from "../session.ts";

interface CompareFlags extends Omit<RecognizerFlags, "model" | "modelWeights">, RejectionFlags, DecoderFlags {
  readonly split?: string;
  readonly out: string;
  readonly seed?: number;
  /** Of each ensemble, in their order. */
  readonly modelWeights?: readonly (readonly number[])[];
}

const MOST_WORDS = 12;

export function addCompare(program: Command, session: Session): void {
  const command = program
    .command("compare")
    .description(
      "Compare models: errors, costs, what one gets right that another does not, and whether by chance.",
    )
    .argument(
      "<path...>",
      "model files, runs and names that `earshot models` lists (a+b: together, as an ensemble), and a manifest; without one a run's own dev split",
    )
    .option("--split <name>", 'rows of this split; of a manifest "test" by default, else all rows')
    .option("--out <file>", "where the page goes", "comparison.html")
    .option(
      "--model-weights <x,…>",
      "how much each model of an ensemble counts; all the same by default (repeatable: of each ensemble, in their order)",
      (list: string, earlier: readonly number[][] = []) => [...earlier, parseWeights(list)],
    )
    .option("--seed <n>", "of the tests drawn for ranges; 1 by default", parseSeed);
  for (const option of rejectionOptions()) command.addOption(option);
  addMachineOptions(addDecoderOptions(command))
    .addHelpText(
      "after",
      examples(
        "earshot compare runs/first runs/second",
        "earshot compare runs/first runs/second speech/manifest.csv",
        "earshot compare runs/first commands-en speech/manifest.csv --no-reject",
        "earshot compare runs/first other.onnx runs/first+runs/second speech/manifest.csv --split dev",
        "earshot compare runs/first runs/first+runs/second --model-weights 2,1",
        "earshot compare runs/first runs/second --lm words.arpa.gz --alpha 1 --beta 2 --json",
      ),
    )
    .action((paths: string[], flags: CompareFlags) => runCompare(paths, flags, session));
}

async function runCompare(paths: readonly string[], flags: CompareFlags, session: Session): Promise<void> {
  const { output, signal } = session;
  checkRejection(flags);
  const { models, manifest } = await modelsAndManifest(paths);
  const { split, out, seed, engine, threads, jitter } = flags;
  const decoding = await readDecodingPlan(flags);
  if (flags.lm !== undefined) await readGiven(flags.lm, "a language model", statFile);
  const { compareModels } = await import("../../../report/index.ts");
  const comparison = await compareModels(weighted(models, flags.modelWeights ?? []), {
    manifest,
    split,
    out,
    seed,
    decoding,
    rejection: rejectionOf(flags),
    engine,
    threads,
    jitter,
    signal,
    onProgress: ({ system, done, total }) => output.progress(`${system} ${done}/${total}`),
  });
  for (const warning of comparison.warnings) output.warn(warning);
  if (comparison.failures.length > 0) session.exitCode = EXIT.findings;
  if (output.json) output.object(asJson(comparison, out));
  else await show(comparison, out, session);
}

/** Models, each as the files that are combined; and the manifest, which is what no model can be. */
async function modelsAndManifest(
  paths: readonly string[],
): Promise<{ models: string[][]; manifest?: string }> {
  const { boxedModelPath, isOnnxPath, MODEL_FILE_NAME } = await import("../../../model/index.ts");
  const { RUN_FILES } = await import("../../../training/index.ts");
  const isThere = async (path: string): Promise<boolean> => (await fileFacts(path)) !== undefined;
  const isBoxed = async (path: string): Promise<boolean> => (await boxedModelPath(path)) !== undefined;
  const isModel = async (path: string): Promise<boolean> =>
    /\.safetensors$/i.test(path) ||
    (await isBoxed(path)) ||
    isOnnxPath(path) ||
    (await isThere(join(path, MODEL_FILE_NAME))) ||
    (await isThere(join(path, RUN_FILES.settings)));
  const models: string[][] = [];
  const manifests: string[] = [];
  for (const path of paths) {
    const members = path.includes("+") && !(await isThere(path)) ? path.split("+") : [path];
    for (const member of members)
      if (!(await isBoxed(member))) await readGiven(member, "a model, a run or a manifest", statFile);
    const areModels = await Promise.all(members.map(isModel));
    if (areModels.every(Boolean)) models.push(members);
    else if (members.length === 1) manifests.push(path);
    else throw noMember(path, members[areModels.indexOf(false)]);
  }
  if (models.length === 0)
    throw usageFault(
      `There is no model to compare, only ${manifests.join(", ")}.`,
      "Give model files, or the folders of runs.",
    );
  if (manifests.length > 1)
    throw usageFault(
      `These are no models: ${manifests.join(", ")}.`,
      "Give model files or runs, and one manifest.",
    );
  return { models, manifest: manifests[0] };
}

const noMember = (ensemble: string, member: string) =>
  usageFault(
    `The ensemble ${ensemble} cannot be made: ${member} is neither a model nor a run with one.`,
    "Give model files, or the folders of runs, with + between them.",
  );

/** Each ensemble with its weights. */
function weighted(
  models: readonly (readonly string[])[],
  weights: readonly (readonly number[])[],
): WeightedModels[] {
  const ensembles = models.filter(({ length }) => length > 1);
  for (const [k, list] of weights.entries()) {
    const members = ensembles[k]?.length;
    if (members === undefined)
      throw usageFault(
        `Ensembles: ${ensembles.length}, lists of --model-weights: ${weights.length}.`,
        "Give one list of weights for each ensemble, which is written first+second.",
      );
    if (members !== list.length)
      throw usageFault(
        `${ensembles[k].join("+")} has ${members} models, and ${list.join(",")} is ${count(list.length, "weight")}.`,
        "Give one weight for each of its models.",
      );
  }
  return models.map((each) => ({ models: each, weights: weights[ensembles.indexOf(each)] }));
}

/** Of the utterances those of which the models give different texts. */
function asJson(comparison: ModelComparison, page: string) {
  const { manifests, split, clip, systems, pairs, utterances, failures } = comparison;
  return {
    manifests,
    split,
    clip,
    utterances: utterances.length,
    systems,
    pairs,
    differing: utterances.filter(({ hypotheses }) => new Set(hypotheses).size > 1),
    failures: failures.map(({ utterance, error }) => ({ path: utterance.path, error })),
    page,
  };
}

async function show(comparison: ModelComparison, page: string, { output }: Session): Promise<void> {
  const { columnsOf, rowOf, verdictOf, wordList } = await import("../../../report/index.ts");
  const { systems, pairs, failures, utterances, manifests, split } = comparison;
  complainOf(failures, output);
  const rows = [columnsOf(comparison), ...systems.map((system) => rowOf(system, comparison))];
  output.write(table(rows));
  for (const pair of pairs) {
    const [a, b] = [systems[pair.first].name, systems[pair.second].name];
    output.write(`\n${verdictOf(pair, comparison)}\n`);
    output.write(`  words that only ${a} has wrong: ${wordList(pair.onlyFirst, MOST_WORDS)}\n`);
    output.write(`  words that only ${b} has wrong: ${wordList(pair.onlySecond, MOST_WORDS)}\n`);
  }
  const origin = `${manifests.join(", ")}${split === null ? "" : `, split ${split}`}`;
  output.write(
    `\n${count(utterances.length, "utterance")}, ${count(systems[0].words, "word")}  (${origin})\n`,
  );
  if (failures.length > 0) output.write(leftOut(failures));
  output.write(`page ${page}\n`);
}

/** A column for each model, so that the rows fit a terminal. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows.map((row) => Math.max(...row.map((cell) => cell.length)));
  const [names] = rows;
  return names
    .map((_, i) => `${rows.map((row, m) => row[i][m === 0 ? "padEnd" : "padStart"](widths[m])).join("  ")}\n`)
    .join("");
}
