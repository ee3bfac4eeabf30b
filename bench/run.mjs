// npm run bench [-- ROW…] [--quick] [--json]: the rows of bench/, each in turn with its peers. With --json a line of JSON
// for each result on the standard output, and everything else on the other.

import { availableParallelism, cpus, release, totalmem, type } from "node:os";
import { readFileSync } from "node:fs";
import { argv, exit, version } from "node:process";

const ROWS = ["step", "features", "ctc", "inference"];

const options = argv.slice(2).filter((word) => word.startsWith("-"));
const chosen = argv.slice(2).filter((word) => !word.startsWith("-"));
if (options.includes("--help")) {
  console.log(`npm run bench [-- ROW…] [--quick] [--json]   rows: ${ROWS.join(", ")}`);
  exit(0);
}
const unknown = [
  ...chosen.filter((row) => !ROWS.includes(row)),
  ...options.filter((word) => !["--json", "--quick"].includes(word)),
];
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(", ")}. Rows: ${ROWS.join(", ")}; options: --quick, --json.`);
  exit(2);
}
const json = options.includes("--json");
const printLine = console.log;
if (json) console.log = console.error;

console.log(machine());
for (const row of chosen.length > 0 ? chosen : ROWS) {
  const { measure } = await import(`./${row}.mjs`);
  for await (const result of await measure({ quick: options.includes("--quick") })) {
    if (json) printLine(JSON.stringify(result));
  }
}

function machine() {
  const packageOf = (name) =>
    JSON.parse(readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), "utf8"));
  const memory = Math.round(totalmem() / 2 ** 30);
  return [
    `${cpus()[0].model}, ${availableParallelism()} cores, ${memory} GB; ${type()} ${release()}`,
    `Node ${version.slice(1)}, onnxruntime-node ${packageOf("onnxruntime-node").version} (its own matrix products, MLAS)`,
  ].join("; ");
}
