// The library's part of this recipe, in a process of its own so that its memory is its own: transcribes each recording
// of `alone` by itself, then the list `together` three times over, and tells memory and processor time as it goes.
// node --expose-gc listen.mjs MODEL LIST.json

import { readFileSync } from "node:fs";
import { Recognizer } from "../../dist/index.js";

const [model, list] = process.argv.slice(2);
const { alone, together } = JSON.parse(readFileSync(list, "utf8"));
const recognizer = await Recognizer.load(model);
const texts = {};
for (const path of alone)
  texts[path] = await recognizer.transcribe(path).then(({ text, warnings }) => ({ text, warnings }));

const memory = [];
const slowest = { path: "", milliseconds: 0 };
for (let round = 1; round <= 3; round++) {
  for await (const outcome of recognizer.transcribeAll(oneByOne(round))) void outcome;
}
await recognizer.close();
console.log(JSON.stringify({ texts, memory, slowest }));

/** Each is asked for when the one before has been read. */
function* oneByOne(round) {
  let start = processorMs();
  for (const [index, path] of together.entries()) {
    if (index % 50 === 0)
      memory.push({ files: (round - 1) * together.length + index, megabytes: residentMegabytes() });
    start = processorMs();
    yield path;
    const milliseconds = processorMs() - start;
    if (milliseconds > slowest.milliseconds) Object.assign(slowest, { path, milliseconds });
  }
  memory.push({ files: round * together.length, megabytes: residentMegabytes() });
}

/** Of this process, all its threads together: other work on the machine does not count. */
function processorMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function residentMegabytes() {
  globalThis.gc?.();
  return process.memoryUsage().rss / 1e6;
}
