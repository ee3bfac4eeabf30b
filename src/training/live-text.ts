// Whoever takes a network that follows live speech expects live text: if features wait for the end, that must be told.

import type { Warning } from "../errors.ts";
import { waitingSetting } from "../model/index.ts";
import { networkContract, type Architecture } from "../network/index.ts";
import type { TrainingSettings } from "./settings.ts";

/** `NO_LIVE_TEXT`, or none. */
export function withoutLiveText({ features }: TrainingSettings, architecture: Architecture): Warning[] {
  const followsStreams = networkContract(architecture).lookAhead !== "utterance";
  const waiting = waitingSetting(features);
  if (!followsStreams || waiting === undefined) return [];
  const { name, value, wanted } = waiting;
  const message =
    `The network follows live speech, but ${name} "${value}" needs the whole utterance: text comes after it. ` +
    `For live text, ${name} must be ${wanted}.`;
  return [{ code: "NO_LIVE_TEXT", message }];
}
