// `earshot lm info`: what is in the file of a language model.

import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { examples, jsonOption } from "../options.ts";
import type { Session } from "../session.ts";

/** <unk>, <s> and </s> are 1-grams, but no words. */
const SPECIAL_TOKENS = 3;

export function addLmInfo(lm: Command, session: Session): void {
  lm.command("info")
    .description("Show what the file of a language model holds.")
    .argument("<lm>", "a model: ARPA, .gz too, or the compact format")
    .addOption(jsonOption())
    .addHelpText("after", examples("earshot lm info books.lm", "earshot lm info books.arpa.gz --json"))
    .action((path: string) => info(path, session));
}

async function info(path: string, { output }: Session): Promise<void> {
  const { formatOf, readTrie } = await import("../../../lm/index.ts");
  const file = await readFile(path);
  const { order, unit, counts } = await readTrie(file, path);
  const ngrams = counts.reduce((sum, count) => sum + count, 0);
  const facts = {
    path,
    format: formatOf(file),
    order,
    unit,
    vocabulary: counts[0] - SPECIAL_TOKENS,
    ngrams: counts,
    bytes: file.length,
    bytesPerNgram: Number((file.length / ngrams).toFixed(2)),
  };
  if (output.json) output.object(facts);
  else
    output.write(
      Object.entries(facts)
        .map(([name, value]) => `${name.padEnd(14)} ${formatValue(value)}\n`)
        .join(""),
    );
}

function formatValue(value: string | number | readonly number[]): string {
  if (typeof value === "string") return value;
  return typeof value === "number"
    ? value.toLocaleString("en-US")
    : value.map((count) => count.toLocaleString("en-US")).join(" + ");
}
