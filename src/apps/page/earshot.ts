// The library as the page uses it: loaded once, when a room first needs it, with types of its own.

import type * as Earshot from "../../browser/index.ts";

export type {
  Alphabet,
  Decoder,
  Emission,
  Grammar,
  Microphone,
  Recognizer,
  RecordingParts,
  Transcription,
} from "../../browser/index.ts";
export type EarshotModule = typeof Earshot;
export type Word = Earshot.Transcription["words"][number];

export const loadEarshot = (): Promise<EarshotModule> => import("../../browser/index.ts");
