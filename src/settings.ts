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
  if (issue.code === "unrecognized_keys") throw unknownSetting(schema, issue.path, issue.keys[0], where);
  throw new EarshotError({
    code: "INVALID_SETTING",
    where: path ? `${where}: ${path}` : where,
    problem: `${issue.message}.`,
    remedy: "Correct the value; docs/settings.md lists every setting with its range and default.",
  });
}

function unknownSetting(
  schema: z.ZodType,
  path: readonly PropertyKey[],
  key: string,
  where: string,
): EarshotError {
  const known = knownKeys(schema, path);
  const near = nearestName(key, known);
  const full = [...path, key].join(".");
  return new EarshotError({
    code: "UNKNOWN_SETTING",
    where: `${where}: ${full}`,
    problem: `There is no setting named "${full}".`,
    remedy: near ? `Did you mean "${[...path, near].join(".")}"?` : `Known here: ${known.join(", ")}.`,
  });
}

function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let here: z.ZodType = unwrap(schema);
  for (const part of path) here = here instanceof z.ZodObject ? unwrap(here.shape[String(part)]) : here;
  return here instanceof z.ZodObject ? Object.keys(here.shape) : [];
}

function unwrap(schema: z.ZodType): z.ZodType {
  let inner = schema;
  while (inner instanceof z.ZodDefault || inner instanceof z.ZodOptional || inner instanceof z.ZodPrefault) {
    inner = inner.unwrap() as z.ZodType;
  }
  return inner;
}
