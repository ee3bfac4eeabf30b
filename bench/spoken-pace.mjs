// Sound sent as it is spoken: blocks of 100 ms, each when its last sample would have been said.

import { setTimeout as sleep } from "node:timers/promises";

export const BLOCK_MS = 100;

/**
 * Sends a clip in the time that it takes to say it; a block that is sent 50 ms after its time is late.
 * @param size of a block, in elements of `clip` @param figures counts `blocks`, and those that were `late`
 */
export async function sendSpoken(clip, size, figures, send) {
  const start = performance.now();
  for (let block = 0; block * size < clip.length; block++) {
    const due = start + (block + 1) * BLOCK_MS;
    await sleep(Math.max(0, due - performance.now()));
    if (performance.now() > due + BLOCK_MS / 2) figures.late++;
    figures.blocks++;
    await send(clip.subarray(block * size, (block + 1) * size));
  }
}
