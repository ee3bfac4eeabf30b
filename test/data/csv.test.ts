// Cutting CSV into cells, beside csv-parse 7.0.3, which reads RFC 4180.

import { CsvError, parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { csvFormat } from "../../src/data/manifests/csv.ts";
import { RandomStream } from "../../src/random.ts";

/** Lines and cells by csv-parse below a header of three; undefined where quotes do not match. */
function byCsvParse(text: string): [line: number, cells: string[]][] | undefined {
  try {
    const rows = parse(text, { info: true, relax_column_count: true, skip_empty_lines: true }) as unknown as {
      record: string[];
      info: { lines: number };
    }[];
    return rows.map(({ record, info }) => [info.lines, record]);
  } catch (error) {
    if (error instanceof CsvError) return undefined;
    throw error;
  }
}

const HEADER = "a,b,c\n";

/** The same by ours, of the rows that are as long as the header; those that are not by their lines. */
function byOurs(text: string): { rows: unknown[]; uneven: number[] } {
  const { columns, rows, malformed } = csvFormat.read(HEADER + text);
  return {
    rows: rows.map(({ line, fields }) => [line, columns.map((name) => fields.get(name))]),
    uneven: malformed.map(({ line }) => line),
  };
}

describe("CSV", () => {
  it("is cut as csv-parse cuts it, on three thousand texts of commas, quotes, line breaks and letters", () => {
    let whole = 0;
    for (let n = 0; n < 3_000; n++) {
      const random = new RandomStream(n, "csv");
      const text = Array.from({ length: 1 + random.integer(24) }, () => 'x,",\n"é '[random.integer(8)]).join(
        "",
      );
      const expected = byCsvParse(HEADER + text);
      if (expected === undefined) continue; // then lines are cut one by one, which csv-parse does not
      whole++;
      const body = expected.slice(1);
      const even = body.filter(([, cells]) => cells.length === 3);
      const uneven = body.filter(([, cells]) => cells.length !== 3).map(([line]) => line);
      expect(byOurs(text), JSON.stringify(text)).toEqual({ rows: even, uneven });
    }
    expect(whole).toBeGreaterThan(500);
  });

  it("holds a cell of millions of characters and quotes", () => {
    const cell = 'ab""c\n'.repeat(500_000);
    const { rows } = csvFormat.read(`${HEADER}1,"${cell}",3\n`);
    expect(rows).toHaveLength(1);
    expect(rows[0].fields.get("b")).toBe(cell.replaceAll('""', '"'));
    expect(rows[0].line).toBe(500_002);
  });
});
