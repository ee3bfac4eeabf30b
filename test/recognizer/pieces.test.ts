import { describe, expect, it } from "vitest";
import { RandomStream } from "../../src/random.ts";
import {
  CONTEXT_SECONDS,
  cutAtPauses,
  PieceStream,
  type RecordingPiece,
  LONGEST_PIECE_SECONDS,
  WHOLE_SECONDS,
} from "../../src/recognizer/pieces.ts";

const RATE_HZ = 16_000;

const random = new RandomStream(1, "pieces");
const NOISE = Float32Array.from({ length: 1.7 * RATE_HZ }, () => 0.4 * random.normal());

/** Noise as loud as speech, with soft noise in the pauses: [start, end] in seconds. */
function speech(seconds: number, pauses: readonly (readonly [number, number])[] = []): Float32Array {
  const samples = Float32Array.from({ length: seconds * RATE_HZ }, (_, n) => NOISE[n % NOISE.length]);
  for (const [start, end] of pauses) {
    const pause = samples.subarray(start * RATE_HZ, end * RATE_HZ);
    for (const n of pause.keys()) pause[n] *= 0.01;
  }
  return samples;
}

/** Where the pieces end, in seconds. */
const endsOf = (pieces: readonly RecordingPiece[]): number[] => pieces.map(({ to }) => to / RATE_HZ);

/** The pieces themselves, without their context. */
const ownOf = (pieces: readonly RecordingPiece[]): Float32Array[] =>
  pieces.map(({ samples, start, from, to }) => samples.subarray(from - start, to - start));

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

describe("a recording", () => {
  it("of at most 40 s is one piece, the same samples", async () => {
    for (const seconds of [0, 0.01, 3, WHOLE_SECONDS]) {
      const samples = new Float32Array(seconds * RATE_HZ);
      const pieces = await cutAtPauses(samples);
      expect(pieces).toHaveLength(1);
      expect(pieces[0].samples).toBe(samples);
    }
  });

  it("that is longer is cut in the middle of its pauses", async () => {
    const samples = speech(41, [[11, 11.5], [21, 21.4], [34.6, 35.4]]); // prettier-ignore
    const [first, second, third, last] = endsOf(await cutAtPauses(samples));
    expect(Math.abs(first - 11.25)).toBeLessThan(0.12);
    expect(Math.abs(second - 21.2)).toBeLessThan(0.12);
    expect(Math.abs(third - 35)).toBeLessThan(0.27);
    expect(last).toBe(41);
  });

  it("is whole in its pieces, each of at most 16 s, whatever its length", async () => {
    for (const seconds of [40.001, 41, 49.99, 50, 79, 80.5, 200]) {
      const samples = speech(seconds, [[12, 12.2], [39, 39.3], [40, 41]]); // prettier-ignore
      const pieces = await cutAtPauses(samples);
      expect(Buffer.concat(ownOf(pieces).map(bytesOf)).equals(bytesOf(samples))).toBe(true);
      for (const { length } of ownOf(pieces)) {
        expect(length).toBeGreaterThan(0.5 * RATE_HZ);
        expect(length).toBeLessThanOrEqual(LONGEST_PIECE_SECONDS * RATE_HZ);
      }
    }
  });

  it("is not copied", async () => {
    const samples = speech(90);
    for (const piece of await cutAtPauses(samples)) expect(piece.samples.buffer).toBe(samples.buffer);
  });

  it("is given with a second of what lies around each piece, in chunks of any size", async () => {
    const samples = speech(90, [[12, 12.2], [39, 39.3]]); // prettier-ignore
    const stream = await PieceStream.open();
    const pieces: RecordingPiece[] = [];
    for (let at = 0; at < samples.length; at += 7_777)
      pieces.push(...stream.push(samples.subarray(at, at + 7_777)));
    for (const { samples: own, start, from, to } of [...pieces, ...stream.finish()]) {
      expect(start).toBe(Math.max(0, from - CONTEXT_SECONDS * RATE_HZ));
      const end = Math.min(samples.length, to + CONTEXT_SECONDS * RATE_HZ);
      expect(bytesOf(own).equals(bytesOf(samples.subarray(start, end)))).toBe(true);
    }
  });

  it("of silence or of noise without a pause is cut all the same", async () => {
    for (const samples of [new Float32Array(100 * RATE_HZ), speech(100)]) {
      expect((await cutAtPauses(samples)).length).toBeGreaterThanOrEqual(7);
    }
  });

  it("has the same pieces in chunks of any size, and they leave before it ends", async () => {
    for (const seconds of [0, 40, 40.001, 55.5, 76.3]) {
      const samples = speech(seconds, [[12, 12.2], [39, 39.3], [40, 41]]); // prettier-ignore
      const whole = await cutAtPauses(samples);
      for (const most of [160, 16_000, 20 * RATE_HZ, 50 * RATE_HZ]) {
        const stream = await PieceStream.open();
        const early: RecordingPiece[] = [];
        for (let at = 0, end; at < samples.length; at = end) {
          end = at + Math.ceil(most * random.uniform());
          early.push(...stream.push(samples.subarray(at, end)));
        }
        const pieces = [...early, ...stream.finish()];
        expect(endsOf(pieces)).toEqual(endsOf(whole));
        expect(Buffer.concat(ownOf(pieces).map(bytesOf)).equals(bytesOf(samples))).toBe(true);
        expect(pieces.length - early.length).toBeLessThanOrEqual(seconds > WHOLE_SECONDS ? 2 : 1);
      }
    }
  });
});
