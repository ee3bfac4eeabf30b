// A browser's microphone as chunks of samples, as they are heard: `getUserMedia` (W3C Media Capture) into an audio worklet, whose
// thread the page cannot hold up. What the page does not read waits, up to half a minute.

import { EarshotError } from "../../errors.ts";
import { lacking } from "./lacking.ts";

export interface MicrophoneOptions {
  /** As `navigator.mediaDevices.enumerateDevices` calls it; the browser's choice by default. */
  readonly deviceId?: string;
  /** The browser's own processing, made for calls; all false by default, as recognizers hear better without. */
  readonly echoCancellation?: boolean;
  readonly noiseSuppression?: boolean;
  readonly autoGainControl?: boolean;
}

/** Reading is `for await (const samples of microphone)`; leaving that loop closes it. */
export interface Microphone extends AsyncIterable<Float32Array> {
  /** Of the samples, which are mono and in [-1, 1]: what `Recognizer.stream` takes as `sampleRateHz`. */
  readonly sampleRateHz: number;
  /** Samples that were lost on the way: heard and not delivered in time, or not read for half a minute. */
  readonly lostSamples: number;
  /** Turns the microphone off; what was heard can still be read. */
  close(): Promise<void>;
}

/** Of Web Audio (W3C) what is used here, as far as it is. */
interface Track {
  stop(): void;
  addEventListener(kind: "ended", listener: () => void): void;
}
interface Stream {
  getTracks(): readonly Track[];
}
interface AudioNode {
  connect(node: AudioNode): void;
}
interface WorkletNode extends AudioNode {
  readonly port: {
    addEventListener(kind: "message", listener: (event: { readonly data: WorkletChunk }) => void): void;
    start(): void;
  };
}
interface AudioContext {
  readonly sampleRate: number;
  readonly destination: AudioNode;
  readonly audioWorklet?: { addModule(url: URL): Promise<void> };
  createMediaStreamSource(stream: Stream): AudioNode;
  resume(): Promise<void>;
  close(): Promise<void>;
}
interface BrowserAudio {
  readonly AudioContext?: new (options: { readonly latencyHint: "interactive" }) => AudioContext;
  readonly AudioWorkletNode?: new (context: AudioContext, name: string, options: object) => WorkletNode;
  readonly navigator?: {
    readonly mediaDevices?: { getUserMedia(constraints: object): Promise<Stream> };
  };
}

/** What microphone-worklet.ts posts. */
export interface WorkletChunk {
  readonly samples: Float32Array;
  /** Of the first sample since the context started. */
  readonly position: number;
}

const LONGEST_WAIT_SECONDS = 30;
const REMEDY = "Open the page over https, or from localhost, in a current browser.";

/** Asks for the microphone and turns it on. @throws EarshotError NOT_IN_BROWSER, MICROPHONE_REFUSED, NO_MICROPHONE */
export async function openMicrophone(options: MicrophoneOptions = {}): Promise<Microphone> {
  const { AudioContext, AudioWorkletNode, navigator } = globalThis as BrowserAudio;
  if (!AudioContext || !AudioWorkletNode || !navigator?.mediaDevices) throw lacking("microphone", REMEDY);
  const stream = await navigator.mediaDevices.getUserMedia(constraintsOf(options)).catch((error: unknown) => {
    throw refused(error);
  });
  const context = new AudioContext({ latencyHint: "interactive" });
  const queue = new ChunkQueue(context.sampleRate * LONGEST_WAIT_SECONDS);
  const close = async (): Promise<void> => {
    queue.end();
    for (const track of stream.getTracks()) track.stop();
    await context.close().catch(() => undefined); // it is closed already
  };
  try {
    await context.audioWorklet?.addModule(new URL("./microphone-worklet.js", import.meta.url));
    const node = new AudioWorkletNode(context, "earshot-microphone", { numberOfOutputs: 0 });
    node.port.addEventListener("message", ({ data }) => queue.put(data));
    node.port.start();
    for (const track of stream.getTracks()) track.addEventListener("ended", () => void close());
    context.createMediaStreamSource(stream).connect(node);
    await context.resume();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    sampleRateHz: context.sampleRate,
    get lostSamples() {
      return queue.lost;
    },
    close,
    async *[Symbol.asyncIterator]() {
      try {
        yield* queue.chunks();
      } finally {
        await close();
      }
    },
  };
}

function constraintsOf({
  deviceId,
  echoCancellation = false,
  noiseSuppression = false,
  autoGainControl = false,
}: MicrophoneOptions): object {
  const device = deviceId === undefined ? {} : { deviceId: { exact: deviceId } };
  return { audio: { ...device, channelCount: 1, echoCancellation, noiseSuppression, autoGainControl } };
}

function refused(cause: unknown): EarshotError {
  const { name, message } = cause as Error;
  const isRefused = name === "NotAllowedError" || name === "SecurityError";
  return new EarshotError(
    isRefused
      ? {
          code: "MICROPHONE_REFUSED",
          problem: "The browser does not give the page the microphone.",
          remedy: "Allow it beside the address of the page, and try again.",
        }
      : {
          code: "NO_MICROPHONE",
          problem: `The browser opens no microphone: ${message.replace(/\.?$/, ".")}`,
          remedy: "Connect one, or choose another, and see that no other program holds it.",
        },
    { cause },
  );
}

/** Chunks that were heard and not read yet. */
class ChunkQueue {
  lost = 0;
  readonly #longest: number;
  readonly #waiting: Float32Array[] = [];
  #samples = 0;
  #next: number | undefined;
  #ended = false;
  #wake: () => void = () => undefined;

  constructor(longest: number) {
    this.#longest = longest;
  }

  put({ samples, position }: WorkletChunk): void {
    this.lost += position - (this.#next ?? position);
    this.#next = position + samples.length;
    if (this.#samples > this.#longest) this.lost += samples.length;
    else {
      this.#waiting.push(samples);
      this.#samples += samples.length;
    }
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  async *chunks(): AsyncGenerator<Float32Array> {
    for (;;) {
      const chunk = this.#waiting.shift();
      if (chunk) {
        this.#samples -= chunk.length;
        yield chunk;
      } else if (this.#ended) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
