import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { fetchFile, fetchText, type FetchOptions } from "../../src/platform/index.ts";
import { temporaryFolder } from "../data/recordings.ts";
import { serveFiles } from "./server.ts";

const folder = temporaryFolder();
const server = await serveFiles();
const body = Uint8Array.from({ length: 100_000 }, (_, n) => (n * 7919) % 251);
const sha256 = createHash("sha256").update(body).digest("hex");
const quickly: FetchOptions = { pauseMs: 1, attempts: 3 };

let count = 0;
let path = "";
beforeEach(() => {
  path = join(folder, `${count++}`, "a.tar.gz");
  server.requests.length = 0;
});

describe("fetching a file", () => {
  it("tells the bytes that came, gives the file its name at the end, and does not ask twice", async () => {
    server.files.set("a", { body, etag: '"1"' });
    const told: (number | undefined)[][] = [];
    const onProgress: FetchOptions["onProgress"] = ({ bytes, ofBytes }) => told.push([bytes, ofBytes]);
    const checksum = { algorithm: "sha256", hex: sha256.toUpperCase() } as const;
    await fetchFile(server.url("a"), path, { ...quickly, checksum, onProgress });
    expect(readFileSync(path).equals(body)).toBe(true);
    expect(told[0]).toEqual([0, 100_000]);
    expect(told.at(-1)).toEqual([100_000, 100_000]);
    await fetchFile(server.url("a"), path, quickly);
    expect(server.requests).toEqual(["a"]);
    expect(existsSync(`${path}.part`) || existsSync(`${path}.part.json`)).toBe(false);
  });

  it("goes on where a cut connection ended, as often as it brings something", async () => {
    server.files.set("cut", {
      body,
      etag: '"1"',
      part: `${path}.part`,
      cuts: [40_000, 30_000, 10_000, 10_000],
    });
    await fetchFile(server.url("cut"), path, quickly);
    expect(readFileSync(path).equals(body)).toBe(true);
    const ranges = [40_000, 70_000, 80_000, 90_000].map((from) => `cut bytes=${from}-`);
    expect(server.requests).toEqual(["cut", ...ranges]);
  });

  it("goes on in a later run", async () => {
    server.files.set("later", { body, etag: '"1"', part: `${path}.part`, cuts: [40_000] });
    await expect(fetchFile(server.url("later"), path, { ...quickly, attempts: 1 })).rejects.toMatchObject({
      code: "DOWNLOAD_FAILED",
    });
    expect(existsSync(path)).toBe(false);
    await fetchFile(server.url("later"), path, quickly);
    expect(readFileSync(path).equals(body)).toBe(true);
    expect(server.requests[1]).toMatch(/^later bytes=/);
  });

  it.each([
    ["knows no ranges", { etag: '"1"', ranges: false }],
    ["has changed the file", { etag: '"2"' }],
    ["does not say whether the file is the same", {}],
  ])("begins anew where the server %s", async (_, served) => {
    server.files.set("anew", { body: body.toReversed(), etag: '"1"', part: `${path}.part`, cuts: [40_000] });
    await fetchFile(server.url("anew"), path, { ...quickly, attempts: 1 }).catch(() => undefined);
    server.files.set("anew", { body, ...served });
    await fetchFile(server.url("anew"), path, quickly);
    expect(readFileSync(path).equals(body)).toBe(true);
  });

  it("begins anew where more is there than the server has", async () => {
    server.files.set("long", { body: body.subarray(0, 10), etag: '"1"' });
    await fetchFile(server.url("long"), join(folder, "other"), quickly);
    await fetchFile(server.url("long"), path, { ...quickly, attempts: 1 });
    writeFileSync(`${path}2.part`, body.subarray(0, 50));
    writeFileSync(`${path}2.part.json`, JSON.stringify({ url: server.url("long"), validator: '"1"' }));
    await fetchFile(server.url("long"), `${path}2`, quickly);
    expect(readFileSync(`${path}2`).equals(body.subarray(0, 10))).toBe(true);
  });

  it("does not fetch again what came whole but was not checked yet", async () => {
    server.files.set("whole", { body, etag: '"1"' });
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.part`, body);
    writeFileSync(`${path}.part.json`, JSON.stringify({ url: server.url("whole"), validator: '"1"' }));
    await fetchFile(server.url("whole"), path, {
      ...quickly,
      checksum: { algorithm: "sha256", hex: sha256 },
    });
    expect(readFileSync(path).equals(body)).toBe(true);
    expect(server.requests).toEqual(["whole bytes=100000-"]);
  });

  it("waits out a server that is busy", async () => {
    server.files.set("busy", { body, failures: [503, 429] });
    await fetchFile(server.url("busy"), path, quickly);
    expect(server.requests).toHaveLength(3);
  });

  it("gives up after so many attempts, or at once where there is no such file", async () => {
    server.files.set("down", { body, failures: [500, 500, 500] });
    await expect(fetchFile(server.url("down"), path, quickly)).rejects.toMatchObject({
      code: "DOWNLOAD_FAILED",
      problem: "It could not be fetched: the server answered 500 Internal Server Error.",
      remedy: "Run the command again to go on; or fetch the archive by other means and give its path.",
    });
    await expect(fetchFile(server.url("none"), path, quickly)).rejects.toMatchObject({
      problem: "It could not be fetched: the server answered 404 Not Found.",
    });
    expect(server.requests.filter((request) => request === "none")).toHaveLength(1);
  });

  it("says why no server could be reached", async () => {
    await expect(fetchText("http://127.0.0.1:1/", { ...quickly, attempts: 2 })).rejects.toMatchObject({
      code: "DOWNLOAD_FAILED",
      problem: expect.stringMatching(/bad port|ECONNREFUSED/),
    });
  });

  it("removes a file of another checksum", async () => {
    server.files.set("wrong", { body, etag: '"1"' });
    const checksum = { algorithm: "md5", hex: "0".repeat(32) } as const;
    await expect(fetchFile(server.url("wrong"), path, { ...quickly, checksum })).rejects.toMatchObject({
      code: "CHECKSUM_MISMATCH",
      where: server.url("wrong"),
      problem: expect.stringMatching(
        /^The md5 checksum should be 0{32} but is [0-9a-f]{32}; the file was removed\.$/,
      ),
    });
    expect(existsSync(path) || existsSync(`${path}.part`)).toBe(false);
  });

  it("stops when it is told to, and leaves what it has", async () => {
    server.files.set("stop", { body, etag: '"1"', part: `${path}.part`, cuts: [40_000] });
    const controller = new AbortController();
    const reason = new Error("enough");
    const running = fetchFile(server.url("stop"), path, {
      pauseMs: 60_000,
      signal: controller.signal,
      onProgress: ({ bytes }) => bytes > 0 && controller.abort(reason),
    });
    await expect(running).rejects.toThrow("enough");
    expect(existsSync(`${path}.part`)).toBe(true);
  });
});
