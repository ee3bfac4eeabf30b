// Blocks of several channels to one: their mean, or the channel that was asked for. Where they cancel each other out, the
// loudest is heard alone, as opposite-channels.ts does of a whole recording.

import type { Warning } from "../../../errors.ts";
import { addToBlocks, BLOCK_SAMPLES, type ChannelBlock } from "../channel-blocks.ts";
import { FAINT_BLOCK, isCancelled, loudestOf, loudnessOf, oppositeChannels } from "../opposite-channels.ts";
import { mixDown } from "../source-audio.ts";
import type { SourceBlock } from "./source-blocks.ts";

export class ChannelMixer {
  readonly #channel: number | undefined;
  /** The largest power of a channel so far. */
  #loudest = 0;
  #cancelledSeconds = 0;
  #alone = 0;

  /** @param channel the one to keep, from 0; by default the mean of all */
  constructor(channel?: number) {
    this.#channel = channel;
  }

  mix({ channels, rateHz }: SourceBlock): Float32Array {
    const mono = mixDown(channels, this.#channel);
    if (channels.length < 2 || this.#channel !== undefined) return mono;
    for (let at = 0; at < mono.length; at += BLOCK_SAMPLES) {
      const own = channels.map((channel) => channel.subarray(at, at + BLOCK_SAMPLES));
      const alone = this.#cancelledOf(own);
      if (alone === undefined) continue;
      mono.set(own[alone], at);
      this.#alone = alone;
      this.#cancelledSeconds += own[alone].length / rateHz;
    }
    return mono;
  }

  /** OPPOSITE_CHANNELS */
  warning(): Warning | undefined {
    if (this.#cancelledSeconds === 0) return undefined;
    return oppositeChannels(this.#alone, ` in ${this.#cancelledSeconds.toFixed(2)} s`);
  }

  /** The loudest channel, where the mean of all loses what they say. */
  #cancelledOf(channels: readonly Float32Array[]): number | undefined {
    const blocks: ChannelBlock[] = [];
    addToBlocks(blocks, channels);
    const [block] = blocks;
    this.#loudest = Math.max(this.#loudest, loudnessOf(block));
    const isLost = isCancelled(block) && loudnessOf(block) > FAINT_BLOCK * this.#loudest;
    return isLost ? loudestOf(block) : undefined;
  }
}
