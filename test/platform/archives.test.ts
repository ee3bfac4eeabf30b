import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeEach, describe, expect, it } from "vitest";
import { unpackArchive } from "../../src/platform/index.ts";
import { temporaryFolder } from "../data/recordings.ts";
import { tar, tarGz, zip, type Files } from "./archives.ts";

const root = temporaryFolder();
const fixture = (name: string): string => new URL(`../data/fixtures/${name}`, import.meta.url).pathname;
const files: Files = { "a/b/c.txt": "hello", "a/empty": "", "a/long.bin": new Uint8Array(300_000).fill(7) };

let folder = "";
let out = "";
beforeEach(() => {
  folder = mkdtempSync(join(root, "unpack-"));
  out = join(folder, "out");
});

function written(name: string, content: Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

async function faultOf(archive: string) {
  const fault = await unpackArchive(archive, out).then(
    () => undefined,
    (error: unknown) => error as { code: string; problem: string; where: string },
  );
  expect(readdirSync(folder)).toEqual([archive.slice(folder.length + 1)]); // nothing remains, nothing got out
  expect(existsSync(join(root, "evil.txt"))).toBe(false);
  return fault;
}

describe("unpacking", () => {
  it.each([
    ["tar", () => tar(files, [{ name: "a/", type: "directory" }])],
    ["tar.gz", () => tarGz(files)],
    ["zip", () => Promise.resolve(zip({ "a/": "", ...files }))],
  ])("%s gives the files of the archive", async (name, make) => {
    const told: number[] = [];
    await unpackArchive(written(name, await make()), out, { onProgress: ({ files: n }) => told.push(n) });
    expect(readFileSync(join(out, "a/b/c.txt"), "utf8")).toBe("hello");
    expect(readFileSync(join(out, "a/empty"), "utf8")).toBe("");
    expect(readFileSync(join(out, "a/long.bin"))).toHaveLength(300_000);
    expect(told).toEqual([1, 2, 3]);
  });

  it("tar.bz2, made by Python 3's tarfile", async () => {
    await unpackArchive(fixture("lj-speech.tar.bz2"), out);
    expect(readFileSync(join(out, "LJSpeech-1.1/metadata.csv"), "utf8").split("\n")[1]).toBe(
      "LJ001-0002|So be it|",
    );
    expect(readdirSync(join(out, "LJSpeech-1.1/wavs"))).toEqual(["LJ001-0001.wav", "LJ001-0002.wav"]);
  });

  it.each(["snappy", "zstd"])("Parquet packed by %s, made by pyarrow 26.0.1", async (packing) => {
    await unpackArchive(fixture(`speech-${packing}.parquet`), out);
    const lines = readFileSync(join(out, "metadata.jsonl"), "utf8").trim().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { sentence: "Yes, sir", speaker_id: 7, file_name: "audio/000000-yes.wav" },
      { sentence: "no", speaker_id: 8, file_name: "audio/000001-no.wav" },
      { sentence: "gone", speaker_id: 7, file_name: "" },
      { sentence: '"quoted", she said', speaker_id: 9, file_name: "audio/000003.wav" },
    ]);
    expect(readFileSync(join(out, "audio/000001-no.wav"))).toHaveLength(44 + 2 * 48);
  });

  it("begins anew over what a killed process left", async () => {
    const archive = written("a.tar", await tar(files));
    await unpackArchive(archive, join(folder, ".out.unpacking")); // in its place
    await unpackArchive(archive, out);
    expect(readdirSync(folder).toSorted()).toEqual(["a.tar", "out"]);
  });
});

describe("an archive is refused, and nothing of it kept, when", () => {
  it.each(["../evil.txt", "/evil.txt", "a/../../evil.txt", "C:/evil.txt", "a\\..\\evil.txt"])(
    "a tar holds the name %j",
    async (name) => {
      const fault = await faultOf(written("evil.tar.gz", await tarGz({ "fine.txt": "1", [name]: "2" })));
      expect(fault).toMatchObject({
        code: "UNSAFE_ARCHIVE",
        problem: `The name ${JSON.stringify(name)} leads out of the folder. Nothing of it was kept.`,
      });
    },
  );

  it.each(["../evil.txt", "/evil.txt", "a/../../evil.txt", "C:/evil.txt"])(
    "a zip holds the name %j",
    async (name) => {
      const fault = await faultOf(written("evil.zip", zip({ "fine.txt": "1", [name]: "2" })));
      expect(fault).toMatchObject({ code: "UNSAFE_ARCHIVE" });
    },
  );

  it.each(["symlink", "link"] as const)("a tar holds a %s", async (type) => {
    const archive = written("link.tar", await tar(files, [{ name: "a/way", type, linkname: "/etc" }]));
    expect(await faultOf(archive)).toMatchObject({
      code: "UNSAFE_ARCHIVE",
      problem: `It holds a ${type}, "a/way" to /etc. Nothing of it was kept.`,
      remedy: "If you trust where it comes from, unpack it yourself and import the folder.",
    });
  });

  it("a zip holds a symlink", async () => {
    const fault = await faultOf(written("link.zip", zip({ way: "/etc" }, { mode: 0o120777 })));
    expect(fault).toMatchObject({
      code: "UNSAFE_ARCHIVE",
      problem: expect.stringContaining('a symlink, "way"'),
    });
  });

  it("it swells beyond reason", async () => {
    const bomb = await tarGz({ "zeros.bin": new Uint8Array(70 * 2 ** 20) });
    const fault = await faultOf(written("bomb.tar.gz", bomb));
    expect(fault).toMatchObject({
      code: "UNSAFE_ARCHIVE",
      problem: "It unpacks to more than 100 times its size. Nothing of it was kept.",
    });
  });

  it.each([
    ["cut.tar.gz", async () => half(await tarGz({ a: noise(50_000) }))],
    ["cut.tar", async () => (await tar({ a: noise(50_000) })).subarray(0, 20_000)],
    ["cut.tar.bz2", () => Promise.resolve(readFileSync(fixture("lj-speech.tar.bz2")).subarray(0, 400))],
    ["cut.zip", () => Promise.resolve(zip({ a: noise(50_000) }).subarray(0, 20_000))],
    ["cut.parquet", () => Promise.resolve(readFileSync(fixture("speech-snappy.parquet")).subarray(0, 900))],
    ["rotten.zip", () => Promise.resolve(zip({ a: "hello" }, { checksum: 1 }))],
    ["rubbish.gz", () => Promise.resolve(gzipSync(noise(5000)))],
  ])("it is damaged: %s", async (name, make) => {
    expect(await faultOf(written(name, await make()))).toMatchObject({
      code: "DAMAGED_ARCHIVE",
      where: join(folder, name),
      problem: expect.stringMatching(/^It cannot be unpacked: .+\. Nothing of it was kept\.$/),
    });
  });

  it("it is none, or a web page in its place", async () => {
    expect(await faultOf(written("a.txt", Buffer.from("hello")))).toMatchObject({ code: "UNKNOWN_ARCHIVE" });
    const page = join(folder, "a.txt");
    writeFileSync(page, "<!DOCTYPE html><p>Please sign in");
    expect(await faultOf(page)).toMatchObject({ code: "UNKNOWN_ARCHIVE", problem: "It is a web page." });
  });

  it("somebody interrupts", async () => {
    const archive = written("a.tar", await tar(files));
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(unpackArchive(archive, out, { signal })).rejects.toThrow("enough");
    expect(readdirSync(folder)).toEqual(["a.tar"]);
  });
});

function noise(bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, n) => (Math.imul(n + 1, 0x9e3779b9) >>> 13) & 255);
}

const half = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, bytes.length / 2);
