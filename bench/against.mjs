// This build beside another one, such as that of the commit before: whether a change made anything slower.
//   node bench/against.mjs OTHER_CHECKOUT [--rows step512,decoder] [--rounds 9] [--json]
// OTHER_CHECKOUT has been built (`npm run build` there). Each build runs in a process of its own; in every round each row
// has its turn in both, one after the other, the order changing from round to round. The median of the ratios counts: what
// disturbs a round disturbs both. Recordings come from the demo's corpus, so nothing else is needed.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { median } from "../dist/quantiles.js";

const ROWS = ["step512", "step1024", "features", "decoder", "transcribe"];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rows: { type: "string", default: ROWS.join() },
    rounds: { type: "string", default: "9" },
    json: { type: "boolean", default: false },
  },
});
const [other] = positionals;
const rows = values.rows.split(",");
if (!other || rows.some((row) => !ROWS.includes(row))) {
  console.error(`node bench/against.mjs OTHER_CHECKOUT [--rows ${ROWS.join()}] [--rounds 9] [--json]`);
  process.exit(2);
}

const here = fileURLToPath(new URL("..", import.meta.url));
const builds = { new: openBuild(here), old: openBuild(other) };
try {
  for (const row of rows) print(await compare(row, Number(values.rounds)));
} finally {
  for (const build of Object.values(builds)) build.close();
}

async function compare(row, rounds) {
  const times = { new: [], old: [] };
  for (let round = -1; round < rounds; round++) {
    const order = round % 2 === 0 ? ["old", "new"] : ["new", "old"];
    for (const name of order) {
      const ms = await builds[name].run(row);
      if (round >= 0) times[name].push(ms); // the first round warms up
    }
  }
  const ratio = median(times.old.map((old, i) => old / times.new[i]));
  return { row, newMs: median(times.new), oldMs: median(times.old), speed: ratio, rounds };
}

function print(result) {
  if (values.json) return console.log(JSON.stringify(result));
  const { row, newMs, oldMs, speed } = result;
  console.log(
    `${row}  ${newMs.toFixed(1)} ms, before ${oldMs.toFixed(1)} ms: ${speed.toFixed(3)} × the speed`,
  );
}

/** A process that answers a row's name with the milliseconds that it took. */
function openBuild(root) {
  const runner = fileURLToPath(new URL("against-runner.mjs", import.meta.url));
  const child = spawn(process.execPath, [runner, root], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async run(row) {
      child.stdin.write(`${row}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`The build in ${root} ended at ${row}.`);
      return Number(value);
    },
    close: () => child.stdin.end(),
  };
}
