// What the page says of failures: in the reader's language, by code, with where it is; and the library's own text where it has none.

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
  expect(failureText(new Error("plain"), "de")).toBe("plain");
});
