// docs/serving.md says what the server does.

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { serverLimits } from "../../src/apps/server/index.ts";
import { listSettings } from "../../src/settings.ts";

const page = readFileSync(new URL("../../docs/serving.md", import.meta.url), "utf8");

it("lists every limit with its default", () => {
  const rows = [...page.matchAll(/^\| `(\w+)` +\| ([\d,]+) +\| (.*?) +\|$/gm)].map(([, ...cells]) => cells);
  const limits = listSettings(serverLimits).map(({ path, default: usual, description }) => {
    return [path, Number(usual).toLocaleString("en"), description];
  });
  expect(rows).toEqual(limits);
});
