// What the page says of failures: in the reader's language, by code, with where it is; and the library's own text where it has none.

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { EarshotError } from "../../src/errors.ts";

// The page has a TypeScript configuration of its own (JSX, DOM): no import that this one's would follow.
const folder: string = "../../src/apps/page/";
const { failureText } = await import(`${folder}failures.tsx`);
const { PageFailure } = await import(`${folder}page-failure.ts`);

it("is in the reader's language, or else the library's text", () => {
  const fault = { code: "INVALID_GRAMMAR", where: "grammar:2:5", problem: "A bracket.", remedy: "Close it." };
  expect(failureText(new EarshotError(fault), "de")).toBe(
    "Bei grammar:2:5 ist die Grammatik nicht zu verstehen.",
  );
  expect(failureText(new EarshotError(fault), "en")).toBe("A bracket. Close it.");
  expect(failureText({ code: "SILENT_AUDIO", message: "It is silent." }, "de")).toBe(
    "Diese Aufnahme ist stumm.",
  );
  expect(failureText(new PageFailure("modelNotKept", { name: "a" }), "de")).toContain("„a“");
  expect(failureText(new Error("plain"), "en")).toBe("plain");
  expect(failureText(new Error("plain"), "de")).toBe("Mehr ist nur auf Englisch bekannt: plain");
});

it("says that a part of the program is missing, whatever the browser calls it", () => {
  for (const message of [
    "Failed to fetch dynamically imported module: https://a.example/wav.js",
    "error loading dynamically imported module",
    "Importing a module script failed.",
    "NetworkError when attempting to fetch resource.",
  ])
    expect(failureText(new TypeError(message), "en")).toContain("could not be loaded");
});

/** What a visitor can bring about: by files, words, policies, storage, and going away amid a training. */
const REACHED = [
  ..."EMPTY_AUDIO UNKNOWN_AUDIO_FORMAT DAMAGED_AUDIO LONG_AUDIO PART_NOT_LOADED FILE_SYSTEM".split(" "),
  ..."TRUNCATED_AUDIO MISCOUNTED_AUDIO OVERLOADED_AUDIO OPPOSITE_CHANNELS SILENT_AUDIO SHORT_AUDIO".split(
    " ",
  ),
  ..."MICROPHONE_REFUSED NO_MICROPHONE NOT_IN_BROWSER NO_STREAM_WORKER STREAM_FAILED WORKER_DIED".split(" "),
  ..."NOT_A_MODEL DAMAGED_MODEL MODEL_TOO_NEW NON_FINITE_WEIGHTS PROGRAM_FAILED".split(" "),
  ..."INVALID_GRAMMAR UNSUPPORTED_GRAMMAR UNKNOWN_RULE RECURSIVE_GRAMMAR GRAMMAR_TOO_LARGE EMPTY_GRAMMAR".split(
    " ",
  ),
  ..."UNSPELLABLE_GRAMMAR UNSPELLABLE_WORDS INVALID_HOT_WORD UNKNOWN_SYMBOL RARE_SYMBOLS".split(" "),
  ..."MANIFEST_COLUMNS MANIFEST_UNREADABLE MANIFEST_NOT_FOUND EMPTY_MANIFEST NO_RECORDINGS NO_TRANSCRIPTS".split(
    " ",
  ),
  ..."UNTRANSCRIBED_RECORDINGS MALFORMED_ROWS RECORDING_NOT_FOUND TOO_FEW_FRAMES".split(" "),
  ..."EMPTY_CORPUS NO_DEV_SPLIT OUTPUT_LAYER_NEW OUTPUT_ROWS_NEW INITIAL_MODEL_MISMATCH".split(" "),
  ..."DIVERGED NOT_FINITE_GRADIENT FEATURE_WORKER_DIED TRAINING_FAILED CACHE_UNWRITABLE CACHE_TOO_SMALL".split(
    " ",
  ),
  ..."RUN_BUSY RUN_EXISTS NOT_A_RUN MISSING_CHECKPOINT NOT_A_CHECKPOINT SETTINGS_CHANGED DATA_CHANGED".split(
    " ",
  ),
];

it.each(REACHED)("has German words for %s, which the library's own list has, too", (code) => {
  const fault = { code, where: "here", problem: "Something.", remedy: "Run earshot train --resume." };
  expect(failureText(new EarshotError(fault), "de")).not.toMatch(/Something|earshot|Mehr ist/);
  expect(readFileSync("docs/errors.md", "utf8")).toContain(`\`${code}\``);
});
