// Who says what, and how fast. A speaker is a person among an engine's voices, or a new one mixed of two or three. Speakers
// are divided into train, dev and test, and only those of one split are mixed, so that no voice is in two splits. What is
// planned for a sentence follows from the seed, the speakers and the sentence, whatever else is spoken.

import { assignSplits } from "../data/index.ts";
import { RandomStream } from "../random.ts";
import type { SpeechEngine, SpeechVoice, VoiceMix } from "./speech-engine.ts";

export interface Speaker {
  /** As in the manifest, such as "kokoro-af_sky". */
  readonly name: string;
  readonly engine: string;
  /** Each utterance is in one of them. */
  readonly mixes: readonly VoiceMix[];
  readonly split: string;
}

export interface CastOptions {
  /** Shares of each engine's speakers. */
  readonly dev: number;
  readonly test: number;
  /** Mixed speakers for each of an engine that can mix. */
  readonly mixtures: number;
  readonly seed: number;
}

type Cast = Pick<SpeechEngine, "name" | "mixes" | "voices">;

/** The speakers of an engine. One with too few speakers for all splits has them in train. */
export function castSpeakers(engine: Cast, options: CastOptions): Speaker[] {
  const own = ownSpeakers(engine, options);
  if (!engine.mixes) return own;
  const mixed = ["train", "dev", "test"].flatMap((split) =>
    mixSpeakers(
      own.filter((speaker) => speaker.split === split),
      split,
      options,
    ),
  );
  return [...own, ...mixed];
}

function ownSpeakers({ name, voices }: Cast, { dev, test, seed }: CastOptions): Speaker[] {
  const byPerson = groupBy(voices, ({ speaker }) => speaker);
  const people = [...byPerson.keys()];
  const isEnough = people.length > Number(dev > 0) + Number(test > 0);
  const splits = isEnough
    ? assignSplits(
        people.map(() => ({ weight: 1 })),
        { dev, test },
        seed,
      )
    : people.map(() => "train");
  return people.map((person, index) => ({
    name: `${name}-${person.replaceAll(/\s+/g, "_")}`,
    engine: name,
    mixes: byPerson.get(person)!.map((voice: SpeechVoice) => [{ voice: voice.name, share: 1 }]),
    split: splits[index],
  }));
}

/** So near to one voice is no new one. */
const LEAST_SHARE = 0.2;

function mixSpeakers(own: readonly Speaker[], split: string, { mixtures, seed }: CastOptions): Speaker[] {
  if (own.length < 2) return [];
  const { engine } = own[0];
  const mixed = new Map<string, Speaker>();
  for (let index = 0; index < Math.round(mixtures * own.length); index++) {
    const random = new RandomStream(seed, "mixed voice", engine, split, index);
    const count = own.length > 2 && random.uniform() < 1 / 3 ? 3 : 2;
    const voices = random.shuffle(own).map(({ mixes }) => mixes[0][0].voice);
    const shares = drawShares(count, random);
    const mix = shares.map((share, parent) => ({ voice: voices[parent], share }));
    const parts = mix.map(({ voice, share }) => `${voice}${Math.round(100 * share)}`);
    const name = `${engine}-${parts.join("-")}`;
    mixed.set(name, { name, engine, mixes: [mix], split });
  }
  return [...mixed.values()];
}

/** In hundredths, 1 together. */
function drawShares(count: number, random: RandomStream): number[] {
  const free = Array.from({ length: count }, () => -Math.log(1 - random.uniform()));
  const sum = free.reduce((total, part) => total + part, 0);
  const hundredths = free.map((part) =>
    Math.round(100 * (LEAST_SHARE + ((1 - count * LEAST_SHARE) * part) / sum)),
  );
  const others = hundredths.slice(1).reduce((total, part) => total + part, 0);
  return [100 - others, ...hundredths.slice(1)].map((part) => part / 100);
}

export interface PlannedUtterance {
  /** As it will be in the manifest. */
  readonly text: string;
  readonly speaker: Speaker;
  readonly mix: VoiceMix;
  readonly speed: number;
}

export interface PlanOptions {
  /** How often each sentence is spoken, by as many speakers while there are so many. */
  readonly perSentence: number;
  /** The slowest and the fastest. */
  readonly speeds: readonly [number, number];
  /** How much of it each engine speaks, relative to the others; by default as much as it has speakers. */
  readonly weights?: Readonly<Record<string, number>>;
  readonly seed: number;
}

export function planSpeech(
  sentences: readonly string[],
  speakers: readonly Speaker[],
  options: PlanOptions,
): PlannedUtterance[] {
  const byEngine = groupBy(speakers, ({ engine }) => engine);
  const sizes = Object.fromEntries([...byEngine].map(([name, members]) => [name, members.length]));
  const settings = { ...options, weights: options.weights ?? sizes };
  return sentences.flatMap((text) => planSentence(text, byEngine, settings));
}

function planSentence(
  text: string,
  byEngine: ReadonlyMap<string, readonly Speaker[]>,
  { perSentence, speeds: [slowest, fastest], weights, seed }: Required<PlanOptions>,
): PlannedUtterance[] {
  const queues = new Map<string, Speaker[]>();
  return Array.from({ length: perSentence }, (_, index) => {
    const random = new RandomStream(seed, "speech", text, index);
    const engine = drawEngine([...byEngine.keys()], weights, random);
    const queue = queues.get(engine) ?? [];
    if (queue.length === 0)
      queue.push(...new RandomStream(seed, "speakers", text, engine, index).shuffle(byEngine.get(engine)!));
    queues.set(engine, queue);
    const speaker = queue.shift()!;
    const mix = speaker.mixes[random.integer(speaker.mixes.length)];
    const speed = Math.round(100 * (slowest + (fastest - slowest) * random.uniform())) / 100;
    return { text, speaker, mix, speed };
  });
}

function drawEngine(
  names: readonly string[],
  weights: Readonly<Record<string, number>>,
  random: RandomStream,
): string {
  const weightOf = (name: string): number => weights[name] ?? 1;
  let at = random.uniform() * names.reduce((sum, name) => sum + weightOf(name), 0);
  for (const name of names) {
    at -= weightOf(name);
    if (at < 0) return name;
  }
  return names[names.length - 1];
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const members = groups.get(keyOf(item));
    if (members) members.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
