// What clients send, as values that are checked: objects of JSON, and fields by their tables. What is wrong is said in one form,
// whatever the dialect: the field, what was expected, what came.

import { EarshotError } from "../../errors.ts";
import { isRecord, parseOptions, type z } from "../../settings.ts";
import { badRequest, Refusal } from "./refusal.ts";

/** @param what it is, as the refusal calls it @throws Refusal bad_request */
export function readObject(text: string, what = "A text message"): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch {
    // refused below
  }
  throw new Refusal("bad_request", `${what} is to be an object of JSON.`, { code: "invalid_json" });
}

/** @param place of the fields in what the client sent, such as "config" @throws Refusal bad_request */
export function readFields<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  place = "",
): z.output<Schema> {
  try {
    return parseOptions(schema, input, place);
  } catch (error) {
    throw error instanceof EarshotError ? wrongField(error, place) : error;
  }
}

/** Of the error's remedy only the nearest word is for clients: the rest is for those who write settings. */
function wrongField({ fault: { where = "", problem, remedy } }: EarshotError, place: string): Refusal {
  const path = where.slice(place.length).replace(/^: /u, "");
  const field = [place, path].filter((part) => part !== "").join(".");
  const hint = remedy.startsWith("Did you mean") ? ` ${remedy}` : "";
  return badRequest(`${field}: ${problem}${hint}`, field);
}
