// With which model training begins: another one that is named, the one of the box where it fits, or none.

import { EarshotError } from "../../../errors.ts";
import { fileFacts, resolve } from "../../../platform/index.ts";
import { usageFault, type Session } from "../session.ts";
import type { Amounts, NewRequest } from "./plan.ts";
import { learnedTexts, trainingOf, unspelled } from "./training-settings.ts";

/** What --from names, where it shall be none. */
const NOTHING = "nothing";
/** Of the default model. */
const LANGUAGE = /^en\b/i;

/** @returns a whole path, which another working directory finds too, or a name of the box; undefined for none @throws EarshotError USAGE */
export async function namedBase(from: string): Promise<string | undefined> {
  if (from === "")
    throw usageFault("--from names no model.", `Give a file, a name of earshot models, or ${NOTHING}.`);
  if (from === NOTHING) return undefined;
  return (await fileFacts(from)) === undefined ? from : resolve(from);
}

/** The default model where it fits, and why it does not in one line. @returns undefined for none */
export async function usualBase(
  out: string,
  request: Omit<NewRequest, "from">,
  amounts: Amounts,
  { output }: Session,
): Promise<string | undefined> {
  const { boxedModelPath, DEFAULT_MODEL, defaultModelPath } = await import("../../../model/index.ts");
  const path = await defaultModelPath();
  const why =
    path === undefined ? "is not in this copy of Earshot" : await whatSpeaksAgainst(path, request, amounts);
  if (why === undefined) {
    output.note(`It begins with the model ${DEFAULT_MODEL}; --from ${NOTHING} does without.`);
    const isHidden = resolve(out) === resolve(DEFAULT_MODEL); // its name would be that of the folder
    return isHidden || (await boxedModelPath(DEFAULT_MODEL)) === undefined ? path : DEFAULT_MODEL;
  }
  output.note(`It begins from nothing: ${DEFAULT_MODEL} ${why}.`);
  return undefined;
}

/** As the end of a sentence. */
async function whatSpeaksAgainst(
  path: string,
  request: Omit<NewRequest, "from">,
  amounts: Amounts,
): Promise<string | undefined> {
  if (!LANGUAGE.test(request.language)) return `is English, and --language is ${request.language}`;
  try {
    const { model, settings } = (await trainingOf({ ...request, from: path }, amounts)).checked;
    const { alphabet } = settings;
    const isAsked = request.set.some((setting) => setting.startsWith("alphabet="));
    const texts = !isAsked ? learnedTexts(amounts) : Array.isArray(alphabet) ? alphabet : [];
    const found = texts.flatMap((text) => unspelled(text, model!.alphabet) ?? []);
    return found.length === 0 ? undefined : `cannot spell "${found[0]}"`;
  } catch (error) {
    const code = error instanceof EarshotError ? error.code : undefined;
    if (code === "INITIAL_MODEL_MISMATCH") return "has another network than --set asks for";
    if (code !== "INVALID_SETTING") throw error;
    await trainingOf(request, amounts); // what is wrong whatever it begins with
    return "does not go with what --set asks for";
  }
}
