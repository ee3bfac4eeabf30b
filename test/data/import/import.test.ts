// Imports from end to end: from a server, an archive or a folder to a manifest that reads back as it should.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { importCorpus, type ImportOptions } from "../../../src/data/import/import.ts";
import type { Importer } from "../../../src/data/import/importer.ts";
import { importers } from "../../../src/data/import/importers.ts";
import { published } from "../../../src/data/import/published.ts";
import { readManifests } from "../../../src/data/index.ts";
import { temporaryFolder } from "../recordings.ts";
import { tarGz, zip, type Files } from "../../platform/archives.ts";
import { serveFiles } from "../../platform/server.ts";

const root = temporaryFolder();
const server = await serveFiles();
let out = "";
beforeEach(() => {
  out = join(mkdtempSync(join(root, "import-")), "speech");
  server.requests.length = 0;
});

const importer = (name: string): Importer => importers.find((candidate) => candidate.name === name)!;

function run(name: string | Importer, sources: readonly string[], options: Partial<ImportOptions> = {}) {
  const chosen = typeof name === "string" ? importer(name) : name;
  return importCorpus({
    importer: chosen,
    sources,
    out,
    shares: { dev: 0.1, test: 0.1 },
    seed: 1,
    ...options,
  });
}

/** What `readManifests` makes of the manifest, with paths relative to its folder. */
async function manifestRows(path: string) {
  const { utterances, warnings } = await readManifests([path]);
  expect(warnings).toEqual([]);
  return utterances.map((row) => [relative(dirname(path), row.path), row.transcript, row.speaker, row.split]);
}

/** Digits by some speakers, in the layout of FSDD. */
function digits(speakers: readonly string[], count = 8): Files {
  const names = speakers.flatMap((speaker) =>
    Array.from({ length: count }, (_, n) => `${n % 10}_${speaker}_${n}`),
  );
  return Object.fromEntries(names.map((name) => [`fsdd-1/recordings/${name}.wav`, new Uint8Array(100)]));
}

function writeFiles(folder: string, files: Files): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

const otherCorpus = await tarGz({ "notes.txt": "hello" });

describe("an import", () => {
  it("lists a recording once, so that it is in one split, and tells of the others", async () => {
    writeFiles(join(out, "given"), digits(["ann", "bob"]));
    const folder = join(out, "given/fsdd-1");
    const { manifest, warnings } = await run("fsdd", [folder, folder]);
    const paths = (await manifestRows(manifest)).map(([path]) => path);
    expect([paths.length, new Set(paths).size]).toEqual([16, 16]);
    expect(warnings[0]).toMatchObject({
      code: "MALFORMED_ROWS",
      message: expect.stringMatching(/16 malformed rows left out: .*0_ann_0\.wav \(listed again\), /),
    });
  });

  it("fetches, unpacks and writes a manifest, and does neither twice", async () => {
    const archive = await tarGz(digits(["ann"]));
    const checksum = {
      algorithm: "sha256",
      hex: createHash("sha256").update(archive).digest("hex"),
    } as const;
    server.files.set("fsdd.tar.gz", {
      body: archive,
      etag: '"1"',
      part: join(out, "downloads/all.gz.part"),
      cuts: [50],
    });
    const corpus = {
      ...importer("fsdd"),
      locate: published([{ name: "all", url: server.url("fsdd.tar.gz"), checksum }]),
    };
    const stages = new Set<string>();
    const { manifest } = await run(corpus, [], { onProgress: ({ stage }) => stages.add(stage) });
    expect(manifest).toBe(join(out, "manifest.csv"));
    const rows = await manifestRows(manifest);
    expect(rows).toHaveLength(8);
    expect(rows[0]).toEqual([join("corpus/all/fsdd-1/recordings/0_ann_0.wav"), "zero", "ann", "test"]);
    expect([...stages]).toEqual(["fetch", "unpack", "read"]);
    expect(server.requests[1]).toMatch(/bytes=50-$/);
    expect(readdirSync(join(out, "downloads"))).toEqual([]);
    await run(corpus, []);
    expect(server.requests).toHaveLength(2);
  });

  it("takes an archive or a URL, and keeps what was fetched when asked to", async () => {
    const archive = join(root, "mine.zip");
    writeFileSync(archive, zip(digits(["bob"])));
    const fromFile = await run("fsdd", [archive]);
    expect((await manifestRows(fromFile.manifest))[0][0]).toBe(
      join("corpus/mine/fsdd-1/recordings/0_bob_0.wav"),
    );
    expect(existsSync(archive)).toBe(true);
    server.files.set("more.tar.gz", { body: await tarGz(digits(["eve"])) });
    const both = await run("fsdd", [server.url("more.tar.gz")], { keepArchives: true });
    expect(await manifestRows(both.manifest)).toHaveLength(16); // all that was ever unpacked here
    expect(readdirSync(join(out, "downloads"))).toEqual(["more.gz"]);
  });

  it("leaves an unpacked folder where it is, and lists what cannot be used in one warning", async () => {
    const folder = join(root, "unpacked");
    writeFiles(folder, {
      ...digits(["ann"], 6),
      "fsdd-1/recordings/ten.wav": "",
      "fsdd-1/recordings/x_y_z.wav": "",
    });
    const { warnings, rows } = await run("fsdd", [folder]);
    expect(rows).toHaveLength(6);
    expect(existsSync(join(out, "corpus"))).toBe(false);
    expect((await manifestRows(join(out, "manifest.csv")))[0][0]).toBe(
      join("../../unpacked/fsdd-1/recordings/0_ann_0.wav"),
    );
    expect(warnings[0]).toEqual({
      code: "MALFORMED_ROWS",
      message:
        `${folder}: 2 malformed rows left out: fsdd-1/recordings/ten.wav (not named {digit}_{speaker}_{index}), ` +
        "fsdd-1/recordings/x_y_z.wav (not named {digit}_{speaker}_{index}).",
    });
  });

  it("lists transcripts without a recording with their lines (tar.bz2)", async () => {
    const archive = new URL("../fixtures/lj-speech.tar.bz2", import.meta.url).pathname;
    const { warnings, rows } = await run("ljspeech", [archive]);
    expect(rows.map(({ transcript }) => transcript)).toEqual(['He said "twelve men', "So be it"]);
    expect(warnings[0].message).toContain(
      "2 malformed rows left out: lj-speech/LJSpeech-1.1/metadata.csv:4 (1 column where there are 3, between |), " +
        "lj-speech/LJSpeech-1.1/metadata.csv:3 (no recording lj-speech/LJSpeech-1.1/wavs/LJ001-0003.wav).",
    );
    expect(await manifestRows(join(out, "manifest.csv"))).toHaveLength(2); // quotes and all
  });

  it("of a Hugging Face data set goes from Parquet to recordings", async () => {
    const parquet = new URL("../fixtures/speech-snappy.parquet", import.meta.url).pathname;
    const { rows, warnings } = await run("hf", [parquet]);
    expect(rows.map(({ transcript, speaker }) => [transcript, speaker])).toEqual([
      ["Yes, sir", "7"],
      ["no", "8"],
      ['"quoted", she said', "9"],
    ]);
    expect(warnings[0].message).toContain("1 malformed row left out: line 3 (no file_name)");
    const [first] = await manifestRows(join(out, "manifest.csv"));
    expect(
      readFileSync(join(out, String(first[0])))
        .subarray(0, 4)
        .toString(),
    ).toBe("RIFF");
  });

  const parquet = readFileSync(new URL("../fixtures/speech-snappy.parquet", import.meta.url));
  const texts = ["Yes, sir", "no", '"quoted", she said'];

  it("of a folder of Parquet files takes all of them, with the splits that they are named after", async () => {
    const folder = join(root, "data-set");
    const shards = ["train-00000-of-00002", "train-00001-of-00002", "validation-00000-of-00001"];
    const more = ["en/test/0000", "test.other-00000-of-00001"];
    writeFiles(
      folder,
      Object.fromEntries([...shards, ...more].map((name) => [`data/${name}.parquet`, parquet])),
    );
    const { rows, warnings } = await run("hf", [folder]);
    expect(warnings.map(({ code }) => code)).toEqual(Array(5).fill("MALFORMED_ROWS")); // a row without bytes in each
    const counts = ["train", "dev", "test"].map((name) => rows.filter(({ split }) => split === name).length);
    expect(counts).toEqual([6, 3, 6]);
    expect(new Set(rows.map(({ transcript }) => transcript))).toEqual(new Set(texts));
    expect(await manifestRows(join(out, "manifest.csv"))).toHaveLength(15);
    expect((await run("hf", [folder])).rows).toEqual(rows); // once more: what is unpacked stays
  });

  it("of Parquet files in the folder that they are imported into reads each once", async () => {
    writeFiles(out, { "train-00000-of-00001.parquet": parquet, "test-00000-of-00001.parquet": parquet });
    const { rows } = await run("hf", [out], { shares: { dev: 0, test: 0 } });
    expect(rows.map(({ split }) => split).toSorted()).toEqual([
      "test",
      "test",
      "test",
      "train",
      "train",
      "train",
    ]);
  });

  it("of files of one name in several folders takes each", async () => {
    writeFiles(join(root, "several"), { "train/0000.parquet": parquet, "test/0000.parquet": parquet });
    const { rows } = await run(
      "hf",
      ["train", "test"].map((name) => join(root, "several", name, "0000.parquet")),
      { shares: { dev: 0, test: 0 } },
    );
    expect(rows.map(({ split }) => split)).toEqual(["test", "test", "test", "train", "train", "train"]);
  });

  it("of numbered files of which some are missing names them", async () => {
    const folder = join(root, "torn");
    writeFiles(folder, { "train-00001-of-00004.parquet": parquet, "train-00003-of-00004.parquet": parquet });
    const { warnings } = await run("hf", [folder]);
    expect(warnings[0]).toEqual({
      code: "MISSING_SHARDS",
      message:
        "Of a corpus in numbered files these are not there: train-00000-of-00004, train-00002-of-00004. What they hold is left out.",
    });
  });

  it.each([
    ["an archive that is cut", "hf", { "speech.parquet": parquet.subarray(0, 900) }, "DAMAGED_ARCHIVE"],
    ["a zip that is cut", "fsdd", { "speech.zip": zip({ "a.wav": "x" }).subarray(0, 40) }, "DAMAGED_ARCHIVE"],
    ["no archive", "an4", { "speech.tar": "hello" }, "UNKNOWN_ARCHIVE"],
    ["another corpus", "an4", { "speech.tar.gz": otherCorpus }, "NOT_THIS_CORPUS"],
  ])("that fails on %s leaves nothing behind", async (_, name, files, code) => {
    writeFiles(dirname(out), files as Files);
    const sources = Object.keys(files).map((file) => join(dirname(out), file));
    await expect(run(name, sources)).rejects.toMatchObject({ code });
    expect(readdirSync(dirname(out))).toEqual(Object.keys(files));
    mkdirSync(out); // and of a folder that was there, nothing in it
    await expect(run(name, sources)).rejects.toMatchObject({ code });
    expect(readdirSync(out)).toEqual([]);
  });

  it("that fetches nothing leaves nothing behind", async () => {
    const fetching = run("an4", [server.url("none.tar.gz")]);
    await expect(fetching).rejects.toMatchObject({ code: "DOWNLOAD_FAILED" });
    expect(existsSync(out)).toBe(false);
  });

  it("does not begin where its manifest cannot be written", async () => {
    mkdirSync(join(out, "manifest.csv"), { recursive: true });
    await expect(run("fsdd", [server.url("digits.tar.gz")])).rejects.toMatchObject({ code: "FILE_SYSTEM" });
    expect(server.requests).toEqual([]);
  });

  it("of a folder that is something else says so, and writes nothing", async () => {
    const folder = join(root, "something");
    writeFiles(folder, { "a.wav": "", "a.txt": "hello" });
    await expect(run("an4", [folder])).rejects.toMatchObject({
      code: "NOT_THIS_CORPUS",
      where: folder,
      problem: "There is no recording with a transcript as an4 lays them out.",
    });
    expect(existsSync(join(out, "manifest.csv"))).toBe(false);
    await expect(run("an4", [join(root, "nowhere.tar.gz")])).rejects.toMatchObject({
      code: "UNKNOWN_SOURCE",
    });
  });

  it("fetches anew what could not be unpacked", async () => {
    server.files.set("late.tar.gz", { body: "<html>Too many visitors</html>" });
    await expect(run("fsdd", [server.url("late.tar.gz")])).rejects.toMatchObject({
      code: "UNKNOWN_ARCHIVE",
      problem: "It is a web page.",
    });
    server.files.set("late.tar.gz", { body: await tarGz(digits(["ann"])) });
    expect((await run("fsdd", [server.url("late.tar.gz")])).rows).toHaveLength(8);
  });

  it("never leaves its folder, whatever a page of links says", async () => {
    server.files.set("list/", { body: `<a href="..%2f..%2fevil.tgz">` });
    server.files.set("list/..%2f..%2fevil.tgz", {
      body: await tarGz({ "x/etc/PROMPTS": "a0001 YES", "x/wav/a0001.wav": "1" }),
    });
    await run("voxforge", [server.url("list/")]);
    expect(readdirSync(dirname(out))).toEqual(["speech"]);
  });
});

describe("the splits of an import", () => {
  it("are whole speakers where the corpus has none", async () => {
    const folder = join(root, "vox");
    for (const speaker of ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"])
      writeFiles(join(folder, `${speaker}-1-x`), {
        "etc/PROMPTS": "x/mfc/1 ONE\nx/mfc/2 TWO\n",
        "etc/README": `User Name:${speaker}\n`,
        "wav/1.wav": "1",
        "wav/2.wav": "1",
      });
    const { rows, warnings } = await run("voxforge", [folder]);
    expect(new Set(rows.map(({ speaker, split }) => `${speaker} ${split}`)).size).toBe(10);
    const count = (name: string): number => rows.filter(({ split }) => split === name).length;
    expect([count("train"), count("dev"), count("test")]).toEqual([16, 2, 2]);
    expect(warnings).toEqual([]);
  });

  it("stay as they are where they are official; a missing dev is taken out of train", async () => {
    const folder = join(root, "digits");
    writeFiles(folder, digits(["ann", "bob", "eve"], 25));
    const { rows, warnings } = await run("fsdd", [folder]);
    const indices = rows.map(({ path, split }) => [Number(/(\d+)\.wav$/.exec(path)![1]), split] as const);
    expect(indices.every(([index, split]) => index < 5 === (split === "test"))).toBe(true);
    expect(indices.filter(([, split]) => split === "dev")).toHaveLength(6);
    expect(warnings.map(({ code }) => code)).toEqual(["SHARED_SPEAKERS"]);
    expect(warnings[0].message).toBe(
      "The split dev was made of utterances, not of whole speakers: the official splits share their speakers. " +
        "Error rates on it are lower than those for people never heard.",
    );
    expect((await run("fsdd", [folder])).rows).toEqual(rows);
    const other = await run("fsdd", [folder], { seed: 2 });
    expect(other.rows.map(({ split }) => split)).not.toEqual(rows.map(({ split }) => split));
  });
});
