// `earshot lm query`: how probable sentences are, one a line on stdin.

import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { decodeTextPieces } from "../../../platform/index.ts";
import { examples, jsonOption } from "../options.ts";
import { usageFault } from "../session.ts";
import type { Session } from "../session.ts";

/** Lines that go out together: a write for each would take most of the time. */
const BATCH = 512;

export function addLmQuery(lm: Command, session: Session): void {
  lm.command("query")
    .description("Print log10 P of each sentence on stdin, and how many of its words are unknown.")
    .argument("<lm>", "a model: ARPA, .gz too, or the compact format")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      examples(
        "earshot lm query books.lm < sentences.txt",
        'echo "the red fox" | earshot lm query books.arpa --json',
      ),
    )
    .action((path: string) => query(path, session));
}

async function query(path: string, { output, signal }: Session): Promise<void> {
  if (process.stdin.isTTY)
    throw usageFault("Sentences come on stdin.", `Try: earshot lm query ${path} < sentences.txt`);
  const { openLanguageModel, scoreSentence } = await import("../../../lm/index.ts");
  const scorer = await openLanguageModel(await readFile(path), path);
  let lines: string[] = [];
  const flush = (): void => {
    if (lines.length > 0) output.write(lines.join(""));
    lines = [];
  };
  for await (const sentence of linesOf(process.stdin)) {
    signal.throwIfAborted();
    const { log10, oov } = scoreSentence(scorer, sentence);
    lines.push(output.json ? `${JSON.stringify({ log10, oov })}\n` : `${log10.toFixed(6)}\t${oov}\n`);
    if (lines.length === BATCH) flush();
  }
  flush();
}

async function* linesOf(input: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of decodeTextPieces(input, "stdin")) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) yield line.replace(/\r$/, "");
  }
  if (rest !== "") yield rest;
}
