import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { writers } from "../../src/recognizer/index.ts";

const record = { path: 'a "b", c.wav', text: "it's two\nlines", warnings: [{ code: "X", message: "m" }] };

describe("transcript writers", () => {
  it("txt gives the text alone, and beside its path among others", () => {
    expect(writers.txt.record(record, true)).toBe("it's two\nlines\n");
    expect(writers.txt.record({ ...record, text: "yes" }, false)).toBe('a "b", c.wav\tyes\n');
  });

  it("json gives one object a line", () => {
    const line = writers.json.record(record, false);
    expect(line.split("\n")).toHaveLength(2);
    expect(JSON.parse(line)).toEqual(record);
  });

  it("csv quotes what RFC 4180 says, as csv-parse 7 reads it", () => {
    const text = writers.csv.header + writers.csv.record(record, false);
    expect(parse(text)).toEqual([
      ["path", "transcript"],
      [record.path, record.text],
    ]);
  });
});
