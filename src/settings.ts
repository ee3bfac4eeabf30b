// Typed settings: each table is a zod object whose fields carry default, range and description (with unit and source).
// This file turns a table and a user's input into frozen settings, or into one error that names the place, the
// mistake and the nearest valid key or value; and it lists a table's settings, for docs/settings.md.

import { z } from "zod";
import { EarshotError, nearestName } from "./errors.ts";

export { z };

/**
 * Validates `input` against a table and fills in the defaults; the result is frozen throughout. `where` names the file
 * or flag that the input comes from.
 * @throws EarshotError UNKNOWN_SETTING, INVALID_SETTING
 */
export function parseSettings<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  where: string,
): Readonly<z.output<Schema>> {
  return freeze(parseOptions(schema, input, where));
}

/** The same for what a function is called with: the caller's functions and objects in it are not frozen. */
export function parseOptions<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  where: string,
): z.output<Schema> {
  const result = schema.safeParse(input ?? {});
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw issue.code === "unrecognized_keys"
    ? unknownSetting(schema, issue.path, issue.keys[0], where, input)
    : invalidSetting(schema, issue, where, input);
}

/**
 * A choice between tables by their field `name`, such as optimizers; the first is taken when the input names none, so
 * that a single setting of it can be given alone.
 */
export function choice<First extends NamedTable, Rest extends readonly NamedTable[]>(
  tables: readonly [First, ...Rest],
) {
  const [{ shape }] = tables;
  const named = (input: unknown): unknown =>
    isRecord(input) && !("name" in input) ? { name: shape.name.value, ...input } : input;
  return z.preprocess(named, z.discriminatedUnion("name", tables));
}

/**
 * A choice between tables that may become more: they are asked for at each use.
 * @param Output what a caller knows of a value, whichever the table
 */
export function openChoice<Output extends { readonly name: string }>(
  tables: () => readonly NamedTable[],
): z.ZodType<Output> {
  const known = z.lazy(() => choice(tables() as [NamedTable, ...NamedTable[]]));
  const { _zod: internals } = known;
  Object.defineProperty(internals, "innerType", { get: () => known.unwrap() }); // zod would ask once and keep it
  return known as unknown as z.ZodType<Output>;
}

export type NamedTable = z.ZodObject<{ name: z.ZodLiteral<string> }>;

/** A table of named values, of which nothing else is known. */
export function isRecord(input: unknown): input is Record<string, unknown> {
  return typeof input === "object" && input !== null && !Array.isArray(input);
}

function freeze<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null) return value;
  Object.values(value).forEach(freeze);
  return Object.freeze(value);
}

// ── Errors ──────────────────────────────────────────────────────────────────────────────────────────────────────

function unknownSetting(
  schema: z.ZodType,
  path: readonly PropertyKey[],
  key: string,
  where: string,
  input: unknown,
): EarshotError {
  const full = [...path, key].join(".");
  const [holder, value] = settingAt(schema, path, input);
  const known = Object.keys(tableOf(holder, value)?.shape ?? {});
  const near = nearestName(key, known);
  const knownHere = `Known here: ${known.join(", ")}.`;
  const remedy =
    elsewhere(schema, [...path, key], knownHere) ??
    (near ? `Did you mean "${[...path, near].join(".")}"?` : knownHere);
  const problem = `There is no setting named "${full}".`;
  return new EarshotError({ code: "UNKNOWN_SETTING", where: `${where}: ${full}`, problem, remedy });
}

/** Help for a right key at the wrong place: in another table, or in one of a choice that was not chosen. */
function elsewhere(schema: z.ZodType, place: readonly PropertyKey[], knownHere: string): string | undefined {
  const [table, key] = [place.slice(0, -1).join("."), place.at(-1)];
  const settings = listSettings(schema);
  const tables = settings.map((setting) => ({
    ...setting,
    path: setting.table,
    table: "",
    choice: undefined,
  }));
  const found = [...settings, ...tables].filter((setting) => setting.path.split(".").at(-1) === key);
  const owner = found.find((setting) => setting.table === table)?.choice;
  if (owner !== undefined) return `It belongs to "${owner}": set ${table}.name to that too. ${knownHere}`;
  return found.length > 0 ? `Did you mean "${found[0].path}"?` : undefined;
}

function invalidSetting(
  schema: z.ZodType,
  issue: z.core.$ZodIssue,
  where: string,
  input: unknown,
): EarshotError {
  const [setting, value, depth] = settingAt(schema, issue.path, input);
  const { range, options } = rangeOf(describe(setting));
  const isRule = issue.code === "custom"; // over several settings: each value may be valid by itself
  const near = typeof value === "string" && !isRule ? nearestName(value, options) : undefined;
  const path = issue.path.slice(0, depth).join(".");
  return new EarshotError({
    code: "INVALID_SETTING",
    where: path ? `${where}: ${path}` : where,
    problem: isRule ? `${issue.message}.` : `Expected ${range}, but it is ${show(value)}.`,
    remedy: near
      ? `Did you mean ${show(near)}?`
      : "Correct the value; docs/settings.md lists every setting with its range and default.",
  });
}

function show(value: unknown): string {
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

/** The setting that a path of the input leads to, or the one that holds it; its value; its depth in the path. */
function settingAt(
  schema: z.ZodType,
  path: readonly PropertyKey[],
  input: unknown,
  depth = 0,
): [setting: z.ZodType, value: unknown, depth: number] {
  const key = String(path[depth]);
  const choices = key === "name" ? choiceOf(schema) : undefined;
  const word = key === "preset" && typeof input === "string" ? input : undefined; // it alone stands for its table
  const value = isRecord(input) ? input[key] : word;
  if (choices) return [z.enum(namesOf(choices)), value, depth + 1];
  const table = depth < path.length ? tableOf(schema, input) : undefined;
  if (!table || !(key in table.shape)) return [schema, input, depth];
  return settingAt(table.shape[key] as z.ZodType, path, value, depth + 1);
}

/** The schema behind defaults, behind the preparation of a choice, and of an open choice as it is now. */
function unwrapped(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodPipe) return unwrapped(schema.out as z.ZodType);
  if (schema instanceof z.ZodLazy) return unwrapped(schema.unwrap() as z.ZodType);
  const wrapped = [z.ZodDefault, z.ZodOptional, z.ZodNullable, z.ZodPrefault];
  if (!wrapped.some((kind) => schema instanceof kind)) return schema;
  return unwrapped((schema as z.ZodOptional<z.ZodType>).unwrap());
}

function choiceOf(schema: z.ZodType): readonly NamedTable[] | undefined {
  const inner = unwrapped(schema);
  return inner instanceof z.ZodDiscriminatedUnion ? (inner.options as readonly NamedTable[]) : undefined;
}

const namesOf = (tables: readonly NamedTable[]) => tables.map(({ shape }) => shape.name.value);

/** The table behind a schema, and of a choice the one that the input names. */
function tableOf(schema: z.ZodType, input: unknown): z.ZodObject | undefined {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodObject) return inner;
  const tables = choiceOf(inner);
  const name = isRecord(input) && "name" in input ? input.name : tables?.[0].shape.name.value;
  return tables?.find((table) => table.shape.name.value === name);
}

// ── Lists ───────────────────────────────────────────────────────────────────────────────────────────────────────

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

function describe(schema: z.ZodType): Description {
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Description;
}

function settingsOf({ properties = {} }: Description, table: string, choice?: string): SettingDescription[] {
  return Object.entries(properties).flatMap(([key, field]) => {
    const path = table ? `${table}.${key}` : key;
    if (field.properties) return settingsOf(field, path);
    if (field.oneOf) return settingsOfChoice(field.oneOf, path);
    if (choice !== undefined && key === "name") return []; // listed once, by the choice
    const { default: value, description = "" } = field;
    return [{ path, table, choice, range: rangeOf(field).range, default: value, description }];
  });
}

function settingsOfChoice(tables: readonly Description[], path: string): SettingDescription[] {
  const names = tables.map(({ properties }) => String(properties?.name.const));
  const { range } = rangeOf({ enum: names });
  const description = "Which of these tables; each has settings of its own.";
  return [
    { path: `${path}.name`, table: path, range, default: names[0], description },
    ...tables.flatMap((table, index) => settingsOf(table, path, names[index])),
  ];
}

/** Type and range in words, and the texts among which a value is chosen. */
function rangeOf(field: Description): { range: string; options: readonly string[] } {
  const options = field.const === undefined ? field.enum : [field.const];
  if (options) return { range: inWords(options.map(show)), options: options.map(String) };
  const variants = (field.anyOf ?? []).map(rangeOf);
  if (variants.length > 0) {
    const range = inWords(variants.map((variant) => variant.range));
    return { range, options: variants.flatMap((variant) => variant.options) };
  }
  return { range: typeInWords(field), options: [] };
}

const inWords = (options: readonly string[]) =>
  new Intl.ListFormat("en", { type: "disjunction" }).format(options);

function typeInWords(field: Description): string {
  if (field.oneOf || field.properties) return "settings by name";
  if (field.type === "boolean") return "true or false";
  if (field.type === "string") return field.minLength ? "non-empty text" : "text";
  if (field.type === "object")
    return `map from text to ${rangeOf(field.additionalProperties ?? { type: "string" }).range}`;
  if (field.type !== "array") return [field.type ?? "a value", bounds(field)].join(" ").trim();
  if (field.prefixItems)
    return `list of ${field.prefixItems.length}, each ${rangeOf(field.prefixItems[0]).range}`;
  const item = rangeOf(field.items ?? {}).range;
  return `${field.minItems ? "non-empty list of" : "list of"} ${item}`;
}

function bounds({ minimum, exclusiveMinimum, maximum, exclusiveMaximum }: Description): string {
  if (isTold(minimum) && isTold(maximum)) return `from ${minimum} to ${maximum}`;
  return [
    isTold(minimum) && `of at least ${minimum}`,
    isTold(exclusiveMinimum) && `above ${exclusiveMinimum}`,
    isTold(maximum) && `of at most ${maximum}`,
    isTold(exclusiveMaximum) && `below ${exclusiveMaximum}`,
  ]
    .filter(Boolean)
    .join(" and ");
}

/** zod bounds every integer by those that a number holds exactly, which is nothing to tell. */
const isTold = (bound: number | undefined) =>
  bound !== undefined && Math.abs(bound) !== Number.MAX_SAFE_INTEGER;
