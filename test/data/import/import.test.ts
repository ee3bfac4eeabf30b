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
