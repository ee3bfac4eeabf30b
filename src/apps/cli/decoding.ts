// The options that say how texts are found, for every command that finds some: read from the command line into what the
// recognizer's library takes. The ranges of numbers are the settings table's business.

import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import { EarshotError } from "../../errors.ts";
import { readWholeFile, readWholeText } from "../../platform/index.ts";
import type { DecodingOptions } from "../../recognizer/index.ts";
import { usageFault } from "./session.ts";

export interface DecoderFlags {
  readonly lm?: string;
  readonly alpha?: number;
  readonly beta?: number;
  readonly beam?: number;
  readonly beamMargin?: number;
  readonly symbolFloor?: number;
  readonly vocabulary?: string;
  readonly dictionary?: true;
  readonly hotWord?: readonly string[];
  readonly unknownPenalty?: number;
  readonly nbest?: number;
  readonly greedy?: true;
}

export function addDecoderOptions(command: Command): Command {
  const number = (flags: string, description: string) =>
    new Option(flags, description).argParser(parseNumber);
  const options = [
    new Option("--lm <file>", "language model: ARPA (.gz too), or what `earshot lm build` wrote"),
    number("--alpha <x>", "α, the weight of the language model"),
    number("--beta <x>", "β, added for each word"),
    number("--beam <n>", "beginnings of texts kept after each step"),
    number("--beam-margin <nats>", "how far below the best a beginning may be and be kept"),
    number("--symbol-floor <p>", "probability below which a symbol is left out of a step"),
    new Option("--vocabulary <file>", "words to know besides those of the language model, one a line"),
    new Option("--dictionary", "only words of the vocabulary, or else of the language model, and hot words"),
    new Option(
      "--hot-word <phrase[:weight]>",
      "a word or phrase to expect, with its weight in nats, 10 by default; repeatable",
    ).argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]),
    number("--unknown-penalty <nats>", "taken off for each word that is not known"),
    number("--nbest <n>", "so many texts for a recording, the best first"),
    new Option("--greedy", "no search, whatever the model file holds"),
  ];
  for (const option of options) command.addOption(option);
  return command;
}

export function parseNumber(text: string): number {
  if (text.trim() === "" || !Number.isFinite(Number(text)))
    throw new InvalidArgumentError("It is a number, such as 1.5.");
  return Number(text);
}

/** Undefined where no option was given: the model file decides. */
export async function readDecoding(flags: DecoderFlags): Promise<DecodingOptions | "greedy" | undefined> {
  const { lm, vocabulary, hotWord = [] } = flags;
  const settings = settingsOf(flags);
  const isAsked = Object.keys(settings).length > 0 || Boolean(lm ?? vocabulary) || hotWord.length > 0;
  if (flags.greedy && isAsked)
    throw usageFault(
      "--greedy looks for nothing, so no other decoder option goes with it.",
      "Leave one out.",
    );
  if (flags.greedy) return "greedy";
  if (!isAsked) return undefined;
  const { USUAL_HOT_WORD_WEIGHT } = await import("../../ctc/index.ts");
  return {
    settings,
    scorer: lm === undefined ? undefined : await readLanguageModel(lm),
    hotWords: Object.fromEntries(hotWord.map((text) => parseHotWord(text, USUAL_HOT_WORD_WEIGHT))),
    vocabulary: vocabulary === undefined ? undefined : await readVocabulary(vocabulary),
  };
}

/** What was given, and nothing that was not: the rest is the model file's, or the table's. */
export function settingsOf(flags: DecoderFlags): NonNullable<DecodingOptions["settings"]> {
  const { alpha, beta, beam, beamMargin, symbolFloor, dictionary } = flags;
  const all = { alpha, beta, beam, beamMargin, symbolFloor, dictionary };
  const renamed = { unknownWordPenalty: flags.unknownPenalty, nBest: flags.nbest };
  return Object.fromEntries(
    Object.entries({ ...all, ...renamed }).filter(([, value]) => value !== undefined),
  );
}

async function readLanguageModel(path: string) {
  const { openLanguageModel } = await import("../../lm/index.ts");
  return openLanguageModel(await readGiven(path, "a language model", readWholeFile), path);
}

/** The bytes of a language model as they travel in a model file: compact, which opens fastest. */
export async function readCompactLanguageModel(path: string): Promise<Uint8Array> {
  const { formatOf, readTrie, writeCompact } = await import("../../lm/index.ts");
  const bytes = await readGiven(path, "a language model", readWholeFile);
  if (formatOf(bytes) === "compact") return bytes;
  return Buffer.concat([...writeCompact(await readTrie(bytes, path))]);
}

async function readVocabulary(path: string): Promise<readonly string[]> {
  const text = await readGiven(path, "a list of words, one a line", readWholeText);
  return text
    .replace(/^\uFEFF/, "")
    .split("\n")
    .map((line) => line.trim().normalize("NFC"))
    .filter((word) => word !== "");
}

/** A file that an option names; a missing one is told with its neighbor. */
export async function readGiven<Content>(
  path: string,
  what: string,
  read: (path: string) => Promise<Content>,
): Promise<Content> {
  try {
    return await read(path);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const problem = code === "ENOENT" ? "There is no such file." : `The file cannot be read: ${message}.`;
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
