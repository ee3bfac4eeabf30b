// Text for benchmarks of language models: words sampled, with a seed, from the bigrams of the books in EARSHOT_DATA/lm, so that
// counts are spread as those of text are; without the books from the sentences of the demo corpus, whose few words make it easier.

import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { env } from "node:process";
import { fileURLToPath } from "node:url";

/** Writes sentences until they have so many words; says what they were sampled from. */
export async function sampleText(path, words) {
  const { RandomStream } = await import("../dist/random.js");
  const { lines, source } = await sourceLines();
  const followers = followersIn(lines);
  const random = new RandomStream(1, "bench lm");
  const file = createWriteStream(path);
  for (let written = 0; written < words;) {
    const sentence = [];
    for (let word = ""; sentence.length === 0 || word !== "";) {
      const next = followers.get(word);
      word = next[random.integer(next.length)];
      if (word !== "") sentence.push(word);
    }
    written += sentence.length;
    if (!file.write(`${sentence.join(" ")}\n`)) await once(file, "drain");
  }
  file.end();
  await once(file, "finish");
  return source;
}

/** Word → every word that follows it, as often as it does; "" is before the first and after the last. */
function followersIn(lines) {
  const followers = new Map();
  for (const words of lines) {
    for (let i = 0; i <= words.length; i++) {
      const word = words[i - 1] ?? "";
      if (!followers.has(word)) followers.set(word, []);
      followers.get(word).push(words[i] ?? "");
    }
  }
  return followers;
}

async function sourceLines() {
  const books = env.EARSHOT_DATA && join(env.EARSHOT_DATA, "lm", "gutenberg");
  const folder = books ?? fileURLToPath(new URL("../demo/corpus/", import.meta.url));
  const names = (await readdir(folder, { recursive: true }))
    .filter((name) => /\.(txt|csv)$/.test(name))
    .toSorted();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  const lines = texts
    .join("\n")
    .toLowerCase()
    .split("\n")
    .map((line) => line.match(/[a-z']+/g) ?? []);
  return { lines: lines.filter(({ length }) => length > 0), source: books ? "books" : "demo corpus" };
}
