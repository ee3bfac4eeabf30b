import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { EarshotError } from "../../src/errors.ts";
import { parseManifest, readManifests } from "../../src/data/index.ts";
import { temporaryFolder } from "./recordings.ts";

const folder = temporaryFolder();
const parse = (text: string) => parseManifest(text, "m.csv", (path) => `/corpus/${path}`);

function faultOf(run: () => unknown): EarshotError {
  try {
    run();
  } catch (error) {
    if (error instanceof EarshotError) return error;
  }
  throw new Error("No fault was raised.");
}

describe("a manifest", () => {
  it("gives one utterance for each row, with its line", () => {
    expect(parse("path,transcript,speaker,split\na.wav,hello world,ann,dev\nb.wav,yes,,\n")).toEqual({
      utterances: [
        { path: "/corpus/a.wav", transcript: "hello world", speaker: "ann", split: "dev", where: "m.csv:2" },
        { path: "/corpus/b.wav", transcript: "yes", speaker: "", split: "train", where: "m.csv:3" },
      ],
      warnings: [],
    });
  });

  it("needs neither speaker nor split, takes columns in any order and ignores others", () => {
    const [utterance] = parse("seconds,transcript,path\n1.5,go,a.wav\n").utterances;
    expect(utterance).toMatchObject({ path: "/corpus/a.wav", transcript: "go", speaker: "", split: "train" });
  });

  it("reads a byte order mark, CRLF, empty lines, quoted commas, quotes and line breaks", () => {
    const { utterances } = parse(
      '\ufeffpath,transcript\r\na.wav,"well, ""yes"""\r\n\r\n"b.wav","two\r\nlines"\r\n',
    );
    expect(utterances.map(({ transcript, where }) => [transcript, where])).toEqual([
      ['well, "yes"', "m.csv:2"],
      ["two\nlines", "m.csv:5"],
    ]);
  });

  it("keeps an empty transcript: silence is a lesson too", () => {
    expect(parse("path,transcript\na.wav,\n").utterances[0].transcript).toBe("");
  });

  it("lists malformed rows together and goes on with the rest", () => {
    const { utterances, warnings } = parse("path,transcript\na.wav\nb.wav,one\n,two\nc.wav,a,b\nd.wav,end\n");
    expect(utterances.map((utterance) => utterance.where)).toEqual(["m.csv:3", "m.csv:6"]);
    expect(warnings).toEqual([
      {
        code: "MALFORMED_ROWS",
        message:
          "m.csv: 3 malformed rows left out: line 2 (1 column where the header has 2), line 4 (no path), " +
          "line 5 (3 columns where the header has 2).",
      },
    ]);
  });

  it("loses one row, not all that follow, to a quote that never closes", () => {
    const { utterances, warnings } = parse('path,transcript\na.wav,"open\nb.wav,"one, two"\nc.wav,three\n');
    expect(utterances.map(({ transcript }) => transcript)).toEqual(["one, two", "three"]);
    expect(warnings[0].message).toBe("m.csv: 1 malformed row left out: line 2 (a quote that is not closed).");
  });

  it("takes lines one by one after a stray quote: cells in quotes, empty ones, and quotes that end too early", () => {
    const rows = [
      'a.wav,"one, ""two"""',
      'b.wav,"so" she said',
      "",
      'c.wav,""',
      "d.wav,",
      'e.wav,"an open one',
      "f.wav,x,y",
    ];
    const { utterances, warnings } = parse(`path,transcript\n${rows.join("\n")}`);
    expect(utterances.map(({ transcript, where }) => [transcript, where])).toEqual([
      ['one, "two"', "m.csv:2"],
      ['"so" she said', "m.csv:3"],
      ["", "m.csv:5"],
      ["", "m.csv:6"],
    ]);
    expect(warnings[0].message).toBe(
      "m.csv: 2 malformed rows left out: line 7 (a quote that is not closed), line 8 (3 columns where the header has 2).",
    );
  });

  it("takes a quote within a word as it stands", () => {
    expect(parse('path,transcript\na.wav,rock "n" roll\n').utterances[0].transcript).toBe('rock "n" roll');
  });

  it("names the missing column and the one that was probably meant", () => {
    const fault = faultOf(() => parse("path,transcipt\na.wav,yes\n"));
    expect(fault.code).toBe("MANIFEST_COLUMNS");
    expect(fault.message).toBe(
      'm.csv:1: The manifest lacks "transcript"; it has: path, transcipt. Did you mean "transcript" by "transcipt"?',
    );
  });

  it("says that columns are separated by commas", () => {
    const fault = faultOf(() => parse("path;transcript\na.wav;yes\n"));
    expect(fault.remedy).toContain("Separate the columns by commas.");
  });

  it("refuses to be empty", () => {
    expect(faultOf(() => parse("")).code).toBe("EMPTY_MANIFEST");
    expect(faultOf(() => parse("path,transcript\n")).message).toBe(
      "m.csv: The manifest has no rows. Give one row for each recording below the header path,transcript,speaker,split.",
    );
    expect(faultOf(() => parse("path,transcript\na.wav\n")).problem).toContain("line 2 (1 column");
  });
});

describe("manifests on disk", () => {
  it("are read together, each with paths relative to its own folder", async () => {
    const paths = ["one", "two"].map((name) => {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, "m.csv"), "path,transcript\nclips/a.wav,yes\n");
      return join(folder, name, "m.csv");
    });
    const { utterances } = await readManifests(paths);
    expect(utterances.map((utterance) => utterance.path)).toEqual([
      join(folder, "one/clips/a.wav"),
      join(folder, "two/clips/a.wav"),
    ]);
    expect(utterances[1].where).toBe(`${paths[1]}:2`);
  });

  it("that are not there or not in UTF-8 are named faults", async () => {
    const latin = join(folder, "latin.csv");
    writeFileSync(latin, Buffer.from("path,transcript\na.wav,caf\xe9\n", "latin1"));
    await expect(readManifests([join(folder, "none.csv")])).rejects.toMatchObject({
      code: "MANIFEST_NOT_FOUND",
    });
    await expect(readManifests([latin])).rejects.toMatchObject({
      code: "MANIFEST_UNREADABLE",
      where: `${latin}:2`,
      problem:
        "It is not text in UTF-8. Byte 26 (0xE9) does not belong to text in UTF-8; it is probably Latin-1 or Windows-1252.",
    });
  });
});
