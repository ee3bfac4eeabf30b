import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import type { CorpusFolder } from "../../src/data/import/folder.ts";
import { importers } from "../../src/data/import/importers.ts";
import { readManifests } from "../../src/data/index.ts";
import { temporaryFolder } from "./recordings.ts";

const root = temporaryFolder();

/** The paths of a manifest's utterances beside some files, relative to the folder. */
async function pathsOf(manifest: string, text: string, files: readonly string[]): Promise<string[]> {
  const folder = mkdtempSync(join(root, "m-"));
  for (const file of [manifest, ...files]) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), file === manifest ? text : "");
  }
  const { utterances } = await readManifests([join(folder, manifest)]);
  return utterances.map(({ path }) => relative(folder, path));
}

const HEADER = "client_id\tpath\tsentence\tup_votes";

describe("a path without extension in a manifest", () => {
  it("means the .mp3 of that name in a table of Common Voice", async () => {
    const text = `${HEADER}\na\tcommon_voice_en_1\tHello there.\t2\nb\tcommon_voice_en_2.mp3\tGood bye.\t2\n`;
    const files = ["clips/common_voice_en_1.mp3", "clips/common_voice_en_2.mp3"];
    expect(await pathsOf("train.tsv", text, files)).toEqual(files);
  });

  it.each([".mp3", ".wav", ".flac", ".ogg", ".opus"])(
    "means the %s file where that is there",
    async (extension) => {
      expect(await pathsOf("m.csv", "path,transcript\na/one,one\n", [`a/one${extension}`])).toEqual([
        `a/one${extension}`,
      ]);
    },
  );

  it("means the same in JSON lines", async () => {
    const text = '{"audio_filepath": "a/one", "text": "one"}\n';
    expect(await pathsOf("m.json", text, ["a/one.wav"])).toEqual(["a/one.wav"]);
  });

  it("takes what follows a dot within its name for no extension", async () => {
    expect(await pathsOf("m.csv", "path,transcript\nv1.0,one\n", ["v1.0.flac"])).toEqual(["v1.0.flac"]);
  });

  it("takes .mp3 before the others", async () => {
    expect(await pathsOf("m.csv", "path,transcript\na,one\n", ["a.wav", "a.mp3"])).toEqual(["a.mp3"]);
  });

  it("stays as it is where there is such a file, and where there is none with any extension", async () => {
    const files = ["a", "a.mp3", "b.txt", "c.mp3/d"];
    expect(await pathsOf("m.csv", "path,transcript\na,one\nb,two\nc,three\n", files)).toEqual([
      "a",
      "b",
      "c",
    ]);
  });

  it("is not looked for under another extension than the one it has", async () => {
    expect(await pathsOf("m.csv", "path,transcript\na.wav,one\n", ["a.wav.mp3", "a.mp3"])).toEqual(["a.wav"]);
  });

  it("stays as it is where it is no path at all", async () => {
    const long = "x".repeat(5000);
    const rows = [long, "a\0b"].map((path) => JSON.stringify({ path, text: "one" }));
    expect(await pathsOf("m.json", rows.join("\n"), [])).toEqual([long, "a\0b"]);
  });
});

describe("a path without extension in a table of Common Voice that is imported", () => {
  const importer = importers.find(({ name }) => name === "commonvoice")!;
  async function imported(files: Record<string, string>): Promise<(string | undefined)[][]> {
    const folder: CorpusFolder = {
      paths: Object.keys(files).toSorted(),
      readText: (path) => Promise.resolve(files[path]),
    };
    const { rows } = await importer.read(folder);
    return rows.map(({ path, transcript, split }) => [path, transcript, split]);
  }

  it("means the recording of that name in clips, in every split and format", async () => {
    const rows = await imported({
      "en/train.tsv": `${HEADER}\na\tcv_1\tHello there.\t2\na\tcv_2.mp3\tWell.\t2\n`,
      "en/dev.tsv": `${HEADER}\nb\tcv_3\tYes.\t2\n`,
      "en/test.tsv": `${HEADER}\nc\tcv_4\tNo.\t2\nc\tcv_5\tGone.\t2\n`,
      "en/clips/cv_1.mp3": "",
      "en/clips/cv_2.mp3": "",
      "en/clips/cv_3.wav": "",
      "en/clips/cv_4.ogg": "",
    });
    expect(rows).toEqual([
      ["en/clips/cv_1.mp3", "Hello there.", "train"],
      ["en/clips/cv_2.mp3", "Well.", "train"],
      ["en/clips/cv_3.wav", "Yes.", "dev"],
      ["en/clips/cv_4.ogg", "No.", "test"],
      ["en/clips/cv_5", "Gone.", "test"],
    ]);
  });
});
