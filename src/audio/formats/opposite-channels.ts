// Channels of opposite phase cancel each other out in their mean, over the whole recording (a cable of wrong polarity) or
// in a part of it (recordings joined): there the louder channel is heard alone.

import type { Warning } from "../../errors.ts";
import { wholeOf, type ChannelBlock } from "./channel-blocks.ts";
import type { SourceAudio } from "./source-audio.ts";

/** Of the power that as many channels with nothing in common would have: 0 when they are opposite, their number when alike. */
const CANCELLED = 0.3;
const FAINT_CHANNEL = 0.05; // of the loudest one's power: it cannot cancel anything
export const FAINT_BLOCK = 1e-3; // of the recording's power: nothing is said there

export interface HeardSource {
  readonly source: SourceAudio;
  /** OPPOSITE_CHANNELS */
  readonly warning?: Warning;
}

/** @param readAlone the recording again, one channel of it instead of the mean */
export async function hearCancelled(
  mixed: SourceAudio,
  readAlone: (channel: number) => Promise<SourceAudio>,
): Promise<HeardSource> {
  const { mono, rateHz, channels, channelBlocks: blocks = [] } = mixed;
  if (mono === undefined || channels < 2 || blocks.length === 0) return { source: mixed };
  const whole = wholeOf(blocks);
  if (isCancelled(whole)) {
    const channel = loudestOf(whole);
    return { source: await readAlone(channel), warning: oppositeChannels(channel, "") };
  }
  const leastPower = (FAINT_BLOCK * Math.max(...whole.squares)) / whole.samples;
  const isLost = blocks.map((block) => isCancelled(block) && loudnessOf(block) > leastPower);
  if (!isLost.includes(true)) return { source: mixed };
  const channel = loudestOf(wholeOf(blocks.filter((_, i) => isLost[i])));
  const alone = await readAlone(channel);
  const taken = blocks.map(
    (block, i) => isLost[i] || ((isLost[i - 1] || isLost[i + 1]) && isAudible(block, channel)),
  );
  const replaced = replaceBlocks(mono, alone.mono ?? mono, { blocks, taken });
  const warning = oppositeChannels(channel, ` in ${(replaced / rateHz).toFixed(2)} s`);
  return { source: mixed, warning };
}

export function isCancelled({ squares, mean }: ChannelBlock): boolean {
  const loudest = Math.max(...squares);
  const audible = squares.filter((square) => square > FAINT_CHANNEL * loudest);
  const unrelated = audible.reduce((sum, square) => sum + square, 0) / squares.length ** 2;
  return audible.length > 1 && mean < CANCELLED * unrelated;
}

export const loudestOf = ({ squares }: ChannelBlock): number => squares.indexOf(Math.max(...squares));

export const loudnessOf = ({ squares, samples }: ChannelBlock): number => Math.max(...squares) / samples;

const isAudible = ({ squares }: ChannelBlock, channel: number): boolean =>
  squares[channel] > FAINT_CHANNEL * Math.max(...squares);

/** A block beside a lost one may be lost in part, and is taken, too. Gives the number of samples replaced. */
function replaceBlocks(
  mono: Float32Array,
  alone: Float32Array,
  { blocks, taken }: { readonly blocks: readonly ChannelBlock[]; readonly taken: readonly boolean[] },
): number {
  let [at, replaced] = [0, 0];
  for (const [i, { samples }] of blocks.entries()) {
    const [start, end] = [Math.round(at), Math.round(at + samples)];
    at += samples;
    if (!taken[i]) continue;
    const part = alone.subarray(start, end);
    mono.set(part, Math.min(start, mono.length));
    replaced += part.length;
  }
  return replaced;
}

export function oppositeChannels(channel: number, where: string): Warning {
  const used = where === "" ? "is used" : "is used there";
  const message = `The channels cancel each other out (opposite phase)${where}: channel ${channel + 1} alone ${used}.`;
  return { code: "OPPOSITE_CHANNELS", message };
}
