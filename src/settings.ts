// Typed settings: each table is a zod object whose fields carry default, range and description (with unit and source).
// This file turns a table and a user's input into frozen settings, or into one error that names the place, the
// mistake and the nearest valid key. Command-line flags and docs read the same tables.

import { z } from "zod";
import { EarshotError, nearestName } from "./errors.ts";

export { z };

/** Validates `input` against a table; unknown keys are errors with a suggestion. `where` names the file or flag. */
export function parseSettings<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  where: string,
): Readonly<z.output<Schema>> {
  const result = schema.safeParse(input ?? {});
  if (result.success) return Object.freeze(result.data) as Readonly<z.output<Schema>>;
  const issue = result.error.issues[0];
  const path = issue.path.join(".");
  if (issue.code === "unrecognized_keys")
    throw unknownSetting(schema, issue.path, issue.keys[0], where, input);
  throw new EarshotError({
    code: "INVALID_SETTING",
    where: path ? `${where}: ${path}` : where,
    problem: `${issue.message}.`,
    remedy: "Correct the value; docs/settings.md lists every setting with its range and default.",
  });
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

type NamedTable = z.ZodObject<{ name: z.ZodLiteral<string> }>;

function isRecord(input: unknown): input is Record<string, unknown> {
  return typeof input === "object" && input !== null;
}

function unknownSetting(
  schema: z.ZodType,
  path: readonly PropertyKey[],
  key: string,
  where: string,
  input: unknown,
): EarshotError {
  const known = knownKeys(schema, path, input);
  const near = nearestName(key, known);
  const full = [...path, key].join(".");
  return new EarshotError({
    code: "UNKNOWN_SETTING",
    where: `${where}: ${full}`,
    problem: `There is no setting named "${full}".`,
    remedy: near ? `Did you mean "${[...path, near].join(".")}"?` : `Known here: ${known.join(", ")}.`,
  });
}

/** The keys that a table knows at a path of the input. */
function knownKeys(schema: z.ZodType, path: readonly PropertyKey[], input: unknown): string[] {
  const table = tableOf(schema, input);
  if (!table) return [];
  if (path.length === 0) return Object.keys(table.shape);
  const key = String(path[0]);
  const inner = isRecord(input) ? input[key] : undefined;
  return knownKeys(table.shape[key] as z.ZodType, path.slice(1), inner);
}

/** The object behind defaults, and of a choice the one that the input names. */
function tableOf(schema: z.ZodType, input: unknown): z.ZodObject | undefined {
  if (schema instanceof z.ZodObject) return schema;
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional || schema instanceof z.ZodPrefault) {
    return tableOf(schema.unwrap() as z.ZodType, input);
  }
  if (schema instanceof z.ZodPipe) return tableOf(schema.out as z.ZodType, input);
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return undefined;
  const tables = schema.options as readonly NamedTable[];
  const name = isRecord(input) && "name" in input ? input.name : tables[0].shape.name.value;
  return tables.find((table) => table.shape.name.value === name);
}
