// A browser scores and decodes as Node does: the doors are bundled for browsers by Vite and run in a context that has
// nothing of Node's. What is asked for besides the language itself is listed in WEB.

import { createContext, runInContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { beforeAll, expect, it } from "vitest";
import { logProbabilities } from "../../src/ctc/index.ts";
import { readTrie, writeCompact } from "../../src/lm/index.ts";
import { RandomStream } from "../../src/random.ts";
import * as node from "./browser-entry.ts";

const WEB = { DecompressionStream, ReadableStream, TextDecoder, TextEncoder };

const ARPA = `\\data\\
ngram 1=6
ngram 2=4

\\1-grams:
-1.2 <unk> 0
-99 <s> -0.3
-0.8 </s> 0
-0.7 ab -0.2
-0.9 ba -0.4
-1.1 a 0

\\2-grams:
-0.2 <s> ab
-0.4 ab ba
-0.5 ba </s>
-0.6 ba a

\\end\\
`;

let browser: typeof node;
beforeAll(async () => {
  const entry = fileURLToPath(new URL("browser-entry.ts", import.meta.url));
  const built = await build({
    configFile: false,
    logLevel: "error",
    resolve: { conditions: ["earshot-source", "browser", "module", "import", "default"] },
    build: {
      write: false,
      minify: false,
      lib: { entry, name: "earshot", formats: ["iife"] },
    },
  });
  const [{ output }] = built as unknown as { output: { code: string }[] }[];
  browser = runInContext(`${output[0].code}; earshot`, createContext({ ...WEB }));
});

const text = new TextEncoder().encode(ARPA);
const compact = async () => Buffer.concat([...writeCompact(await readTrie(text, "tiny.arpa"))]);

it.each([
  ["ARPA", async () => text],
  ["ARPA in gzip", async () => new Uint8Array(gzipSync(text))],
  ["the compact format", async () => new Uint8Array(await compact())],
])("a browser finds the texts, scores and times of Node with %s", async (_, bytesOf) => {
  const bytes = await bytesOf();
  const [there, here] = await Promise.all([browser, node].map((earshot) => decodeWith(earshot, bytes)));
  expect(there).toEqual(here);
  expect(here.sentence.log10).toBeCloseTo(-0.2 - 0.4 - 0.5, 6);
});

async function decodeWith(earshot: typeof node, bytes: Uint8Array) {
  const scorer = await earshot.openLanguageModel(bytes, "tiny");
  const alphabet = earshot.Alphabet.fromSymbols(["a", "b", " "]);
  const settings = { alpha: 1, beta: 2, nBest: 3 };
  const decoder = new earshot.BeamDecoder(alphabet, settings, { scorer, hotWords: { bab: 2 } });
  const texts = decoder.decode(rows());
  const aligned = earshot.alignText(rows(), "ab ba", alphabet);
  const sentence = earshot.scoreSentence(scorer, "ab ba");
  return structuredClone({ texts, aligned, sentence }); // the browser's objects are of another realm
}

/** [30, 4] of chance. */
function rows(): Float32Array {
  const random = new RandomStream("browser");
  const logits = Float32Array.from({ length: 120 }, () => 2 * random.normal());
  return logProbabilities(logits, { steps: [30], symbols: 4 })[0];
}
