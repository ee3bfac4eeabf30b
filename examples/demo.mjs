// Where the examples run: a folder of their own with a manifest.csv that lists a small part of the corpus in demo/. The
// folder is removed when an example ends.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const scratch = mkdtempSync(join(tmpdir(), "earshot-example-"));
process.chdir(scratch);
process.on("exit", () => {
  process.chdir("..");
  rmSync(scratch, { recursive: true, force: true });
});

const demo = fileURLToPath(new URL("../demo/corpus/", import.meta.url));
const [header, ...rows] = readFileSync(join(demo, "manifest.csv"), "utf8").trim().split("\n");
const some = (split, count) => rows.filter((row) => row.endsWith(`,${split}`)).slice(0, count);
const chosen = [...some("train", 12), ...some("dev", 3), ...some("test", 3)];
writeFileSync("manifest.csv", [header, ...chosen.map((row) => demo + row)].join("\n"));
