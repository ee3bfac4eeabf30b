import { describe, expect, it } from "vitest";
import { EarshotError } from "../../src/errors.ts";
import { parseManifest, type Manifest } from "../../src/data/index.ts";
import { RandomStream } from "../../src/random.ts";

const parse = (text: string, where = "m") => parseManifest(text, where, (path) => `/corpus/${path}`);
const inShort = ({ utterances }: Manifest) =>
  utterances.map(({ path, transcript, speaker, split }) => [path, transcript, speaker, split].join("|"));

function faultOf(run: () => unknown): EarshotError {
  try {
    run();
  } catch (error) {
    if (error instanceof EarshotError) return error;
  }
  throw new Error("No fault was raised.");
}

describe("a manifest of Mozilla's DeepSpeech", () => {
  const text = "wav_filename,wav_filesize,transcript\na.wav,32044,hello world\nb.wav,64044,yes\n";

  it("gives its recordings; the size of the files does not matter", () => {
    expect(inShort(parse(text))).toEqual(["/corpus/a.wav|hello world||train", "/corpus/b.wav|yes||train"]);
  });

  it.each([
    ["test.csv", "test"],
    ["clips/dev.csv", "dev"],
    ["librivox-dev-clean.csv", "dev"],
    ["corpus\\test_manifest.json", "test"],
    ["VALIDATION.tsv", "dev"],
    ["validated.tsv", "train"],
    ["train-and-test.csv", "train"],
    ["test/all.csv", "train"],
    ["latest.csv", "train"],
  ])("named %s holds the split %s", (where, split) => {
    expect(parse(text, where).utterances.map((utterance) => utterance.split)).toEqual([split, split]);
  });

  it("takes the split of the row where there is one", () => {
    const { utterances } = parse("path,transcript,split\na.wav,one,dev\nb.wav,two,\n", "test.csv");
    expect(utterances.map(({ split }) => split)).toEqual(["dev", "test"]);
  });

  it("lists malformed rows with their lines and goes on with the rest", () => {
    const { utterances, warnings } = parse(`${text}c.wav,32044\n,32044,no\nd.wav,32044,"well, no"\n`);
    expect(utterances.map(({ where }) => where)).toEqual(["m:2", "m:3", "m:6"]);
    expect(warnings).toEqual([
      {
        code: "MALFORMED_ROWS",
        message:
          "m: 2 malformed rows left out: line 4 (2 columns where the header has 3), line 5 (no wav_filename).",
      },
    ]);
  });

  it("lists a row whose offset is no number as malformed: it may be a part", () => {
    const { utterances, warnings } = parse("path,transcript,offset\na.wav,one,\nb.wav,two,later\n");
    expect(utterances.map(({ where }) => where)).toEqual(["m:2"]);
    expect(warnings[0].message).toBe(
      'm: 1 malformed row left out: line 3 (offset is "later", not a number).',
    );
  });

  it("names the column that was probably meant", () => {
    expect(faultOf(() => parse("wav_filenam,wav_filesize,transcript\n")).remedy).toBe(
      'Did you mean "wav_filename" by "wav_filenam"?',
    );
  });
});

describe("a table of Common Voice", () => {
  const header = "client_id\tpath\tsentence\tup_votes";

  it("has speakers, and recordings in the folder clips", () => {
    expect(inShort(parse(`${header}\nann\tcv_1.mp3\tYes, please.\t2\nbob\tother/2.mp3\tNo\t0\n`))).toEqual([
      "/corpus/clips/cv_1.mp3|Yes, please.|ann|train",
      "/corpus/other/2.mp3|No|bob|train",
    ]);
  });

  it("keeps quotes within a cell and takes off those around it", () => {
    const cells = ['"Stop!" she said', '"say ""no"""', 'an open " quote', '"a" and "b"'];
    const text = `path\tsentence\n${cells.map((cell) => `a.mp3\t${cell}\n`).join("")}`;
    expect(parse(text).utterances.map(({ transcript }) => transcript)).toEqual([
      '"Stop!" she said',
      'say "no"',
      'an open " quote',
      '"a" and "b"',
    ]);
  });

  it("lists malformed rows with their lines", () => {
    const { utterances, warnings } = parse("path\tsentence\r\na.mp3\r\n\r\nb.mp3\tyes\r\n\tno\r\n");
    expect(utterances.map(({ where }) => where)).toEqual(["m:4"]);
    expect(warnings).toEqual([
      {
        code: "MALFORMED_ROWS",
        message: "m: 2 malformed rows left out: line 2 (1 column where the header has 2), line 5 (no path).",
      },
    ]);
  });
});

describe("a manifest of NeMo", () => {
  const row = (fields: Record<string, unknown>) => `${JSON.stringify(fields)}\n`;
  const yes = row({ audio_filepath: "a.wav", duration: 1.5, text: "yes" });

  it("gives a recording for each line that is not empty", () => {
    const no = row({ text: "no", audio_filepath: "b.wav", speaker: 7, offset: 0, split: "dev" });
    expect(inShort(parse(`\ufeff\n${yes}\n${no}`))).toEqual([
      "/corpus/a.wav|yes||train",
      "/corpus/b.wav|no|7|dev",
    ]);
    expect(parse(`${yes}\n${no}`, "m.json").utterances[1].where).toBe("m.json:3");
  });

  it("lists malformed lines together and goes on with the rest", () => {
    const { utterances, warnings } = parse(
      `${yes}{"audio_filepath": "b.wav", "text": \n[1]\n${row({ text: "lost" })}` +
        `${row({ audio_filepath: "c.wav", text: null })}${row({ audio_filepath: "d.wav", text: "" })}`,
    );
    expect(utterances.map(({ transcript }) => transcript)).toEqual(["yes", ""]);
    expect(warnings).toEqual([
      {
        code: "MALFORMED_ROWS",
        message:
          "m: 4 malformed rows left out: line 2 (no JSON object), line 3 (no JSON object), " +
          "line 4 (no audio_filepath), line 5 (no text).",
      },
    ]);
  });

  it("lists fields of a wrong type as malformed, and takes numbers for speakers and text for numbers", () => {
    const { utterances, warnings } = parse(
      `${row({ audio_filepath: 5, text: "x" })}${row({ audio_filepath: "a.wav", text: ["x"] })}` +
        `${row({ audio_filepath: "a.wav", text: 7 })}${row({ audio_filepath: "a.wav", text: "x", speaker: {} })}` +
        `${row({ audio_filepath: "a.wav", text: "x", split: true, offset: { valueOf: 1, toString: 1 } })}` +
        `${row({ audio_filepath: "a.wav", text: "x", offset: "from the beginning of all" })}` +
        row({ audio_filepath: "b.wav", text: "x", speaker: 7, split: null, offset: "0", duration: "?" }),
    );
    expect(utterances.map(({ path, speaker, where }) => [path, speaker, where])).toEqual([
      ["/corpus/b.wav", "7", "m:7"],
    ]);
    expect(warnings).toEqual([
      {
        code: "MALFORMED_ROWS",
        message:
          "m: 6 malformed rows left out: line 1 (audio_filepath is 5, not text), " +
          'line 2 (text is ["x"], not text), line 3 (text is 7, not text), ' +
          "line 4 (speaker is {}, not text or a number), line 5 (split is true, not text), " +
          'line 6 (offset is "from the beginning of a…, not a number).',
      },
    ]);
    expect(faultOf(() => parse(row({ audio_filepath: 5, text: "x" }))).problem).toBe(
      "No usable row: line 1 (audio_filepath is 5, not text).",
    );
  });

  it("leaves out the parts of a long recording, also the first part, and says so", () => {
    const parts = [{ offset: 0 }, { offset: 1.5 }, {}].map((offset) =>
      row({ audio_filepath: "long.wav", duration: 1.5, text: "part", ...offset }),
    );
    const { utterances, warnings } = parse(`${parts.join("")}${yes}`);
    expect(utterances.map(({ where }) => where)).toEqual(["m:4"]);
    expect(warnings).toEqual([
      {
        code: "RECORDING_PARTS",
        message:
          "m: 3 rows left out that take a part of a recording: line 1 (from 0 s), line 2 (from 1.5 s), line 3 (from 0 s). " +
          "Cut the parts into files of their own, for example: ffmpeg -i long.wav -ss 3.5 -t 2 part.wav",
      },
    ]);
  });

  it("speaks of a single part", () => {
    const part = row({ audio_filepath: "long.wav", offset: 2, text: "part" });
    expect(parse(`${yes}${part}`).warnings[0].message).toMatch(
      /^m: 1 row left out that takes a part of a recording: line 2 \(from 2 s\)\./,
    );
  });

  it("names the field that was probably meant", () => {
    const fault = faultOf(() => parse(row({ audio_filpath: "a.wav", text: "yes" })));
    expect(fault.code).toBe("MANIFEST_COLUMNS");
    expect(fault.message).toBe(
      'm:1: The manifest lacks "path"; it has: audio_filpath, text. Did you mean "audio_filepath" by "audio_filpath"?',
    );
  });

  it("that is one list of objects is told what a line looks like", () => {
    const fault = faultOf(() => parse('[\n  {"audio_filepath": "a.wav",\n   "text": "yes"}\n]\n'));
    expect(fault.code).toBe("EMPTY_MANIFEST");
    expect(fault.remedy).toBe(
      'Give one object on each line, for example: {"audio_filepath": "a.wav", "text": "hello"}',
    );
  });
});

describe("whatever text comes", () => {
  const PIECES = [
    "path transcript wav_filename audio_filepath text sentence client_id split offset".split(" "),
    "a.wav yes 1.5 -1 1e999 null NaN __proto__ constructor".split(" "),
    [",", ",", "\t", "\t", "\n", "\n", "\r\n", "\r", '"', '""', ";", "|", "{", "}", "[", "]", ":", "\\", " "],
    ["\0", "\ufeff", "\u2028", "\ud800", "é", '{"audio_filepath":"a.wav","text":"yes"}', "path,transcript\n"],
  ].flat();

  /** Random pieces behind a header of each format or none, so that all of them are reached. */
  function randomText(random: RandomStream): string {
    const header = pick(random, [
      "",
      "",
      "path,transcript\n",
      "path\tsentence\n",
      '{"path":"a","text":"b"}\n',
    ]);
    return header + Array.from({ length: random.integer(40) }, () => pick(random, PIECES)).join("");
  }

  const pick = (random: RandomStream, items: readonly string[]) => items[random.integer(items.length)];

  function expectManifestOrFault(text: string): void {
    try {
      const { utterances, warnings } = parse(text);
      expect(utterances.length).toBeGreaterThan(0);
      expect(new Set(warnings.map(({ code }) => code)).size).toBe(warnings.length);
      const lines = text.split(/\r\n?|\n/).length;
      for (const utterance of utterances) {
        expect(utterance.path).toMatch(/^\/corpus\/[^]/);
        expect(Object.values(utterance).every((value) => typeof value === "string")).toBe(true);
        expect(Number(utterance.where.slice(2))).toBeLessThanOrEqual(lines);
      }
    } catch (error) {
      if (!(error instanceof EarshotError)) throw new Error(`for ${JSON.stringify(text)}`, { cause: error });
      expect(["MANIFEST_COLUMNS", "EMPTY_MANIFEST"]).toContain(error.code);
    }
  }

  it("is a manifest or a named fault: bytes", () => {
    const random = new RandomStream("manifest bytes");
    for (let round = 0; round < 1000; round++) {
      const bytes = Uint8Array.from({ length: random.integer(300) }, () => random.integer(256));
      expectManifestOrFault(new TextDecoder().decode(bytes));
    }
  });

  it("is a manifest or a named fault: tables and JSON lines of random pieces", () => {
    const random = new RandomStream("manifest pieces");
    for (let round = 0; round < 5000; round++) expectManifestOrFault(randomText(random));
  });
});
