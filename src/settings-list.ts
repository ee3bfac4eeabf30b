// The settings of a table as people read them, each with its path, range and default: for docs/settings.md, for help, and for
// errors that say what else there is.

import { z } from "zod";

/** One setting as people read it. */
export interface SettingDescription {
  /** For example `data.augmentation.speeds`. */
  readonly path: string;
  /** The path of its table, "" for the outermost. */
  readonly table: string;
  /** In a choice between tables: the name of the one that it belongs to. */
  readonly choice?: string;
  /** Type and range, for example `integer from 1 to 512`. */
  readonly range: string;
  readonly default?: unknown;
  readonly description: string;
}

/** Every setting of a table and of the tables inside it, in their order. */
export function listSettings(schema: z.ZodType): SettingDescription[] {
  return settingsOf(describe(schema), "");
}

/** What is read here of JSON Schema, in which zod describes its schemas. */
interface Description {
  readonly type?: string;
  readonly default?: unknown;
  readonly description?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Description[];
  readonly oneOf?: readonly Description[];
  readonly properties?: Readonly<Record<string, Description>>;
  readonly additionalProperties?: Description;
  readonly items?: Description;
  readonly prefixItems?: readonly Description[];
  readonly minItems?: number;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly exclusiveMaximum?: number;
}

export function describe(schema: z.ZodType): Description {
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Description;
}

function settingsOf({ properties = {} }: Description, table: string, choice?: string): SettingDescription[] {
  return Object.entries(properties).flatMap(([key, field]) => {
    const path = table ? `${table}.${key}` : key;
    if (field.properties) return settingsOf(field, path);
    if (field.oneOf) return settingsOfChoice(field.oneOf, path);
    if (choice !== undefined && key === "name") return []; // listed once, by the choice
    const { default: value, description = "" } = field;
    return [{ path, table, choice, range: valueRange(field).range, default: value, description }];
  });
}

function settingsOfChoice(tables: readonly Description[], path: string): SettingDescription[] {
  const names = tables.map(({ properties }) => String(properties?.name.const));
  const { range } = valueRange({ enum: names });
  const description = "Which of these tables; each has settings of its own.";
  return [
    { path: `${path}.name`, table: path, range, default: names[0], description },
    ...tables.flatMap((table, index) => settingsOf(table, path, names[index])),
  ];
}

/** Type and range in words, and the texts among which a value is chosen. */
export function valueRange(field: Description): { range: string; options: readonly string[] } {
  const options = field.const === undefined ? field.enum : [field.const];
  if (options) return { range: inWords(options.map(show)), options: options.map(String) };
  const variants = (field.anyOf ?? []).map(valueRange);
  if (variants.length > 0) {
    const range = inWords(variants.map((variant) => variant.range));
    return { range, options: variants.flatMap((variant) => variant.options) };
  }
  return { range: typeInWords(field), options: [] };
}

export const inWords = (
  options: readonly string[],
  type: "conjunction" | "disjunction" = "disjunction",
): string => new Intl.ListFormat("en", { type }).format(options);

function typeInWords(field: Description): string {
  if (field.oneOf || field.properties) return "settings by name";
  if (field.type === "boolean") return "true or false";
  if (field.type === "string") return field.minLength ? "non-empty text" : "text";
  if (field.type === "object")
    return `map from text to ${valueRange(field.additionalProperties ?? { type: "string" }).range}`;
  if (field.type !== "array") return [field.type ?? "a value", bounds(field)].join(" ").trim();
  if (field.prefixItems)
    return `list of ${field.prefixItems.length}, each ${valueRange(field.prefixItems[0]).range}`;
  const item = valueRange(field.items ?? {}).range;
  return `${field.minItems ? "non-empty list of" : "list of"} ${item}`;
}

function bounds({ minimum, exclusiveMinimum, maximum, exclusiveMaximum }: Description): string {
  if (isShown(minimum) && isShown(maximum)) return `from ${minimum} to ${maximum}`;
  return [
    isShown(minimum) && `of at least ${minimum}`,
    isShown(exclusiveMinimum) && `above ${exclusiveMinimum}`,
    isShown(maximum) && `of at most ${maximum}`,
    isShown(exclusiveMaximum) && `below ${exclusiveMaximum}`,
  ]
    .filter(Boolean)
    .join(" and ");
}

/** zod bounds every integer by those that a number holds exactly, which nobody needs to read. */
const isShown = (bound: number | undefined) =>
  bound !== undefined && Math.abs(bound) !== Number.MAX_SAFE_INTEGER;

/** A value as errors show it. */
export function show(value: unknown): string {
  if (value === undefined) return "missing";
  const text = typeof value === "string" || typeof value === "object" ? jsonOf(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/** YAML can write a list that holds itself; JSON cannot. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return "a value that holds itself";
  }
}
