// Samples as a WAV file (Microsoft, "Multimedia Programming Interface and Data Specifications 1.0").

const HEADER_BYTES = 44;
const SAMPLE_BYTES = 2;
const FULL_SCALE = 2 ** 15;

/** How samples lie in a WAV file. */
export interface WavFormat {
  /** 1: PCM, 3: float, 6: A-law, 7: µ-law. */
  readonly coding: number;
  /** Of a sample. */
  readonly bits: number;
  readonly channels: number;
  readonly rateHz: number;
}

/** What stands before so many bytes of samples. */
export function encodeWavHeader(
  { coding, bits, channels, rateHz }: WavFormat,
  dataBytes: number,
): Uint8Array {
  const view = new DataView(new ArrayBuffer(HEADER_BYTES));
  const text = (at: number, name: string): void =>
    [...name].forEach((letter, index) => view.setUint8(at + index, letter.charCodeAt(0)));
  const frameBytes = channels * (bits / 8);
  text(0, "RIFF");
  view.setUint32(4, HEADER_BYTES - 8 + dataBytes, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true); // bytes of the format that follows
  view.setUint16(20, coding, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, rateHz, true);
  view.setUint32(28, frameBytes * rateHz, true);
  view.setUint16(32, frameBytes, true);
  view.setUint16(34, bits, true);
  text(36, "data");
  view.setUint32(40, dataBytes, true);
  return new Uint8Array(view.buffer);
}

/** As 16-bit PCM, mono. @param samples in [-1, 1); what lies outside is clipped */
export function encodeWav(samples: Float32Array, rateHz: number): Uint8Array {
  const dataBytes = SAMPLE_BYTES * samples.length;
  const file = new Uint8Array(HEADER_BYTES + dataBytes);
  file.set(encodeWavHeader({ coding: 1, bits: 8 * SAMPLE_BYTES, channels: 1, rateHz }, dataBytes));
  const view = new DataView(file.buffer);
  for (const [n, sample] of samples.entries()) {
    const value = Math.max(-FULL_SCALE, Math.min(FULL_SCALE - 1, Math.round(FULL_SCALE * sample)));
    view.setInt16(HEADER_BYTES + SAMPLE_BYTES * n, value, true);
  }
  return file;
}
