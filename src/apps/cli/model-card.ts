// The card of a model: the README.md beside it, Markdown below a block of YAML between lines of dashes, as model hubs have them.

import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { isRecord } from "../../settings.ts";

export interface ModelCard {
  /** In a few words, such as "home commands, digits and letters". */
  readonly understands?: string;
  readonly language?: string;
  readonly license?: string;
  /** One line: what it reaches, and on what. */
  readonly figures?: string;
  /** What is below the block. */
  readonly text: string;
}

const CARD = /^---\r?\n(.*?)\r?\n---\r?\n(.*)$/s;

/** What the card does not say is left out. @param model its file */
export async function readModelCard(model: string): Promise<ModelCard> {
  const { MODEL_CARD_NAME } = await import("../../model/index.ts");
  const whole = await readFile(join(dirname(model), MODEL_CARD_NAME), "utf8").catch(() => "");
  const [, block = "", text = whole] = CARD.exec(whole) ?? [];
  const facts = factsOf(block);
  const fact = (name: string): Partial<ModelCard> => {
    const value = facts[name];
    return typeof value === "string" ? { [name]: value } : {};
  };
  return {
    ...fact("understands"),
    ...fact("language"),
    ...fact("license"),
    ...fact("figures"),
    text: text.trim(),
  };
}

/** A damaged block says nothing: a card is for people. */
function factsOf(block: string): Readonly<Record<string, unknown>> {
  try {
    const facts: unknown = parse(block, { logLevel: "silent" });
    return isRecord(facts) ? facts : {};
  } catch {
    return {};
  }
}
