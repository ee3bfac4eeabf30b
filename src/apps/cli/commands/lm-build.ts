// `earshot lm build`: an n-gram model from text, a sentence a line.

import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import type { Warning } from "../../../errors.ts";
import type { BuildProgress, BuiltModel, Spelling } from "../../../lm/index.ts";
import { duration } from "../../../figures.ts";
import { checkOutputs } from "../../../platform/index.ts";
import { examples, jsonOption } from "../options.ts";
import type { Output } from "../output.ts";
import { usageFault } from "../session.ts";
import type { Session } from "../session.ts";

interface LmBuildOptions {
  readonly order: number;
  readonly prune: readonly number[];
  readonly vocab?: number;
  readonly unit: "word" | "character";
  readonly model?: string;
  readonly config?: string;
  readonly encoding?: string;
  readonly out?: string;
  readonly quantize?: true;
  readonly memory: number;
  readonly json?: true;
}

export function addLmBuild(lm: Command, session: Session): void {
  const command = lm
    .command("build")
    .description("Build an n-gram model from text with a sentence on each line.")
    .argument("<text...>", "text files, .gz too; - is stdin");
  addCountingOptions(command)
    .option(
      "-m, --model <file>",
      "spell the text as this recognizer's transcripts; words that it cannot spell are left out",
    )
    .option("--config <file>", "the same by the settings of a run: alphabet and transcript")
    .option("--encoding <label>", "what texts are in that are not UTF-8, such as latin1 or shift_jis")
    .option(
      "--out <file>",
      "the model: .arpa, .arpa.gz, or with another ending the compact format (required)",
    )
    .option("--quantize", "in the compact format: one byte for each probability")
    .addOption(
      new Option("--memory <MB>", "what text may take while it is counted; the rest waits on disk")
        .default(1024)
        .argParser(parseWhole),
    )
    .addOption(jsonOption())
    .addHelpText(
      "after",
      examples(
        "earshot lm build books.txt --order 3 --out books.lm",
        "earshot lm build news.txt.gz books.txt --order 4 --prune 0,0,1 --vocab 200000 --out news.arpa.gz",
        "earshot lm build books.txt -m model.safetensors --unit character --order 6 --out letters.lm",
      ),
    )
    .action((texts: string[], options: LmBuildOptions) => build(texts, options, session));
}

/** What the n-grams are. */
function addCountingOptions(command: Command): Command {
  return command
    .addOption(new Option("--order <n>", "the longest n-grams").default(3).argParser(parseOrder))
    .addOption(
      new Option(
        "--prune <counts>",
        "leave out n-grams of each order that occur at most so often, such as 0,0,1",
      )
        .default([0], "0")
        .argParser(parsePrune),
    )
    .addOption(new Option("--vocab <k>", "only the k most frequent words").argParser(parseWhole))
    .addOption(
      new Option("--unit <name>", "what its tokens are").choices(["word", "character"]).default("word"),
    );
}

function parseWhole(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new InvalidArgumentError("It is a whole number, such as 1000.");
  return Number(text);
}

function parseOrder(text: string): number {
  if (!/^[1-8]$/.test(text)) throw new InvalidArgumentError("It is a whole number from 1 to 8.");
  return Number(text);
}

function parsePrune(text: string): number[] {
  if (!/^\d{1,9}([ ,]\d{1,9})*$/.test(text))
    throw new InvalidArgumentError("It is a count for each order, such as 0,0,1.");
  return text.split(/[ ,]/).map(Number);
}

async function build(texts: readonly string[], options: LmBuildOptions, session: Session): Promise<void> {
  const { output, signal } = session;
  const { out } = options;
  if (out === undefined)
    throw usageFault("There is no --out: the file of the model.", "See: earshot lm build --help");
  if (options.quantize && /\.arpa(\.gz)?$/i.test(out)) {
    throw usageFault("ARPA cannot be quantized.", "Give --out another ending, such as .lm.");
  }
  const { buildLanguageModel, saveLanguageModel } = await import("../../../lm/index.ts");
  const read = [options.model, options.config].filter((path) => path !== undefined);
  await checkOutputs([out], { inputs: [...texts, ...read] });
  const spelling = await spellingOf(options);
  if (texts.includes("-") && process.stdin.isTTY)
    output.note("reading text from the terminal, a sentence a line; end it with Ctrl-D");
  const sources = texts.map((text) => (text === "-" ? { name: "stdin", content: process.stdin } : text));
  const start = performance.now();
  const model = await buildLanguageModel(sources, {
    spelling,
    encoding: options.encoding,
    order: options.order,
    prune: options.prune,
    vocabulary: options.vocab,
    unit: options.unit,
    memoryBytes: options.memory * 2 ** 20,
    temporaryFolder: dirname(out),
    signal,
    onProgress: (progress) => showProgress(output, progress),
  });
  output.progress(`writing ${out}`);
  await saveLanguageModel(out, model.trie, { quantize: options.quantize, signal });
  const seconds = (performance.now() - start) / 1000;
  const { size } = await stat(out);
  report(output, out, model, size, seconds);
}

/** Alphabet and policy of a recognizer, or of the settings of one. */
async function spellingOf({ model: path, config }: LmBuildOptions): Promise<Spelling | undefined> {
  if (path !== undefined && config !== undefined)
    throw usageFault("Both --model and --config say how the text is spelled.", "Leave one out.");
  if (config !== undefined) {
    const { gatherSettings } = await import("../training-input.ts");
    const { alphabetOf } = await import("../../../training/index.ts");
    const { settings } = await gatherSettings({ config });
    return { alphabet: alphabetOf(settings), transcript: settings.transcript };
  }
  if (path === undefined) return undefined;
  const { openModel } = await import("../../../model/index.ts");
  const model = await openModel(path);
  await model.close();
  return model;
}

const BAR_CELLS = 20;
/** Where each stage begins and ends on the bar, as shares of the usual time. */
const STAGES = { reading: [0, 0.3], counting: [0.3, 0.75], smoothing: [0.75, 1] } as const;

function showProgress(output: Output, { stage, done, tokens }: BuildProgress): void {
  const [from, to] = STAGES[stage];
  const filled = Math.round(BAR_CELLS * (from + (to - from) * Math.min(done, 1)));
  const bar = "█".repeat(filled) + "░".repeat(BAR_CELLS - filled);
  output.progress(`${bar} ${stage}  ${tokens.toLocaleString("en-US")} tokens`);
}

function report(output: Output, path: string, model: BuiltModel, bytes: number, seconds: number): void {
  const { trie, tokens, sentences } = model;
  const { order, unit, counts } = trie;
  const warnings = warningsOf(model);
  if (output.json)
    output.object({ path, order, unit, ngrams: counts, tokens, sentences, bytes, seconds, warnings });
  else {
    for (const warning of warnings) output.warn(warning);
    const ngrams = counts.map((count) => count.toLocaleString("en-US")).join(" + ");
    const size = `${(bytes / 1e6).toFixed(1)} MB, in ${duration(seconds)}`;
    output.note(`${path}: ${ngrams} n-grams of ${tokens.toLocaleString("en-US")} ${unit}s, ${size}`);
  }
}

function warningsOf({ specials, fallbackOrders, warnings: ofWords }: BuiltModel): Warning[] {
  const warnings = [...ofWords];
  if (specials > 0) {
    const message = `${specials} words of the text are <s>, </s> or <unk>; they were passed over.`;
    warnings.push({ code: "SPECIAL_TOKENS", message });
  }
  if (fallbackOrders.length > 0) {
    const orders = fallbackOrders.join(", ");
    const message = `The text is too small to estimate the discounts of order ${orders}; 0.5, 1 and 1.5 were taken.`;
    warnings.push({ code: "FALLBACK_DISCOUNTS", message });
  }
  return warnings;
}
