// Samples as a WAV file: 16-bit PCM, mono (Microsoft, "Multimedia Programming Interface and Data Specifications 1.0").

const HEADER_BYTES = 44;
const SAMPLE_BYTES = 2;
const FULL_SCALE = 2 ** 15;

/** @param samples in [-1, 1); what lies outside is clipped */
export function encodeWav(samples: Float32Array, rateHz: number): Uint8Array {
  const dataBytes = SAMPLE_BYTES * samples.length;
  const view = new DataView(new ArrayBuffer(HEADER_BYTES + dataBytes));
  const text = (at: number, name: string): void =>
    [...name].forEach((letter, index) => view.setUint8(at + index, letter.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, HEADER_BYTES - 8 + dataBytes, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true); // bytes of the format that follows
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 1, true); // channels
  view.setUint32(24, rateHz, true);
  view.setUint32(28, SAMPLE_BYTES * rateHz, true);
  view.setUint16(32, SAMPLE_BYTES, true);
  view.setUint16(34, 8 * SAMPLE_BYTES, true);
  text(36, "data");
  view.setUint32(40, dataBytes, true);
  for (const [n, sample] of samples.entries()) {
    const value = Math.max(-FULL_SCALE, Math.min(FULL_SCALE - 1, Math.round(FULL_SCALE * sample)));
    view.setInt16(HEADER_BYTES + SAMPLE_BYTES * n, value, true);
  }
  return new Uint8Array(view.buffer);
}
