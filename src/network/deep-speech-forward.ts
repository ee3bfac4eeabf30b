// The paper's network (deep-speech.ts) without what needs the end of an utterance: windows of past frames and a few
// ahead, and a recurrence that only runs forward. So it can follow a stream: it is the network for live speech without
// its row convolution. Knows nothing of audio, text or training.

import { z } from "../settings.ts";
import { createForward, forwardSettings } from "./deep-speech-streaming.ts";
import type { NetworkDefinition } from "./network.ts";

const settings = z.strictObject(forwardSettings);

export const deepSpeechForward: NetworkDefinition<typeof settings> = {
  name: "deep-speech-forward",
  settings,
  create: (given, sizes) => createForward({ ...given, rowSteps: 0, rowPlaces: "top" }, sizes),
};
