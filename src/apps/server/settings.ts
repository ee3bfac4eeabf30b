// The limits of the server, in one table: what a client may ask for, and how long anybody waits for one.

import { z } from "../../settings.ts";

export const MEGABYTE = 2 ** 20;
export const KILOBYTE = 2 ** 10;

const whole = (least: number, most: number, usual: number) => z.int().min(least).max(most).default(usual);

export const serverLimits = z.strictObject({
  streams: whole(1, 100_000, 200).describe("Live streams at once"),
  streamsPerKey: whole(1, 100_000, 100).describe("Live streams of one key at once"),
  connections: whole(1, 1_000_000, 1_000).describe("Connections at once, of each port"),
  uploadMegabytes: whole(1, 2_000, 100).describe("MB of the body of one request"),
  uploadsMegabytes: whole(1, 100_000, 400).describe("MB of all request bodies held at once"),
  uploadSeconds: whole(1, 3_600, 120).describe("Seconds from the first byte of a request to its last"),
  headerSeconds: whole(1, 600, 10).describe(
    "Seconds from the opening of a connection to the end of its headers",
  ),
  files: whole(1, 10_000, 32).describe("Files waiting to be transcribed, for all models"),
  fileWaitSeconds: whole(1, 86_400, 600).describe("Seconds that a file may wait for those before it"),
  fileSeconds: whole(1, 86_400, 600).describe("Seconds that transcribing one file may take"),
  recordingSeconds: whole(1, 86_400, 7_200).describe("Seconds of sound in one file"),
  streamSeconds: whole(1, 864_000, 14_400).describe("Seconds of sound in one live stream"),
  messageKilobytes: whole(1, 65_536, 1_024).describe("kB of one message of a live stream"),
  idleSeconds: whole(1, 86_400, 30).describe(
    "Seconds without audio or keep-alive, or with an answer unread, before a client is let go",
  ),
  unreadKilobytes: whole(1, 1_048_576, 1_024).describe("kB of answers that a slow reader may leave unread"),
  drainSeconds: whole(0, 3_600, 30).describe(
    "Seconds that streams have to finish when the server shuts down",
  ),
  hotWords: whole(0, 100_000, 1_000).describe("Hot words in one request"),
  grammarCharacters: whole(0, 1_000_000, 10_000).describe("Characters of the grammar in one request"),
  nBest: whole(1, 1_000, 10).describe("Alternative texts in one answer"),
  streamBatch: whole(1, 1_024, 32).describe(
    "Live streams that run through a network together when they wait; 1: each by itself",
  ),
  streamWorkers: whole(1, 64, 2).describe("Threads that live streams of a model run in"),
  fileWorkers: whole(1, 64, 1).describe("Threads that files of a model run in, one file at a time in each"),
});
export type ServerLimits = z.output<typeof serverLimits>;
