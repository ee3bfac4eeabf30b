// `earshot data` as a user calls it: a corpus comes in, is described, and is divided.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp, readdir } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { importers } from "../../src/data/index.ts";
import { tarGz } from "../platform/archives.ts";
import { writeNoise } from "../data/recordings.ts";
import { earshot, finish, jsonLines, start } from "./command-line.ts";

const folder = await mkdtemp(join(tmpdir(), "earshot-data-cli-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Digits by four speakers in the layout of FSDD. */
const recordings = join(folder, "digits", "recordings");
mkdirSync(recordings, { recursive: true });
for (const speaker of ["ann", "bob", "cy", "di"])
  for (const index of [3, 5, 6]) writeNoise(recordings, `${index}_${speaker}_${index}.wav`, 0.2);
writeFileSync(join(recordings, "notes.wav"), "");

describe("earshot data import", () => {
  it("knows the corpora that the library knows, and lists them when mistaken", async () => {
    const help = await earshot(folder, "data", "import", "--help");
    for (const { name } of importers) expect(help.stdout).toContain(name);
    const { code, stdout } = await earshot(folder, "data", "import", "timit", "--json");
    expect(code).toBe(2);
    const [{ error }] = jsonLines(stdout) as { error: { code: string; remedy: string } }[];
    expect(error.code).toBe("USAGE");
    for (const { name, description } of importers)
      expect(error.remedy).toContain(`${name.padEnd(12)} ${description}`);
  });

  it("writes a manifest beside an unpacked folder, and lists what is malformed", async () => {
    const { code, stdout } = await earshot(
      folder,
      "data",
      "import",
      "fsdd",
      "digits",
      "--dev",
      "0",
      "--json",
    );
    expect(code).toBe(0);
    expect(jsonLines(stdout)).toEqual([
      {
        corpus: "fsdd",
        manifest: join("digits", "manifest.csv"),
        utterances: 12,
        splits: { test: { utterances: 4, speakers: 4 }, train: { utterances: 8, speakers: 4 } },
        warnings: [
          {
            code: "MALFORMED_ROWS",
            message:
              "digits: 1 malformed row left out: recordings/notes.wav (not named {digit}_{speaker}_{index}).",
          },
        ],
      },
    ]);
    expect(readFileSync(join(folder, "digits/manifest.csv"), "utf8")).toContain(
      "recordings/3_ann_3.wav,three,ann,test\n",
    );
  });

  it("goes on after Ctrl-C with what it had fetched", async () => {
    const archive = Buffer.from(await tarGz({ "x/recordings/1_ann_9.wav": "1" }));
    const ranges: (string | undefined)[] = [];
    const server = createServer(({ headers: { range } }, response) => {
      ranges.push(range);
      const from = Number(/\d+/.exec(range ?? "0")![0]);
      const part = archive.subarray(from);
      response.writeHead(from > 0 ? 206 : 200, {
        etag: '"1"',
        "content-length": part.length,
        "content-range": `bytes ${from}-${archive.length - 1}/${archive.length}`,
      });
      if (from > 0) response.end(part);
      else response.write(part.subarray(0, 60)); // and no more
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    afterAll(() => server.close().closeAllConnections());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/fsdd.tar.gz`;
    const part = join(folder, "fsdd/downloads/fsdd.gz.part");
    const child = start(folder, "data", "import", "fsdd", url);
    while (!existsSync(part) || readFileSync(part).length < 60)
      await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill("SIGINT");
    expect((await finish(child)).code).toBe(130);
    const { code } = await earshot(folder, "data", "import", "fsdd", url, "--json");
    expect([code, ranges]).toEqual([0, [undefined, "bytes=60-"]]);
    expect((await readdir(join(folder, "fsdd"))).toSorted()).toEqual(["corpus", "downloads", "manifest.csv"]);
  });

  it.each([
    [["data"], "USAGE", "See: earshot data --help"],
    [["data", "imprt"], "USAGE", "Did you mean data import?"],
    [["data", "import", "ljspech"], "USAGE", "Did you mean ljspeech?"],
    [["data", "import", "librispeech", "--part", "dev-claen"], "UNKNOWN_PART", 'Did you mean "dev-clean"?'],
    [["data", "import", "an4", "--checksum", "1234"], "USAGE", "See: earshot data import --help"],
    [
      ["data", "import", "an4", "--checksum", `md5:${"0".repeat(32)}`],
      "USAGE",
      "Give one URL, or leave it out.",
    ],
    [["data", "split", "digits/manifest.csv", "--dev", "2"], "USAGE", "See: earshot data split --help"],
  ])("answers the mistake %j with a way out", async (argv, code, remedy) => {
    const { code: exit, stdout } = await earshot(folder, ...argv, "--json");
    expect(exit).toBe(2);
    expect(jsonLines(stdout)).toMatchObject([{ error: { code, remedy } }]);
  });
});

describe("earshot data split and stats", () => {
  it("divide by speakers, and say so", async () => {
    const argv = ["--dev", "0.25", "--test", "0.25", "--out", "digits/honest.csv", "--json"];
    const { code, stdout } = await earshot(folder, "data", "split", "digits/manifest.csv", ...argv);
    expect(code).toBe(0);
    const part = (speakers: number) => ({
      utterances: 3 * speakers,
      speakers,
      seconds: expect.closeTo(0.6 * speakers),
    });
    expect(jsonLines(stdout)).toEqual([
      {
        manifest: "digits/honest.csv",
        splits: { train: part(2), dev: part(1), test: part(1) },
        unreadable: 0,
      },
    ]);
    const stats = await earshot(folder, "data", "stats", "digits/honest.csv", "--json");
    const [{ splits, overlaps, failures }] = jsonLines(stats.stdout);
    expect(splits).toMatchObject([{ split: "train", utterances: 6 }, { split: "dev" }, { split: "test" }]);
    expect(overlaps).toMatchObject([
      { splits: ["train", "dev"], speakers: 0, transcripts: 3, recordings: 0 },
      { splits: ["train", "test"], speakers: 0 },
      { splits: ["dev", "test"], speakers: 0 },
    ]);
    expect(failures).toEqual([]);
  });

  it("show a table for people, and name what cannot be read", async () => {
    writeFileSync(
      join(folder, "broken.csv"),
      "path,transcript\ndigits/recordings/3_ann_3.wav,three\nlost.wav,one\n",
    );
    const { code, stdout, stderr } = await earshot(folder, "data", "stats", "broken.csv");
    expect(code).toBe(1);
    expect(stderr).toContain("error: RECORDING_NOT_FOUND");
    expect(stdout).toContain("all    0.2 s in 1 utterance of 0 speakers, 16 kHz\n");
    expect(stdout).toContain("1 recording could not be read");
    const split = await earshot(folder, "data", "split", "broken.csv", "--json");
    expect(jsonLines(split.stdout)).toMatchObject([
      { error: { code: "USAGE", message: "broken.csv:2 does not say who speaks." } },
    ]);
  });
});

describe("docs/cli.md", () => {
  const page = readFileSync(new URL("../../docs/cli.md", import.meta.url), "utf8");

  it.each([
    ["import", ["fsdd", "digits", "--dev", "0"]],
    ["stats", ["digits/manifest.csv"]],
    ["split", ["digits/manifest.csv", "--by", "utterance", "--out", "other.csv"]],
  ])("shows the fields that data %s has, and its options", async (name, argv) => {
    const { stdout } = await earshot(folder, "data", name, ...argv, "--json");
    const section = page.split(`## \`earshot data ${name}\``)[1];
    const documented = JSON.parse(/```json\n(.*?)```/s.exec(section)![1]) as object;
    expect(Object.keys(jsonLines(stdout)[0])).toEqual(Object.keys(documented));
    const help = await earshot(folder, "data", name, "--help");
    for (const [option] of help.stdout.matchAll(/--[a-z-]+/g))
      if (option !== "--help") expect(page).toContain(option);
  });
});
