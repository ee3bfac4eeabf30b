// npm run bench [-- ROW… --quick --json --widths 512,1024]: the rows of bench/, each in turn with its peers. With --json a line of JSON
// for each result on the standard output, and everything else on the other.

import { availableParallelism, cpus, release, totalmem, type } from "node:os";
import { readFileSync } from "node:fs";
import { argv, exit, version } from "node:process";
import { parseArgs } from "node:util";

const ROWS = [
  "step",
  "features",
  "ctc",
  "inference",
  "decoder",
  "grammar",
  "lm",
  "streams",
  "serve",
  "start",
];
/** Not among all rows: the guard runs some of them itself, scale takes long, the others are for who works on the step. */
const ALONE = ["guard", "scale", "table", "epoch"];

const { rows, json, ...asked } = read(argv.slice(2));
const printLine = console.log;
if (json) console.log = console.error;

console.log(machine());
for (const row of rows) {
  const { measure } = await import(`./${row}.mjs`);
  for await (const result of await measure(asked)) {
    if (json) printLine(JSON.stringify(result));
  }
}

function read(args) {
  const flag = { type: "boolean", default: false };
  const text = { type: "string" };
  const options = {
    quick: flag,
    json: flag,
    update: flag,
    help: flag,
    widths: text,
    manifest: text,
    model: text,
    precision: text,
    peer: text,
    lm: text,
    network: text,
    cell: text,
    streams: text,
    batch: text,
    threads: text,
    part: text,
    words: text,
    only: text,
    "processor-time": flag,
  };
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const unknown = positionals.find((row) => ![...ROWS, ...ALONE].includes(row));
    if (unknown) throw new Error(`There is no row ${unknown}.`);
    if (values.help) usage(0);
    const widths = values.widths?.split(",").map(Number);
    return { ...values, widths, rows: positionals.length > 0 ? positionals : ROWS };
  } catch (error) {
    return usage(2, error.message);
  }
}

function usage(code, complaint = "") {
  console.error(
    `${complaint}\nnpm run bench [-- ROW… --quick --json --widths 512,1024]   rows: ${ROWS.join(", ")}
  guard [--update] [--only decoder,lm]   quick ratios beside those in bench/guard.json; fails when one fell by more than 15 %
  the row step: [--network NAME --cell clipped|lstm|gru --processor-time]
  table  where the milliseconds of a step go at the sizes of recipes: [--widths 192,256,384 --batch 8 --cell gru --threads 1 --quick]
  epoch  of AN4 (EARSHOT_DATA), beside PyTorch: [--widths 384 --cell gru --part 3 --quick]
  scale  training's beginning at 10, 100 and 1,000 hours: [--quick]
  the row streams: [--network NAME --streams 10,60]
  the row serve: [--streams 10,50,100 --model FILE --precision float32|int8 --peer FOLDER]
  the rows decoder and grammar: --manifest FILE --model FILE; decoder also [--lm FILE --part peers,beam,hot-words,stream,model]; without them decoder takes the demo's
  the row lm: [--words 1e8]`.trim(),
  );
  exit(code);
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
