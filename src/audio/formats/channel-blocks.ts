// How strong each channel of a recording is, block by block: their mean, which is what is kept, does not show it.
// Knows nothing of formats, and does not judge: see opposite-channels.ts.

/** Sums of squares over some samples. */
export interface ChannelBlock {
  /** Of each channel. */
  samples: number;
  /** Of each channel. */
  readonly squares: number[];
  /** Of the mean of all channels. */
  mean: number;
}

/** From 0.17 s at 48 kHz to 1 s at 8 kHz. */
export const BLOCK_SAMPLES = 8192;

/** Adds samples of all channels that follow on those in the blocks. */
export function addToBlocks(blocks: ChannelBlock[], channels: readonly Float32Array[]): void {
  const count = channels[0]?.length ?? 0;
  for (let start = 0, end; start < count; start = end) {
    const block = openBlock(blocks, channels.length);
    end = Math.min(count, start + BLOCK_SAMPLES - block.samples);
    block.samples += end - start;
    for (const [i, channel] of channels.entries()) {
      for (let n = start; n < end; n++) block.squares[i] += channel[n] * channel[n];
    }
    for (let n = start; n < end; n++) {
      let sum = 0;
      for (const channel of channels) sum += channel[n];
      block.mean += (sum / channels.length) ** 2;
    }
  }
}

/** The last block, or a new one when that is full. */
export function openBlock(blocks: ChannelBlock[], channels: number): ChannelBlock {
  const last = blocks.at(-1);
  if (last !== undefined && last.samples < BLOCK_SAMPLES) return last;
  const block = { samples: 0, squares: Array<number>(channels).fill(0), mean: 0 };
  blocks.push(block);
  return block;
}

/** All blocks as one; a channel that some of them lack adds nothing there. */
export function wholeOf(blocks: readonly ChannelBlock[]): ChannelBlock {
  const whole: ChannelBlock = { samples: 0, squares: [], mean: 0 };
  for (const { samples, squares, mean } of blocks) {
    whole.samples += samples;
    whole.mean += mean;
    for (const [i, square] of squares.entries()) whole.squares[i] = (whole.squares[i] ?? 0) + square;
  }
  return whole;
}
