// Which language the page begins with, also where the browser keeps nothing for it.

import { afterEach, expect, it, vi } from "vitest";

// The page has a TypeScript configuration of its own (JSX, DOM): no import that this one's would follow.
const path: string = "../../src/apps/page/languages.tsx";
const { firstLanguage } = await import(path);

afterEach(() => vi.unstubAllGlobals());

it("is the one that was chosen, else the first of the browser's that there is", () => {
  vi.stubGlobal("navigator", { languages: ["fr-FR", "de-AT", "en"] });
  vi.stubGlobal("localStorage", { getItem: () => "en" });
  expect(firstLanguage()).toBe("en");
  vi.stubGlobal("localStorage", { getItem: () => null });
  expect(firstLanguage()).toBe("de");
});

it("is the browser's where even asking for storage is refused", () => {
  vi.stubGlobal("navigator", { languages: ["de"] });
  vi.stubGlobal("localStorage", undefined);
  Object.defineProperty(globalThis, "localStorage", {
    configurable: true,
    get: () => {
      throw new DOMException("Access is denied for this document.", "SecurityError");
    },
  });
  expect(firstLanguage()).toBe("de");
});
