// Models of texts as they come: in other encodings, packed, piped; and spelled as a recognizer's transcripts are.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { buildLanguageModel, readTrie, TrieScorer, writeArpa } from "../../src/lm/index.ts";
import type { BuildOptions, TextSource } from "../../src/lm/index.ts";
import { Alphabet, transcriptPolicy } from "../../src/text/index.ts";

const folder = await mkdtemp(join(tmpdir(), "earshot-lm-texts-"));
afterAll(() => rm(folder, { recursive: true }));

function source(...pieces: readonly (string | Uint8Array)[]): TextSource {
  async function* content() {
    for (const piece of pieces) yield Promise.resolve(Buffer.from(piece as string));
  }
  return { name: "stdin", content: content() };
}

const build = (text: string | Uint8Array, options: Partial<BuildOptions> = {}) =>
  buildLanguageModel([source(text)], { order: 2, ...options });

const tokensOf = (built: Awaited<ReturnType<typeof build>>): string[] =>
  [...new TrieScorer(built.trie).words()].toSorted();

type Policy = Parameters<typeof transcriptPolicy.parse>[0];
const spelling = (symbols: string | readonly string[], policy: Policy = {}) => ({
  alphabet: Alphabet.fromSymbols([...symbols]),
  transcript: transcriptPolicy.parse(policy),
});
const ENGLISH = "abcdefghijklmnopqrstuvwxyz '";

describe("the texts of a language model", () => {
  const latin = Buffer.from("one\ncaf\xe9 cr\xe8me\n", "latin1");

  it.each([
    ["Latin-1", latin, 2, "Latin-1 or Windows-1252", "--encoding windows-1252"],
    ["Latin-1 in gzip", gzipSync(latin), 2, "Latin-1 or Windows-1252", "--encoding windows-1252"],
    ["UTF-16 without its mark", Buffer.from("ab\ncd\n", "utf16le"), 1, "UTF-16LE", "--encoding utf-16le"],
    ["UTF-8 with a broken byte", Buffer.from("é è\nà \xff ù", "latin1").toString("latin1").replace(/[éèàù]/g, (c) => Buffer.from(c).toString("latin1")), 2, "damaged", "Correct that line"], // prettier-ignore
    ["a byte 0", "one\ntwo\0three\n", 2, "no text has a byte 0", "Give a text"],
  ])("%s is refused with its line, byte and what it probably is", async (_, content, line, guess, remedy) => {
    const bytes = typeof content === "string" ? Buffer.from(content, "latin1") : content;
    await expect(build(bytes)).rejects.toMatchObject({
      code: "UNREADABLE_TEXT",
      where: `stdin:${line}`,
      problem: expect.stringContaining(guess) as string,
      remedy: expect.stringContaining(remedy) as string,
    });
  });

  it("are read in the encoding that is given, beside those in UTF-8, from files and pipes, packed or not", async () => {
    const path = join(folder, "latin.txt.gz");
    await writeFile(path, gzipSync(latin));
    const texts = [
      path,
      source("na", Buffer.from("ïv").subarray(0, 2), Buffer.from("ïv").subarray(2), "e\n"),
    ];
    const built = await buildLanguageModel(texts, { order: 2, encoding: "latin1" });
    expect(tokensOf(built)).toEqual(["café", "crème", "naïve", "one"]);
    expect(tokensOf(await build(Buffer.from("\ufeffмир\n", "utf16le")))).toEqual(["мир"]);
    await expect(build("a", { encoding: "latinx" })).rejects.toMatchObject({ code: "INVALID_SETTING" });
  });

  it("in ARPA are strict too", async () => {
    const { trie } = await build("café au lait\n");
    const arpa = Buffer.concat([...writeArpa(trie)]).toString();
    const tokens = (bytes: Uint8Array) =>
      readTrie(bytes, "m.arpa").then((read) => tokensOf({ trie: read } as never));
    expect(await tokens(Buffer.from(`\ufeff${arpa}`, "utf16le"))).toEqual(["au", "café", "lait"]);
    await expect(tokens(Buffer.from(arpa, "latin1"))).rejects.toMatchObject({ code: "UNREADABLE_TEXT" });
    await expect(tokens(Uint8Array.of(0xe9, 10, 0))).rejects.toMatchObject({ code: "NOT_A_LANGUAGE_MODEL" });
  });
});

describe("a text that is spelled as transcripts are", () => {
  it("has the words of the policy; what it refuses is left out with its n-grams, counted and named by frequency", async () => {
    const text = "The Cat saw naïve 42\nthe 42 cat\nnaïve naïve dogs\n";
    const built = await build(text, { spelling: spelling(ENGLISH) });
    expect(tokensOf(built)).toEqual(["cat", "dogs", "saw", "the"]);
    const arpa = Buffer.concat([...writeArpa(built.trie)]).toString();
    expect(arpa).toContain("\tthe cat\t".trimEnd());
    expect(arpa).not.toMatch(/naïve|42|saw dogs/);
    expect(built.warnings).toEqual([
      {
        code: "UNSPELLABLE_WORDS",
        message:
          'Left out, as the alphabet cannot spell each as one word: 2 of 8 different words of the text ("naïve", "42").',
      },
    ]);
  });

  it.each([
    [
      "characters that are left out",
      "Hello, world!\n— yes\n",
      ENGLISH,
      { unknown: "drop" },
      ["hello", "world", "yes"],
    ],
    [
      "the map, of one word several",
      "and/or né\n",
      ENGLISH,
      { unknown: "map", map: { "/": " ", é: "e" } },
      ["and", "ne", "or"],
    ],
    ["the language", "ISPARTA İL\n", "ısparilt ", { language: "tr" }, ["il", "ısparta"]],
    ["an alphabet with case", "The the\n", "Tthe ", {}, ["The", "the"]],
  ] as const)("follows %s", async (_, text, symbols, policy, expected) => {
    const built = await build(text, { spelling: spelling(new Set(symbols) as never, policy as Policy) });
    expect(tokensOf(built)).toEqual(expected);
    expect(built.warnings.map(({ code }) => code)).toEqual(
      (policy as { unknown?: string }).unknown === "drop" ? ["SHORTENED_WORDS"] : [],
    );
  });

  it.each([
    ["two code points", ["g\u0303", "a", " "], "G\u0303a ag\u0303\n", [" ", "a", "g\u0303"]],
    ["a digraph of one code point", ["ǆ", "e", "p", " "], "ǅep\n", ["e", "p", "ǆ"]],
    ["Hangul jamo", ["ᄀ", "ᅡ", "ᆫ", " "], "간 가\n", [" ", "ᄀ", "ᅡ", "ᆫ"]],
    ["Devanagari letters and signs", ["क", "ष", "्", "ि", " "], "क्षि\n", ["क", "ष", "ि", "्"]],
    ["no space", ["日", "本"], "日本 本\n", ["日", "本"]],
  ])("has the alphabet's symbols as tokens of characters: %s", async (_, symbols, text, expected) => {
    const built = await build(text, { unit: "character", spelling: spelling(symbols) });
    expect(tokensOf(built)).toEqual(expected.toSorted());
    expect(built.trie.unit).toBe("character");
  });

  it("keeps unspellable words out of characters, too, and refuses a text of nothing else", async () => {
    const built = await build("ab 42 ba\n", { unit: "character", spelling: spelling("ab ") });
    expect(tokensOf(built)).toEqual([" ", "a", "b"]);
    await expect(build("42 43\n", { spelling: spelling("ab ") })).rejects.toMatchObject({
      code: "UNSPELLABLE_VOCABULARY",
    });
  });

  it("is of the characters of word pieces", async () => {
    const pieces = { alphabet: Alphabet.fromPieces([" the", "ing"]), transcript: transcriptPolicy.parse({}) };
    const built = await build("The thing 42\n", { unit: "character", spelling: pieces });
    expect(tokensOf(built)).toEqual([" ", "e", "g", "h", "i", "n", "t"]);
    expect(built.warnings.map(({ code }) => code)).toEqual(["UNSPELLABLE_WORDS"]);
    expect(tokensOf(await build("The thing\n", { spelling: pieces }))).toEqual(["the", "thing"]);
  });

  it("is of code points where no alphabet is given", async () => {
    expect(tokensOf(await build("g\u0303a\n", { unit: "character" }))).toEqual(
      ["a", "g", "\u0303"].toSorted(),
    );
  });
});
