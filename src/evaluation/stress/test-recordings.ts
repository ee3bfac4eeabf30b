// The recordings of a stress test, decoded: again for each condition, but for those that fit into memory, which are kept.
// And the voices that talk behind one of them: others of the same test, chosen by name, so that neither the order of the
// manifest nor how many utterances are tested changes who talks.

import { decodeAudio, SAMPLE_RATE_HZ } from "../../audio/index.ts";
import type { Utterance } from "../../data/index.ts";
import { basename, readWholeFile } from "../../platform/index.ts";
import { RandomStream } from "../../random.ts";
import type { Voice } from "./conditions.ts";

/** 64 MB: 17 minutes. */
const MOST_KEPT_SAMPLES = 2 ** 24;
/** So many people of the test talk in babble; each is decoded once. */
const TALKERS = 32;
const MOST_TALKER_SAMPLES = 10 * SAMPLE_RATE_HZ;

/** What is random about an utterance follows from this: not from its place in the manifest, nor from the machine. */
export const stableName = ({ path, transcript }: Utterance): string => `${basename(path)} ${transcript}`;

/** So many of them at most, drawn by their names, in their order. */
export function drawByName<Item extends Utterance>(
  items: readonly Item[],
  most: number,
  seed: number,
): Item[] {
  if (items.length <= most) return [...items];
  const drawn = items
    .map((item, place) => ({ place, rank: new RandomStream("drawn", seed, stableName(item)).bits() }))
    .toSorted((a, b) => a.rank - b.rank || a.place - b.place)
    .slice(0, most);
  return drawn.toSorted((a, b) => a.place - b.place).map(({ place }) => items[place]);
}

export class TestRecordings {
  readonly #kept = new Map<Utterance, Float32Array>();
  #keptSamples = 0;
  readonly #talkers: readonly Utterance[];
  readonly #talks = new Map<Utterance, Promise<Float32Array | undefined>>();

  /** @param utterances the whole test, whichever of it are tried */
  constructor(utterances: readonly Utterance[], seed: number) {
    this.#talkers = drawByName(utterances, TALKERS, seed).toSorted((a, b) =>
      stableName(a) < stableName(b) ? -1 : 1,
    );
  }

  /** Undefined where it cannot be read. */
  async read(utterance: Utterance): Promise<Float32Array | undefined> {
    const kept = this.#kept.get(utterance);
    if (kept) return kept;
    const samples = await decode(utterance);
    if (samples && this.#keptSamples + samples.length <= MOST_KEPT_SAMPLES) {
      this.#kept.set(utterance, samples);
      this.#keptSamples += samples.length;
    }
    return samples;
  }

  /**
   * Other speakers where speakers are known, else other utterances; where there is none that can be read, the recording
   * itself, backwards.
   */
  async voicesBeside(
    utterance: Utterance,
    samples: Float32Array,
    most: number,
    seed: number,
  ): Promise<Voice[]> {
    const random = new RandomStream("voices", seed);
    const others = this.#talkers.filter((talker) => stableName(talker) !== stableName(utterance));
    const strangers = others.filter(({ speaker }) => speaker !== utterance.speaker);
    const voices: Voice[] = [];
    for (const talker of random.shuffle(strangers.length > 0 ? strangers : others)) {
      if (voices.length === most) break;
      const talk = await this.#talkOf(talker);
      if (talk) voices.push({ samples: talk, start: random.integer(talk.length) });
    }
    return voices.length > 0 ? voices : [{ samples: samples.toReversed(), start: 0 }];
  }

  #talkOf(talker: Utterance): Promise<Float32Array | undefined> {
    const known = this.#talks.get(talker);
    if (known) return known;
    const talk = decode(talker).then((samples) => {
      const some = samples?.slice(0, MOST_TALKER_SAMPLES);
      return some?.some((sample) => sample !== 0) ? some : undefined;
    });
    this.#talks.set(talker, talk);
    return talk;
  }
}

/** What cannot be read is the recognizer's to explain. */
async function decode({ path }: Utterance): Promise<Float32Array | undefined> {
  try {
    return (await decodeAudio(await readWholeFile(path), path)).samples;
  } catch {
    return undefined;
  }
}
