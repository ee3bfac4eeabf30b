// The reader's own voice: from the microphone into a file, until it is stopped or as long as the room shows.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Microphone } from "../earshot.ts";
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
  const { openMicrophone, encodeWav } = useLibrary();
  const microphone = useRef<Microphone>();
  const [seconds, setSeconds] = useState<number>();
  const stop = (): void => void microphone.current?.close();
  useEffect(() => stop, []);
  const record = async (): Promise<void> => {
    const opened = await openMicrophone();
    microphone.current = opened;
    setSeconds(0);
    const chunks: Float32Array[] = [];
    let count = 0;
    for await (const chunk of opened) {
      chunks.push(chunk);
      count += chunk.length;
      setSeconds(Math.floor(count / opened.sampleRateHz));
      if (count >= MOST_SECONDS * opened.sampleRateHz) break;
    }
    if (count > 0) onWav(encodeWav(joined(chunks, count), opened.sampleRateHz));
  };
  return {
    seconds,
    stop,
    start: () =>
      record()
        .catch(onFailure)
        .finally(() => setSeconds(undefined)),
  };
}

function joined(chunks: readonly Float32Array[], count: number): Float32Array {
  const samples = new Float32Array(count);
  let at = 0;
  for (const chunk of chunks) {
    samples.set(chunk, at);
    at += chunk.length;
  }
  return samples;
}
