import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { onnxDescription } from "../../src/model/onnx/description.ts";
import { listSettings } from "../../src/settings.ts";

it("docs/onnx-models.md lists every setting of a description, with its range and what it is", () => {
  const page = readFileSync(new URL("../../docs/onnx-models.md", import.meta.url), "utf8");
  const rows = page.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
  const told = new Map(rows.filter((cells) => cells.length === 6).map((cells) => [cells[1], cells]));
  const own = listSettings(onnxDescription).filter(
    ({ path }) => !/^(input\.features|transcript)\./.test(path),
  );
  expect(own.length).toBeGreaterThan(20);
  for (const { path, range, description } of own) {
    expect(told.get(`\`${path}\``)?.[2]).toBe(range);
    expect(told.get(`\`${path}\``)?.[4]).toBe(description);
  }
});
