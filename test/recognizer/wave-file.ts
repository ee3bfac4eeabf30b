// Recordings for tests: sweeping tones, and the bytes of a 16-bit mono WAV file (RIFF, WAVE_FORMAT_PCM).

export function sweep(seconds: number, rateHz = 16_000): Float32Array {
  return Float32Array.from({ length: Math.round(seconds * rateHz) }, (_, n) => {
    const t = n / rateHz;
    return 0.4 * Math.sin(2 * Math.PI * (200 + 900 * t) * t) * Math.sin(7 * t);
  });
}

export function waveFile(samples: Float32Array, rateHz = 16_000): Uint8Array {
  const bytes = Buffer.alloc(44 + 2 * samples.length);
  bytes.write("RIFF", 0);
  bytes.writeUInt32LE(36 + 2 * samples.length, 4);
  bytes.write("WAVEfmt ", 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rateHz, 24);
  bytes.writeUInt32LE(2 * rateHz, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write("data", 36);
  bytes.writeUInt32LE(2 * samples.length, 40);
  samples.forEach((sample, n) => bytes.writeInt16LE(Math.round(32_767 * sample), 44 + 2 * n));
  return new Uint8Array(bytes);
}
