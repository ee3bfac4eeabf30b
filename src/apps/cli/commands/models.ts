// `earshot models`: the models that come with the package, and their cards.

import { stat } from "node:fs/promises";
import type { Command } from "commander";
import { EarshotError } from "../../../errors.ts";
import { megabytes } from "../../../figures.ts";
import { modelsFolder } from "../../../platform/index.ts";
import type { ModelCard } from "../model-card.ts";
import { examples, jsonOption } from "../options.ts";
import type { Session } from "../session.ts";

interface ListedModel extends ModelCard {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  /** Whether commands take it that are given no model. */
  readonly isDefault: boolean;
}

export function addModels(program: Command, session: Session): void {
  program
    .command("models")
    .description("List the models that come with Earshot, which go by name wherever -m names a model.")
    .argument("[name]", "show the card of this one: data, licences, figures, what it is bad at")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      examples(
        "earshot models",
        "earshot models commands-en",
        "earshot test speech/manifest.csv -m commands-en",
      ),
    )
    .action((name: string | undefined) => (name === undefined ? list(session) : show(name, session)));
}

async function list({ output }: Session): Promise<void> {
  const { boxedModelNames } = await import("../../../model/index.ts");
  const models = await Promise.all((await boxedModelNames()).map(describe));
  for (const { text: _, ...model } of models)
    if (output.json) output.object(model);
    else output.write(rowOf(model));
  if (models.length === 0) output.note(`There are none in this copy of Earshot (${modelsFolder()}).`);
}

async function show(name: string, { output }: Session): Promise<void> {
  const { boxedModelNames, nearestBoxedModel } = await import("../../../model/index.ts");
  const names = await boxedModelNames();
  if (!names.includes(name)) throw unknownModel(name, names, await nearestBoxedModel(name));
  const { text, ...model } = await describe(name);
  if (output.json) output.object({ ...model, text });
  else output.write(`${rowOf(model)}${" ".repeat(INDENT)}${model.path}\n\n${text}\n`);
}

async function describe(name: string): Promise<ListedModel> {
  const { DEFAULT_MODEL, pathOfBoxed } = await import("../../../model/index.ts");
  const { readModelCard } = await import("../model-card.ts");
  const path = pathOfBoxed(name);
  const [{ size: bytes }, card] = await Promise.all([stat(path), readModelCard(path)]);
  return { name, path, bytes, isDefault: name === DEFAULT_MODEL, ...card };
}

const INDENT = 14;

function rowOf({
  name,
  understands = "",
  language,
  license,
  figures,
  bytes,
  isDefault,
}: Omit<ListedModel, "text">): string {
  const facts = [language, megabytes(bytes), license, isDefault ? "taken without -m" : undefined];
  const lines = [understands, facts.filter((fact) => fact !== undefined).join(", "), figures ?? ""];
  const [first, ...rest] = lines.filter((line) => line !== "");
  return `${name.padEnd(INDENT - 2)}  ${first}\n${rest.map((line) => `${" ".repeat(INDENT)}${line}\n`).join("")}`;
}

function unknownModel(name: string, names: readonly string[], near: string | undefined): EarshotError {
  const there = names.length === 0 ? "There are none in this copy." : `There are ${names.join(", ")}.`;
  return new EarshotError({
    code: "UNKNOWN_MODEL",
    where: name,
    problem: "No model of this name comes with Earshot.",
    remedy: near === undefined ? there : `Did you mean "${near}"?`,
  });
}
