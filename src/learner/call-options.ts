// What the learner's methods may be called with, as tables of settings: a mistyped option is an error that names the one
// that was meant, before any work. Of callbacks and other functions only the types are checked.

import { isRecord, parseOptions, z } from "../settings.ts";
import type { Callback } from "../training/index.ts";

const given = (problem: string, test: (value: unknown) => boolean) => z.custom(test, problem);
const isFunction = (value: unknown) => typeof value === "function";
const aFunction = given("It is not a function", isFunction).optional();
const listOf = (what: string, test: (value: unknown) => boolean) =>
  given(`It is not a list of ${what}`, (value) => Array.isArray(value) && value.every(test)).optional();

const isPath = (value: unknown) => typeof value === "string" && value !== "";
const isData = (value: unknown) =>
  isPath(value) ||
  (Array.isArray(value) && value.length > 0 && value.every(isPath)) ||
  (isRecord(value) && Array.isArray(value.manifests));

export const loadOptions = z.strictObject({
  data: given("There is no corpus, nor the path of a manifest or a list of them", isData),
  settings: given("It is not a table of settings", isRecord).optional(),
  transforms: listOf("functions", isFunction),
  onEvent: aFunction,
  quiet: z.boolean().optional(),
});

export const learnerOptions = loadOptions.extend({
  network: given(
    "It is neither a network's name nor its settings",
    (value) => isPath(value) || isRecord(value),
  ).optional(),
  width: z.int().min(1).optional(),
});

export const saveOptions = z.strictObject({ path: given("It is not the path of a file", isPath) });

const signal = given("It is not an AbortSignal", (value) => isRecord(value) && "aborted" in value).optional();
const run = { callbacks: listOf("callbacks", isRecord), out: z.string().min(1).optional(), signal };
const rate = z.number().positive();

export const fitOptions = z
  .strictObject({
    learningRate: rate.optional(),
    schedule: given(
      "It is neither a function nor a table of settings",
      (value) => isFunction(value) || isRecord(value),
    ).optional(),
    ...run,
  })
  .refine(
    ({ learningRate, schedule }) => learningRate === undefined || schedule === undefined,
    "There are both a learningRate and a schedule, and each would set the rate",
  );

export const oneCycleOptions = z.strictObject({ peak: rate.optional(), ...run });

export const sweepOptions = z
  .strictObject({
    from: rate.default(1e-5),
    to: rate.default(0.1),
    steps: z.int().min(2).default(100),
    signal,
  })
  .refine(({ from, to }) => from < to, "The lowest rate, from, is not below the highest, to");

const count = z.int().min(0).optional();
export const showBatchOptions = z.strictObject({ epoch: count, count, signal });
export const splitOptions = z.strictObject({ count, split: z.string().optional(), signal });
export const stressOptions = z.strictObject({
  conditions: z.array(z.string()).optional(),
  utterances: z.int().min(1).optional(),
  signal,
});

const callbackTable = z.strictObject({
  name: z.string().min(1),
  fitStart: aFunction,
  epochStart: aFunction,
  batchStart: aFunction,
  batchEnd: aFunction,
  batchFailed: aFunction,
  devEnd: aFunction,
  epochEnd: aFunction,
  fitEnd: aFunction,
  event: aFunction,
  state: given("It is not an object", isRecord).optional(),
} satisfies Record<keyof Callback, z.ZodType>);

/** A function under a mistyped name would never be called. @throws EarshotError UNKNOWN_SETTING, INVALID_SETTING */
export function checkCallbacks(callbacks: readonly Callback[], where: string): void {
  for (const [index, callback] of callbacks.entries())
    parseOptions(callbackTable, checkedPart(callback), `${where}: callbacks[${index}]`);
}

/** What the loop knows of a callback, and its other functions; other values that it holds are not checked. */
function checkedPart(callback: Callback): Record<string, unknown> {
  const known = (Object.keys(callbackTable.shape) as (keyof Callback)[]).filter((key) => key in callback);
  const functions = Object.entries(callback).filter(([, value]) => isFunction(value));
  return {
    ...Object.fromEntries(functions),
    ...Object.fromEntries(known.map((key) => [key, callback[key]])),
  };
}
