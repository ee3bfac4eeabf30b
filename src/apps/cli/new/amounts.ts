// What the words amount to: the sentences that are spoken and learned, and those that are to be rejected.

import { EarshotError } from "../../../errors.ts";
import { usageFault } from "../session.ts";
import { negativeSentences } from "./negative-sentences.ts";
import type { Amounts, NewRequest } from "./plan.ts";
import { sentencesOf } from "./words.ts";

/** One in each of both splits would be measured by its own voices only. */
const FEWEST_OTHERS = 4;

/** @param where of the words @throws EarshotError of the grammar, NO_SENTENCES, USAGE where there is too little to reject */
export async function amountsOf(
  request: Pick<NewRequest, "grammar" | "format" | "seed" | "others">,
  where = "words",
): Promise<Amounts> {
  const sentences = await sentencesOf(request, where);
  const silent = sentences.find((sentence) => !/[\p{L}\p{N}]/u.test(sentence));
  if (silent !== undefined) throw nothingToSay(silent, where);
  const negatives = negativeSentences(sentences, request.others);
  const { length } = [...negatives.negativesTrain, ...negatives.negativesTest];
  if (request.others !== undefined && length < FEWEST_OTHERS) throw tooFewOthers(length);
  return { sentences, ...negatives };
}

const nothingToSay = (sentence: string, where: string): EarshotError =>
  new EarshotError({
    code: "NO_SENTENCES",
    where,
    problem: `In "${sentence}" there is no letter and no digit: nobody can say it.`,
    remedy: "Write it as it is spoken, or leave it out.",
  });

const tooFewOthers = (found: number): EarshotError =>
  usageFault(
    `--others has ${found} of the ${FEWEST_OTHERS} lines that are needed at least: half of them are learned, half are for tests, and those that one of your words is in do not count.`,
    "Give some hundred words and sentences that are none of yours, one a line.",
  );

/** Digits and signs, which are learned as symbols of their own. */
export function warningOfSigns({ sentences }: Amounts): string | undefined {
  const odd = sentences.filter((sentence) => /[^\p{L}\p{M}\s'’-]/u.test(sentence));
  if (odd.length === 0) return undefined;
  return `"${odd[0]}"${odd.length > 1 ? ` and ${odd.length - 1} more` : ""}: digits and signs are learned as letters of their own, whatever they sound like. Write them in words.`;
}
