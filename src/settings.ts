// Typed settings: each table is a zod object whose fields carry default, range and description (with unit and source).
// This file turns a table and a user's input into frozen settings, or into one error that names the place, the
// mistake and the nearest valid key or value. settings-list.ts lists a table's settings.

import { z } from "zod";
import { EarshotError, nearestName } from "./errors.ts";
import {
  describe,
  inWords,
  listSettings,
  valueRange,
  show,
  type SettingDescription,
} from "./settings-list.ts";

export { listSettings, z, type SettingDescription };

/**
 * Validates `input` against a table and fills in the defaults; the result is frozen throughout. `where` names the file
 * or flag that the input comes from.
 * @param remedy of a wrong value that is like no right one
 * @throws EarshotError UNKNOWN_SETTING, INVALID_SETTING
 */
export function parseSettings<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  where: string,
  remedy?: string,
): Readonly<z.output<Schema>> {
  return freeze(parseOptions(schema, input, where, remedy));
}

/** The same for what a function is called with: the caller's functions and objects in it are not frozen. */
export function parseOptions<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  where: string,
  remedy = "Correct the value; docs/settings.md lists every setting with its range and default.",
): z.output<Schema> {
  const result = schema.safeParse(input ?? {});
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw issue.code === "unrecognized_keys"
    ? unknownSetting(schema, issue.path, issue.keys[0], where, input)
    : invalidSetting(schema, issue, where, input, remedy);
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
  const owners = found.flatMap(({ table: own, choice }) => (own === table && choice ? [choice] : []));
  if (owners.length > 0) {
    const one = owners.length === 1 ? "that" : "one of these";
    return `It belongs to ${inWords(owners.map(show), "conjunction")}: set ${table}.name to ${one} too. ${knownHere}`;
  }
  return found.length > 0 ? `Did you mean "${found[0].path}"?` : undefined;
}

function invalidSetting(
  schema: z.ZodType,
  issue: z.core.$ZodIssue,
  where: string,
  input: unknown,
  remedy: string,
): EarshotError {
  const [setting, value, depth] = settingAt(schema, issue.path, input);
  const { range, options } = valueRange(describe(setting));
  const isRule = issue.code === "custom"; // over several settings: each value may be valid by itself
  const path = issue.path.slice(0, depth).join(".");
  const meant =
    typeof value === "string" && !isRule ? meantBy(schema, setting, path, value, options) : undefined;
  return new EarshotError({
    code: "INVALID_SETTING",
    where: path ? `${where}: ${path}` : where,
    problem: isRule ? `${issue.message}.` : `Expected ${range}, but it is ${show(value)}.`,
    remedy: meant ?? remedy,
  });
}

/** Help for a word that is nearly right, that names a table, or that is a value of another setting of the same table. */
function meantBy(
  schema: z.ZodType,
  setting: z.ZodType,
  path: string,
  word: string,
  options: readonly string[],
): string | undefined {
  const near = nearestName(word, options);
  if (near) return `Did you mean ${show(near)}?`;
  const table = nearestName(word, namesOf(choiceOf(setting) ?? []));
  if (table) return `Did you mean ${path}.name ${show(table)}?`;
  if (options.length === 0) return undefined;
  const beside = listSettings(schema).filter((other) => other.table === path.replace(/\.?[^.]*$/, ""));
  const having = beside.filter(({ range }) => range.includes(show(word)));
  if (having.length === 0) return undefined;
  const choices = having.flatMap(({ choice }) => choice ?? []);
  const where = choices.length > 0 ? ` of ${inWords(choices.map(show))}` : "";
  return `${show(word)} is a value of ${having[0].path}${where}.`;
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
