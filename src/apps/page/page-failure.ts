// What fails in the page itself. Its text is of the table of failures, in the reader's language.

import { PAGE_TEXTS } from "./failure-texts.ts";
import { filled, type TextValues } from "./languages.tsx";

export class PageFailure extends Error {
  readonly says: keyof typeof PAGE_TEXTS;
  readonly values: TextValues;

  constructor(says: keyof typeof PAGE_TEXTS, values: TextValues = {}) {
    super(filled(PAGE_TEXTS[says].en, values));
    this.says = says;
    this.values = values;
  }
}

/** @throws PageFailure notReached, where the browser says no more than that it failed */
export async function reached(asking: Promise<Response>): Promise<Response> {
  try {
    return await asking;
  } catch (failure) {
    throw failure instanceof TypeError ? new PageFailure("notReached") : failure;
  }
}
