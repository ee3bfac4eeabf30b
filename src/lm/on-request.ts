// Models are built and saved by few that train: what that takes is loaded when it is asked for, so that a page starts with less.

import type { buildFromTexts } from "./build.ts";
import type { saveTrie } from "./save.ts";

/**
 * Builds a model of texts, a sentence a line, by their paths or from elsewhere; gzip is unpacked.
 * @throws EarshotError INVALID_SETTING, EMPTY_TEXT, UNREADABLE_TEXT, UNSPELLABLE_VOCABULARY, and what
 * reading a file throws
 */
export const buildLanguageModel: typeof buildFromTexts = async (...parameters) =>
  (await import("./build.ts")).buildFromTexts(...parameters);

/** `.arpa` and `.arpa.gz` are text for every n-gram program; with any other ending the file is the compact one. */
export const saveLanguageModel: typeof saveTrie = async (...parameters) =>
  (await import("./save.ts")).saveTrie(...parameters);
