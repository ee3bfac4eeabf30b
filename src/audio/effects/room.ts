// The impulse response of a room that was never built: early reflections by the image method (Allen & Berkley 1979, "Image
// method for efficiently simulating small-room acoustics"), then a diffuse tail of decaying noise (as Moorer 1979),
// since the number of images grows with the cube of time. Absorption follows from the reverberation time (Eyring 1930).

import { RandomStream } from "../../random.ts";
import { SAMPLE_RATE_HZ } from "../resample.ts";
import { meanSquare } from "./mean-square.ts";

export interface Room {
  /** Length, width and height in metres. */
  readonly size: readonly [number, number, number];
  /** Where the mouth is, in metres from a corner. */
  readonly source: readonly [number, number, number];
  readonly microphone: readonly [number, number, number];
  /** Time in ms in which sound decays by 60 dB. */
  readonly t60Ms: number;
  /** Of the tail. */
  readonly seed: number;
}

const METRES_PER_SECOND = 343;
/** Until here each reflection is an image; the ear, and a filter bank, tell later ones no longer apart. */
const EARLY_MS = 60;
/** The span over which early and late energy are made equal. */
const JOINT_MS = 20;
const NEPERS_OF_60_DB = Math.log(1000);
/** Air and furniture swallow high frequencies first: the tail is smoothed by a one-pole filter. */
const TAIL_SMOOTHING = 0.35;

/** Taps at 16 kHz, the direct sound first among the loudest at tap `origin`. */
export function simulateRoom(room: Room): { readonly response: Float32Array; readonly origin: number } {
  const samples = Math.ceil((Math.max(room.t60Ms, EARLY_MS) * SAMPLE_RATE_HZ) / 1000);
  const response = new Float32Array(samples);
  const origin = Math.round((distance(room.source, room.microphone) * SAMPLE_RATE_HZ) / METRES_PER_SECOND);
  addImages(response, room);
  addTail(response, room);
  return { response, origin };
}

/** Share of the pressure that a wall reflects, the same for all six (Eyring's formula, for pressure). */
function reflection({ size: [x, y, z], t60Ms }: Room): number {
  const volume = x * y * z;
  const surface = 2 * (x * y + y * z + z * x);
  const absorption = 1 - Math.exp((-0.161 * volume) / (surface * (t60Ms / 1000)));
  return Math.sqrt(1 - Math.min(absorption, 0.99));
}

function addImages(response: Float32Array, room: Room): void {
  const reach = (METRES_PER_SECOND * EARLY_MS) / 1000;
  const tapsPerMetre = SAMPLE_RATE_HZ / METRES_PER_SECOND;
  const beta = reflection(room);
  const [alongX, alongY, alongZ] = [0, 1, 2].map((axis) => imagesAlong(room, axis, reach));
  for (const x of alongX) {
    for (const y of alongY) {
      for (const z of alongZ) {
        const metres = Math.sqrt(x.offset ** 2 + y.offset ** 2 + z.offset ** 2); // ten times as fast as Math.hypot
        if (metres > reach) continue;
        const tap = Math.round(metres * tapsPerMetre);
        if (tap < response.length)
          response[tap] += beta ** (x.walls + y.walls + z.walls) / Math.max(metres, 0.1);
      }
    }
  }
}

/** The images of the source along one axis: how far from the microphone, and behind how many walls. */
function imagesAlong({ size, source, microphone }: Room, axis: number, reach: number) {
  const most = Math.ceil(reach / (2 * size[axis])) + 1;
  const images: { readonly offset: number; readonly walls: number }[] = [];
  for (let n = -most; n <= most; n++) {
    const shift = 2 * n * size[axis] - microphone[axis];
    images.push({ offset: shift + source[axis], walls: Math.abs(2 * n) });
    images.push({ offset: shift - source[axis], walls: Math.abs(2 * n - 1) });
  }
  return images.filter(({ offset }) => Math.abs(offset) <= reach);
}

/** From the end of the images on: noise that decays by 60 dB in T60, as loud at first as the images were at last. */
function addTail(response: Float32Array, { t60Ms, seed }: Room): void {
  const start = Math.round((EARLY_MS * SAMPLE_RATE_HZ) / 1000);
  const joint = Math.round((JOINT_MS * SAMPLE_RATE_HZ) / 1000);
  const power = meanSquare(response.subarray(start - joint, start));
  const decay = Math.exp(-NEPERS_OF_60_DB / ((t60Ms * SAMPLE_RATE_HZ) / 1000)); // from a sample to the next
  const noise = new RandomStream("room", seed);
  let gain = Math.sqrt((power * (1 + TAIL_SMOOTHING)) / (1 - TAIL_SMOOTHING)) * decay ** (joint / 2);
  let smoothed = 0;
  for (let n = start; n < response.length; n++) {
    smoothed = TAIL_SMOOTHING * smoothed + (1 - TAIL_SMOOTHING) * noise.nearlyNormal();
    response[n] += gain * smoothed;
    gain *= decay;
  }
}

function distance(a: readonly number[], b: readonly number[]): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}
