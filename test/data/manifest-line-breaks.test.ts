import { describe, expect, it } from "vitest";
import { parseManifest } from "../../src/data/index.ts";

const parse = (text: string) => parseManifest(text, "m.csv", (path) => `/corpus/${path}`);
const breaksIn = (text: string): string[] =>
  parse(text)
    .warnings.filter(({ code }) => code === "LINE_BREAK_IN_FIELD")
    .map(({ message }) => message);

describe("a field of a CSV that goes on over several lines", () => {
  it("is used as it stands, with a warning that names its lines and its beginning", () => {
    const { utterances, warnings } = parse(
      'path,transcript\nc1.wav,"hello there\nc2.wav,one two\nc3.wav,three four"\nc4.wav,five\n',
    );
    expect(utterances.map(({ transcript, where }) => [transcript, where])).toEqual([
      ["hello there\nc2.wav,one two\nc3.wav,three four", "m.csv:4"],
      ["five", "m.csv:5"],
    ]);
    expect(warnings).toEqual([
      {
        code: "LINE_BREAK_IN_FIELD",
        message:
          "m.csv: 1 field goes on over several lines, and what is on these lines is no row of its own: " +
          'lines 2 to 4 (transcript "hello there…"). ' +
          "Where rows were swallowed, take out the quotes at both ends, or close each on its own line.",
      },
    ]);
  });

  it.each([
    ["the path", 'path,transcript\n"a.wav,one\nb.wav",two\n', 'lines 2 to 3 (path "a.wav,one…")'],
    [
      "a column that is not read",
      'path,note,transcript\na.wav,"fine,one\nb.wav,fine",two\n',
      'lines 2 to 3 (note "fine,one…")',
    ],
    [
      "the transcript before other columns",
      'path,transcript,speaker\na.wav,"x\ny",ann\n',
      'lines 2 to 3 (transcript "x…")',
    ],
    [
      "the transcript, after empty lines and with empty lines within",
      'path,transcript\n\n\na.wav,"x\n\n\ny"\n',
      'lines 4 to 7 (transcript "x…")',
    ],
    [
      "a transcript that begins with the line break",
      'path,transcript\na.wav,"\nx"\n',
      'lines 2 to 3 (transcript "x…")',
    ],
    ["lines that end in CRLF", 'path,transcript\r\na.wav,"x\r\ny"\r\n', 'lines 2 to 3 (transcript "x…")'],
    ["lines that end in CR", 'path,transcript\ra.wav,"x\ry"\r', 'lines 2 to 3 (transcript "x…")'],
  ])("is named where it is %s", (_, text, named) => {
    expect(breaksIn(text)).toEqual([expect.stringContaining(`: ${named}. `)]);
  });

  it("is named where its row is left out for other reasons", () => {
    const text = 'path,transcript\na.wav,"one\nb.wav,two",three\nc.wav,x,"four\nd.wav,five"\ne.wav,six\n';
    expect(parse(text).warnings.map(({ code }) => code)).toEqual(["MALFORMED_ROWS", "LINE_BREAK_IN_FIELD"]);
    expect(breaksIn(text)).toEqual([expect.stringContaining("2 fields go on over several lines")]);
    expect(breaksIn(text)[0]).toContain('lines 2 to 3 (transcript "one…"), lines 4 to 5 ("four…"). ');
  });

  it("gives one warning with others, which counts them and names the first five", () => {
    const rows = Array.from({ length: 7 }, (_, index) => `${index}.wav,"word ${index}\nmore"\n`);
    const [message, ...others] = breaksIn(`path,transcript\n${rows.join("")}`);
    expect(others).toEqual([]);
    expect(message).toContain("m.csv: 7 fields go on over several lines");
    expect(message).toContain('lines 2 to 3 (transcript "word 0…"), lines 4 to 5 (transcript "word 1…")');
    expect(message).toContain('lines 10 to 11 (transcript "word 4…") and 2 more. ');
  });

  it("has each field of a row named with its own lines", () => {
    expect(breaksIn('path,transcript,speaker\na.wav,"x\ny\nz","ann\nlee"\n')[0]).toContain(
      'lines 2 to 4 (transcript "x…"), lines 4 to 5 (speaker "ann…"). ',
    );
  });

  it("is shown by 40 characters at most, whole ones", () => {
    expect(breaksIn(`path,transcript\na.wav,"${"🎙".repeat(50)}\ny"\n`)[0]).toContain(
      `(transcript "${"🎙".repeat(40)}…")`,
    );
  });

  it.each([
    ["quotes around one line", 'path,transcript\na.wav,"one, two"\n'],
    ["a break written as two characters", 'path,transcript\na.wav,"one\\ntwo"\n'],
    ["a break in JSON, which no row can be lost to", '{"path": "a.wav", "text": "one\\ntwo"}\n'],
    ["a table with tabs, where a line is a row", 'path\ttranscript\na.wav\t"one\nb.wav\ttwo"\n'],
  ])("is not seen in %s", (_, text) => {
    expect(breaksIn(text)).toEqual([]);
  });
});
