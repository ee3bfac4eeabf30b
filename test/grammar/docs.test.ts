// The grammars that docs/grammars.md shows are what it says they are.

import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { Grammar } from "../../src/grammar/index.ts";
import { Alphabet, transcriptPolicy } from "../../src/text/index.ts";

const page = await readFile(new URL("../../docs/grammars.md", import.meta.url), "utf8");
const blocks = [...page.matchAll(/^```(\w*)\n([^]*?)^```/gm)]
  .filter(([, language]) => language === "" || language === "yaml")
  .map(([, , text]) => text);

it("the three grammars of the page are recognized, and mean what the page says", async () => {
  const grammars = await Promise.all(blocks.map((text) => Grammar.from(text)));
  expect(grammars.map(({ format }) => format)).toEqual(["phrases", "jsgf", "sentences"]);
  const compiled = grammars.map((each) => each.compile(Alphabet.english(), transcriptPolicy.parse({})));
  expect(compiled.map((each) => each.meaningOf("turn on the light"))).toEqual([
    {},
    { tags: ["ON", "LIGHT"] },
    undefined,
  ]);
  expect(compiled[2].meaningOf("turn on the kitchen light")).toEqual({
    intent: "HassTurnOn",
    slots: { domain: "light", name: "light.kitchen" },
  });
  expect(compiled[2].meaningOf("set radio to fifty five percent")).toEqual({
    intent: "HassLightSet",
    slots: { name: "radio", brightness: 55 },
  });
});
