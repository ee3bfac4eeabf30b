// The limits of the server, in one table: what a client may ask for, and how long anybody waits for one.

import { z } from "../../settings.ts";

const whole = (least: number, most: number, usual: number) => z.int().min(least).max(most).default(usual);

export const serverLimits = z.strictObject({
  streams: whole(1, 100_000, 200).describe("Live streams at once"),
  streamsPerKey: whole(1, 100_000, 100).describe("Live streams of one key at once"),
  connections: whole(1, 1_000_000, 1_000).describe("Connections at once, of each port"),
  uploadMegabytes: whole(1, 2_000, 100).describe("The body of a request"),
  uploadsMegabytes: whole(1, 100_000, 400).describe("Bodies of requests that are held at once, together"),
  uploadSeconds: whole(1, 3_600, 120).describe("From the first byte of a request to its last"),
  headerSeconds: whole(1, 600, 10).describe("From a connection to the end of its headers"),
  files: whole(1, 10_000, 32).describe("Files that wait to be transcribed, of all models"),
  fileSeconds: whole(1, 86_400, 600).describe("That a file may take to be transcribed"),
  recordingSeconds: whole(1, 86_400, 7_200).describe("Sound in one file"),
  streamSeconds: whole(1, 864_000, 14_400).describe("Sound in one live stream"),
  messageKilobytes: whole(1, 65_536, 1_024).describe("A message of a live stream"),
  idleSeconds: whole(1, 86_400, 30).describe(
    "That a live stream may be silent: neither sound nor sign of life",
  ),
  unreadKilobytes: whole(1, 1_048_576, 1_024).describe("Answers that a slow reader has not taken"),
  drainSeconds: whole(0, 3_600, 30).describe("That streams have to finish when the server is told to stop"),
  hotWords: whole(0, 100_000, 1_000).describe("Hot words of one request"),
  grammarCharacters: whole(0, 1_000_000, 10_000).describe("The grammar of one request"),
  nBest: whole(1, 1_000, 10).describe("Texts of one request"),
  streamBatch: whole(1, 1_024, 32).describe(
    "Live streams that run through a network together when they wait; 1: each by itself",
  ),
});
export type ServerLimits = z.output<typeof serverLimits>;
