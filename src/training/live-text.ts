// Whoever takes a network that follows live speech expects live text: if features wait for the end, that must be told.

import type { Warning } from "../errors.ts";
import { streamDelayMs } from "../model/index.ts";
import { networkContract, type Architecture } from "../network/index.ts";
import type { TrainingSettings } from "./settings.ts";

/** `NO_LIVE_TEXT`, or none. */
export function withoutLiveText({ features }: TrainingSettings, architecture: Architecture): Warning[] {
  const followsStreams = networkContract(architecture).lookAhead !== "utterance";
  if (!followsStreams || streamDelayMs({ features, architecture }) !== undefined) return [];
  const [setting, wanted] =
    features.level === "utterance"
      ? ['features.level "utterance"', '"recorded"']
      : [`features.normalization "${features.normalization}"`, '"causal", "global" or "none"'];
  const message =
    `The network follows live speech, but ${setting} needs the whole utterance: text comes after it. ` +
    `For live text, ${setting.split(" ")[0]} must be ${wanted}.`;
  return [{ code: "NO_LIVE_TEXT", message }];
}
