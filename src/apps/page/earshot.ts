// The library as the page uses it: its ready-made modules, loaded when a room first needs them. Rooms import nothing of src/ but the page,
// so that no part of the library is in the page twice.

import type * as Earshot from "earshot/browser";
import { PageFailure } from "./page-failure.ts";

export type {
  Alphabet,
  Decoder,
  Emission,
  Folder,
  Grammar,
  Microphone,
  Recognizer,
  RecordingParts,
  Transcription,
} from "earshot/browser";
export type EarshotModule = typeof Earshot;
export type SaidWord = Earshot.Transcription["words"][number];

/** Zod compiles its checks where a page may; here it may not, and asking whether it may would be a breach of the policy. */
const WITHOUT_COMPILING = { __zod_globalConfig: { jitless: true } };

/** @throws PageFailure partNotLoaded */
export async function loadEarshot(): Promise<EarshotModule> {
  Object.assign(globalThis, WITHOUT_COMPILING);
  try {
    return await import("earshot/browser");
  } catch {
    throw new PageFailure("partNotLoaded");
  }
}
