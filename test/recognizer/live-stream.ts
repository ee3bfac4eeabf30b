// Streams in tests: sound cut at random places, and the events that come of it.

import type { RandomStream } from "../../src/random.ts";
import type { FinalEvent, PartialEvent, Recognizer, StreamEvent } from "../../src/recognizer/index.ts";

/** The whole stream is one utterance. */
export const ONE_UTTERANCE = { endpoints: { detector: "none", longestUtteranceMs: 3_600_000 } } as const;

/** In pieces of up to so many samples, some of them empty. */
export function cutAtRandom(samples: Float32Array, most: number, random: RandomStream): Float32Array[] {
  const pieces: Float32Array[] = [];
  for (let at = 0, end; at < samples.length; at = end) {
    end = at + Math.floor(most * random.uniform() ** 2);
    pieces.push(samples.subarray(at, end));
  }
  return pieces;
}

/** All events of a stream that is written piece by piece. */
export async function eventsOf(
  recognizer: Recognizer,
  pieces: readonly (Float32Array | Uint8Array)[],
  options?: Parameters<Recognizer["stream"]>[0],
): Promise<StreamEvent[]> {
  const stream = recognizer.stream(options);
  const reading = readAll(stream);
  for (const piece of pieces) await stream.write(piece);
  await stream.finish();
  return reading;
}

export const finalsOf = (events: readonly StreamEvent[]): FinalEvent[] =>
  events.filter((event) => event.type === "final");

export const partialsOf = (events: readonly StreamEvent[]): PartialEvent[] =>
  events.filter((event) => event.type === "partial");

/** Without confidences and scores, whose last digits depend on the batch. */
export const timedFinals = (events: readonly StreamEvent[]) =>
  finalsOf(events).map(({ text, words, startMs, endMs, endedBy }) => {
    return {
      text,
      times: words.map((word) => [word.text, word.startMs, word.endMs]),
      startMs,
      endMs,
      endedBy,
    };
  });

/** What was marked final and is missing from a later text of its utterance. */
export function changedFinals(events: readonly StreamEvent[]): string[] {
  const marked = new Map<number, string>();
  return events.flatMap((event) => {
    if (event.type !== "partial" && event.type !== "final") return [];
    const before = marked.get(event.utterance) ?? "";
    if (event.type === "partial") marked.set(event.utterance, event.text.slice(0, event.finalCharacters));
    return event.text.startsWith(before) ? [] : [`"${before}" became "${event.text}"`];
  });
}

export async function readAll(stream: AsyncIterable<StreamEvent>): Promise<StreamEvent[]> {
  const events: StreamEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}
