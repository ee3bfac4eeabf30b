// Live streams on the processor's own clock, for machines that other work shares: blocks of 100 ms come when they are due, the dispatch and
// the network are the real ones, and time goes on by what the processor needs for each run. So one core serves nothing else. Features
// (2 ms for a second of sound) and texts are left out.

import { setTimeout as sleep } from "node:timers/promises";
import { BatchDispatch } from "../dist/network/index.js";
import { processorClocked } from "./measure.mjs";

const BLOCK_MS = 100;
const HOP_MS = 10;

/**
 * Milliseconds from the last block of each utterance to its last logits.
 * @param lengths of the utterances, in ms; each speaker takes the next one
 * @param seconds how long speakers begin utterances
 */
export async function replay(streaming, program, { count, together, lengths, seconds }) {
  const latencies = [];
  let [clock, busy, runs, rows] = [0, 0, 0, 0];
  const due = []; // what comes, by its time
  const at = (ms, come) => {
    const place = due.findIndex((other) => other.ms > ms);
    due.splice(place < 0 ? due.length : place, 0, { ms, come });
  };
  const deliver = () => {
    while (due.length > 0 && due[0].ms <= clock) due.shift().come();
  };
  const run = async (feeds) => {
    let results;
    const ms = await processorClocked(async () => (results = await program.run(feeds)));
    [clock, busy, runs, rows] = [clock + ms, busy + ms, runs + 1, rows + feeds.frames.dims[1]];
    deliver();
    return results;
  };
  const dispatch = new BatchDispatch(streaming, run, together);
  const block = new Float32Array((BLOCK_MS / HOP_MS) * streaming.features).fill(0.1);
  let next = 0;
  const open = { calls: 0 };
  const speak = (startMs) => {
    const stream = dispatch.open();
    const blocks = Math.ceil(lengths[next++ % lengths.length] / BLOCK_MS);
    let last = Promise.resolve();
    const call = (work) => {
      open.calls++;
      last = last.then(work).finally(() => open.calls--);
    };
    for (let n = 1; n <= blocks; n++) at(startMs + n * BLOCK_MS, () => call(() => stream.push(block)));
    const end = startMs + blocks * BLOCK_MS;
    at(end, () => {
      call(() => stream.finish());
      void last.then(() => latencies.push(clock - end));
      if (end < 1000 * seconds) speak(end);
    });
  };
  for (let i = 0; i < count; i++) speak((1000 * i) / count);
  while (due.length > 0 || open.calls > 0) {
    await sleep(0);
    if (open.calls > 0) continue;
    clock = Math.max(clock, due[0]?.ms ?? clock);
    deliver();
  }
  return { latencies, busy: busy / clock, together: rows / runs };
}
