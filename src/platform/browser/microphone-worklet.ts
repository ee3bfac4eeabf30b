// Runs in the audio thread of a browser (W3C Web Audio, AudioWorkletGlobalScope): gathers what the microphone gives in blocks of
// 128 samples, and posts it in chunks of some 20 ms. It imports nothing, so that it is one file.

interface WorkletScope {
  /** Of the first sample of the block at hand, since the context started. */
  readonly currentFrame: number;
  readonly sampleRate: number;
  readonly AudioWorkletProcessor: new () => {
    readonly port: { postMessage(m: unknown, t: unknown[]): void };
  };
  registerProcessor(name: string, processor: new () => object): void;
}

const scope = globalThis as unknown as WorkletScope;
const BLOCK = 128;
const CHUNK = BLOCK * Math.max(1, Math.round((0.02 * scope.sampleRate) / BLOCK));
const LATEST_BEGINNING = 0.5 * scope.sampleRate;

class MicrophoneProcessor extends scope.AudioWorkletProcessor {
  #samples = new Float32Array(CHUNK);
  #filled = 0;
  #position = 0;
  #hasBegun = false;

  /** @param inputs [one source][channels]; no channels while there is no sound @returns that it goes on */
  process([[channel]]: readonly (readonly Float32Array[])[]): boolean {
    if (channel === undefined || !this.#begins(channel)) return true;
    const isGap = this.#filled > 0 && scope.currentFrame !== this.#position + this.#filled;
    if (isGap) this.#post();
    if (this.#filled === 0) this.#position = scope.currentFrame;
    this.#samples.set(channel, this.#filled);
    this.#filled += channel.length;
    if (this.#filled + BLOCK > CHUNK) this.#post();
    return true;
  }

  /** A device that is starting gives zeros with gaps between them. They are left out: gaps would count as sound that was lost. */
  #begins(channel: Float32Array): boolean {
    this.#hasBegun ||= scope.currentFrame >= LATEST_BEGINNING || channel.some((sample) => sample !== 0);
    return this.#hasBegun;
  }

  #post(): void {
    const samples = this.#samples.slice(0, this.#filled);
    this.port.postMessage({ samples, position: this.#position }, [samples.buffer]);
    this.#filled = 0;
  }
}

scope.registerProcessor("earshot-microphone", MicrophoneProcessor);
