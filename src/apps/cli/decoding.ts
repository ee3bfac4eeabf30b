// The options that say how texts are found, for every command that finds some: read from the command line into what the
// recognizer takes. The settings of the decoder come from its own table (ctc/decoder/decoder-settings.ts), which also checks
// their ranges; only what is read from files and phrases is listed here.

import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import type { DecoderInput, DecoderOption } from "../../ctc/index.ts";
import { EarshotError } from "../../errors.ts";
import { isMissing, readLargeFile, readWholeFile, readWholeText } from "../../platform/index.ts";
import type { DecodingPlan } from "../../evaluation/index.ts";
import type { DecodingOptions } from "../../recognizer/index.ts";
import { usageFault } from "./session.ts";

/** What the command line gives: the options below, and each setting of the decoder under its option's name. */
export interface DecoderFlags extends Pick<DecoderInput, "alpha" | "beta" | "beam"> {
  readonly lm?: string;
  readonly vocabulary?: string;
  readonly hotWord?: readonly string[];
  readonly grammar?: string;
  readonly greedy?: true;
}

/** The options are added when the command is about to run, so that the decoder's table is loaded only then. */
export function addDecoderOptions(command: Command): Command {
  command.parent?.hook("preSubcommand", async (_, subcommand) => {
    if (subcommand !== command) return;
    const { decoderOptions } = await import("../../ctc/index.ts");
    const settings = decoderOptions().flatMap(settingOptions);
    for (const option of [...knowledgeOptions(), ...settings]) command.addOption(option);
    command.addOption(new Option("--greedy", "no search, whatever the model file holds"));
  });
  return command;
}

function knowledgeOptions(): Option[] {
  return [
    new Option("--lm <file>", "language model: ARPA (.gz too), or what `earshot lm build` wrote"),
    new Option(
      "--grammar <file>",
      "the only sentences there are: phrases, JSGF, or Home Assistant's sentences (YAML): docs/grammars.md",
    ),
    new Option("--vocabulary <file>", "words to know besides those of the language model, one a line"),
    new Option(
      "--hot-word <phrase[:weight]>",
      "a word or phrase to expect, with its weight in nats, 10 by default; repeatable",
    ).argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]),
  ];
}

/** A setting of the decoder as an option, and once more, not shown, under the name that it had before. */
function settingOptions({ option, formerOption, unit, description }: DecoderOption): Option[] {
  const help = description[0].toLowerCase() + description.slice(1);
  const named = (name: string) =>
    unit === undefined
      ? new Option(`--${name}`, help)
      : new Option(`--${name} <${unit}>`, help).argParser(parseNumber);
  return [named(option), ...(formerOption === undefined ? [] : [named(formerOption).hideHelp()])];
}

function parseNumber(text: string): number {
  if (text.trim() === "" || !Number.isFinite(Number(text)))
    throw new InvalidArgumentError("It is a number, such as 1.5.");
  return Number(text);
}

/** Undefined where no option was given: the model file decides. */
export async function readDecoding(flags: DecoderFlags): Promise<DecodingOptions | "greedy" | undefined> {
  const plan = await readDecodingPlan(flags);
  if (plan === undefined || plan === "greedy") return plan;
  const { languageModel, grammar, ...rest } = plan;
  return {
    ...rest,
    grammar: grammar && (await openGrammar(grammar)),
    scorer: languageModel === undefined ? undefined : await readLanguageModel(languageModel),
  };
}

/** The same as plain data, which can go to another process: the language model by its path. */
export async function readDecodingPlan(flags: DecoderFlags): Promise<DecodingPlan | "greedy" | undefined> {
  const { lm, vocabulary, grammar, hotWord = [] } = flags;
  const { decoderOptions, USUAL_HOT_WORD_WEIGHT } = await import("../../ctc/index.ts");
  const settings = settingsOf(flags, decoderOptions());
  const isAsked =
    Object.keys(settings).length > 0 || Boolean(lm ?? vocabulary ?? grammar) || hotWord.length > 0;
  if (flags.greedy && isAsked)
    throw usageFault(
      "--greedy looks for nothing, so no other decoder option goes with it.",
      "Leave one out.",
    );
  if (flags.greedy) return "greedy";
  if (!isAsked) return undefined;
  return {
    settings,
    languageModel: lm,
    grammar: grammar === undefined ? undefined : await readGrammar(grammar),
    hotWords: Object.fromEntries(hotWord.map((text) => parseHotWord(text, USUAL_HOT_WORD_WEIGHT))),
    vocabulary: vocabulary === undefined ? undefined : await readVocabulary(vocabulary),
  };
}

/** What was given, and nothing that was not: the rest is the model file's, or the table's. */
function settingsOf(flags: DecoderFlags, options: readonly DecoderOption[]): DecoderInput {
  const given = new Map<string, unknown>(Object.entries(flags));
  const valueOf = (name?: string) => name && given.get(new Option(`--${name}`).attributeName());
  const values = options.map(({ path, option, formerOption }) => {
    const [value, former] = [valueOf(option), valueOf(formerOption)];
    if (value !== undefined && former !== undefined)
      throw usageFault(`--${formerOption} is the former name of --${option}.`, "Give one of the two.");
    return [path, value ?? former];
  });
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

async function readLanguageModel(path: string) {
  const { openLanguageModel } = await import("../../lm/index.ts");
  return openLanguageModel(await readGiven(path, "a language model", readLargeFile), path);
}

/** The bytes of a language model as they travel in a model file: compact, which opens fastest. */
export async function readCompactLanguageModel(path: string): Promise<Uint8Array> {
  const { formatOf, readTrie, writeCompact } = await import("../../lm/index.ts");
  const bytes = await readGiven(path, "a language model", readWholeFile);
  if (formatOf(bytes) === "compact") return bytes;
  return Buffer.concat([...writeCompact(await readTrie(bytes, path))]);
}

async function readGrammar(path: string) {
  return { text: await readGiven(path, "a grammar", readWholeText), name: path };
}

async function openGrammar(grammar: { readonly text: string; readonly name: string }) {
  const { Grammar } = await import("../../grammar/index.ts");
  return Grammar.from(grammar.text, grammar);
}

async function readVocabulary(path: string): Promise<readonly string[]> {
  const text = await readGiven(path, "a list of words, one a line", readWholeText);
  return text
    .split("\n")
    .map((line) => line.trim().normalize("NFC"))
    .filter((word) => word !== "");
}

/** A file that an option names. @throws FILE_SYSTEM, to which `suggestFile` adds a file of nearly this name */
export async function readGiven<Content>(
  path: string,
  what: string,
  read: (path: string) => Promise<Content>,
): Promise<Content> {
  try {
    return await read(path);
  } catch (cause) {
    if (cause instanceof EarshotError) throw cause;
    const problem = isMissing(cause)
      ? "There is no such file."
      : `The file cannot be read: ${(cause as Error).message}.`;
    throw new EarshotError(
      { code: "FILE_SYSTEM", where: path, problem, remedy: `Give the path of ${what}.` },
      { cause },
    );
  }
}

/** The weight is after the last colon: a phrase may have others. */
function parseHotWord(text: string, usual: number): [phrase: string, weight: number] {
  if (!text.includes(":")) return [text.trim(), usual];
  const [, phrase, weight] = /^(.*):\s*([-+]?[\d.]+)\s*$/su.exec(text) ?? [];
  if (phrase !== undefined && Number.isFinite(Number(weight))) return [phrase.trim(), Number(weight)];
  throw usageFault(
    `--hot-word "${text}" is no phrase with a weight.`,
    "For example: --hot-word 'quintessence:8'; less than 0 discourages it.",
  );
}
