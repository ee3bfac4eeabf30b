// `earshot align`: when each word of a known text was said.

import { stat } from "node:fs/promises";
import { Option } from "commander";
import type { Command } from "commander";
import { readWholeText } from "../../../platform/index.ts";
import type { Alignment } from "../../../recognizer/index.ts";
import { readGiven } from "../decoding.ts";
import { addRecognitionOptions, examples, modelOption, requireModels } from "../options.ts";
import { loadRecognizer } from "../recognizer.ts";
import type { RecognizerFlags } from "../recognizer.ts";
import { usageFault } from "../session.ts";
import type { Session } from "../session.ts";
import { checkStandardInput, readStandardInput, STANDARD_INPUT } from "../standard-input.ts";

interface AlignOptions extends RecognizerFlags {
  readonly format?: "txt" | "json" | "textgrid";
  readonly json?: true;
}

export function addAlign(program: Command, session: Session): void {
  const command = program
    .command("align")
    .description("Tell when each word and each symbol of a known text was said.")
    .argument("<audio>", "a recording, or - for stdin")
    .argument("<text>", "what is said in it, or a file that holds it")
    .addOption(modelOption())
    .addOption(
      new Option("--format <name>", "how times are written; txt by default").choices([
        "txt",
        "json",
        "textgrid",
      ]),
    );
  addRecognitionOptions(command)
    .addHelpText(
      "after",
      examples(
        "earshot align hello.wav 'hello world' -m model.safetensors",
        "earshot align speech.flac speech.txt -m model.safetensors --format textgrid > speech.TextGrid",
      ),
    )
    .action((audio: string, text: string, options: AlignOptions) => align(audio, text, options, session));
}

async function align(audio: string, given: string, options: AlignOptions, session: Session): Promise<void> {
  const { output, signal } = session;
  if (options.json && options.format && options.format !== "json")
    throw usageFault("Both --json and --format say what stdout carries.", "Leave one out.");
  requireModels(options.model, "align");
  checkStandardInput([audio, given], "align");
  const source = audio === STANDARD_INPUT ? await readStandardInput("align", session) : audio;
  const recognizer = await loadRecognizer(options, "greedy", "align", session);
  try {
    const text = await readText(given);
    output.progress(`aligning ${audio}`);
    const { textGrid } = await import("../../../recognizer/index.ts");
    const alignment = await recognizer.align(source, text, audio, { signal });
    if (options.json || options.format === "json") output.object(jsonOf(audio, alignment));
    else if (options.format === "textgrid") output.write(textGrid(tiersOf(alignment), alignment.seconds));
    else for (const word of alignment.words) output.write(lineOf(word));
    if (!options.json) for (const warning of alignment.warnings) output.warn(warning, audio);
    if (alignment.dropped.length > 0)
      output.note(`left out, as the model cannot spell them: ${[...new Set(alignment.dropped)].join(" ")}`);
  } finally {
    await recognizer.close();
  }
}

/** The content of a file, where there is one of this name; else the text itself, unless it looks like a file's name. */
async function readText(given: string): Promise<string> {
  const isFile = await stat(given).then((entry) => entry.isFile(), () => false); // prettier-ignore
  const isName = /^\S+\.(txt|lab|trans)$/i.test(given);
  return isFile || isName ? readGiven(given, "a text, or give the text itself", readWholeText) : given;
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

const lineOf = ({ text, startMs, endMs, confidence }: Alignment["words"][number]): string =>
  `${seconds(startMs)}\t${seconds(endMs)}\t${confidence.toFixed(2)}\t${text}\n`;

function tiersOf({ words }: Alignment) {
  return { words, characters: words.flatMap(({ characters }) => characters) };
}

function jsonOf(path: string, { text, score, words, warnings }: Alignment): object {
  const rounded = (value: number) => Number(value.toFixed(4));
  return {
    path,
    text,
    score: rounded(score),
    words: words.map(({ confidence, characters, ...word }) => ({
      ...word,
      confidence: rounded(confidence),
      characters: characters.map(({ probability, ...symbol }) => ({
        ...symbol,
        probability: rounded(probability),
      })),
    })),
    warnings,
  };
}
