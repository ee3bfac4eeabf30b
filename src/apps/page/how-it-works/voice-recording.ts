// The reader's own voice: from the microphone into a file, until it is stopped or another room is entered.

import { useEffect, useState } from "preact/hooks";
import { useRoute } from "../route.ts";
import { MicrophoneTurn } from "../sound/microphone-turn.ts";
import { joinedSamples } from "../sound/samples.ts";
import { useLibrary } from "./library.ts";
import { MOST_SECONDS } from "./sources.ts";

export interface VoiceRecording {
  /** Undefined while nothing is recorded. */
  readonly seconds: number | undefined;
  start(): Promise<void>;
  stop(): void;
}

/** @param onWav gets what was recorded @param onFailure gets why the microphone is not there */
export function useVoiceRecording(
  onWav: (wav: Uint8Array) => void,
  onFailure: (error: unknown) => void,
): VoiceRecording {
  const { encodeWav } = useLibrary();
  const { room } = useRoute();
  const [microphone] = useState(() => new MicrophoneTurn());
  const [seconds, setSeconds] = useState<number>();
  useEffect(() => () => microphone.stop(), [room]);
  const record = async (): Promise<void> => {
    const opened = await microphone.open();
    if (!opened) return;
    const { sampleRateHz, chunks } = opened;
    const parts: Float32Array[] = [];
    let count = 0;
    for await (const chunk of chunks) {
      parts.push(chunk);
      count += chunk.length;
      setSeconds(Math.floor(count / sampleRateHz));
      if (count >= MOST_SECONDS * sampleRateHz) break;
    }
    if (count > 0) onWav(encodeWav(joinedSamples(parts), sampleRateHz));
  };
  return {
    seconds,
    stop: () => microphone.stop(),
    start: async () => {
      microphone.begin();
      setSeconds(0);
      await record().catch(onFailure);
      await microphone.end();
      setSeconds(undefined);
    },
  };
}
