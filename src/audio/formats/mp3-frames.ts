// Finds the frames of an MPEG-1/2/2.5 Layer III stream (ISO/IEC 11172-3, 2.4.1.3 and 13818-3). The decoder is fed
// whole frames only, each kind by itself, so damaged headers and foreign bytes never reach it. Knows no audio arithmetic.

export interface Mp3Frame {
  readonly start: number;
  /** One past the last byte; beyond the end of the file when the last frame is cut off. */
  readonly end: number;
  readonly rateHz: number;
  readonly channels: 1 | 2;
  readonly samples: number;
  /** Version and rate as one number: equal in all frames of one stream. */
  readonly kind: number;
}

/** How far behind the start of the file the first frame may lie, in bytes (padding after tags). */
const SEARCH_BYTES = 65_536;

/**
 * The frames of the stream; empty when two frames in a row are nowhere near the start. Where its version or rate changes
 * on the way (files joined byte by byte do), two frames in a row of the new kind make it known.
 */
export function findMp3Frames(bytes: Uint8Array, searchBytes = SEARCH_BYTES): Mp3Frame[] {
  const first = findFirstFrame(bytes, searchBytes);
  if (first === undefined) return [];
  const frames: Mp3Frame[] = [];
  let { kind } = first;
  for (let position = first.start; position + 4 <= bytes.length;) {
    const frame = readFrameHeader(bytes, position);
    if (frame !== undefined && (frame.kind === kind || isFollowed(bytes, frame))) {
      frames.push(frame);
      kind = frame.kind;
      position = frame.end;
    } else {
      position++;
    }
  }
  return frames;
}

/** Consecutive frames of one kind: what one decoder can take. */
export function partsOfOneKind(frames: readonly Mp3Frame[]): Mp3Frame[][] {
  const parts: Mp3Frame[][] = [];
  for (const frame of frames) {
    const part = parts.at(-1);
    if (part?.[0].kind === frame.kind) part.push(frame);
    else parts.push([frame]);
  }
  return parts;
}

// 11 set bits occur by chance in any data: a second frame of the same kind must follow, or the exact end.
function findFirstFrame(bytes: Uint8Array, searchBytes: number): Mp3Frame | undefined {
  const limit = Math.min(bytes.length - 4, searchBytes);
  for (let position = 0; position <= limit; position++) {
    if (bytes[position] !== 0xff) continue;
    const frame = readFrameHeader(bytes, position);
    if (frame === undefined) continue;
    if (frame.end === bytes.length || isFollowed(bytes, frame)) return frame;
  }
  return undefined;
}

const isFollowed = (bytes: Uint8Array, { end, kind }: Mp3Frame): boolean =>
  readFrameHeader(bytes, end)?.kind === kind;

const KBPS_VERSION_1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const KBPS_VERSION_2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const RATES_HZ = [44_100, 48_000, 32_000];

function readFrameHeader(bytes: Uint8Array, start: number): Mp3Frame | undefined {
  if (start + 4 > bytes.length || bytes[start] !== 0xff || (bytes[start + 1] & 0xe0) !== 0xe0)
    return undefined;
  const version = (bytes[start + 1] >> 3) & 3; // 0: MPEG-2.5, 2: MPEG-2, 3: MPEG-1
  const layer = (bytes[start + 1] >> 1) & 3; // 1: Layer III
  const rateIndex = (bytes[start + 2] >> 2) & 3;
  const bitrateIndex = bytes[start + 2] >> 4; // 0 (free format) is not supported
  if (version === 1 || layer !== 1 || rateIndex === 3 || bitrateIndex === 0 || bitrateIndex === 15)
    return undefined;
  const isVersion1 = version === 3;
  const rateHz = RATES_HZ[rateIndex] / (isVersion1 ? 1 : version === 2 ? 2 : 4);
  const samples = isVersion1 ? 1152 : 576;
  const kbps = (isVersion1 ? KBPS_VERSION_1 : KBPS_VERSION_2)[bitrateIndex];
  const padding = (bytes[start + 2] >> 1) & 1;
  const end = start + Math.floor((samples / 8) * ((kbps * 1000) / rateHz)) + padding;
  const channels = bytes[start + 3] >> 6 === 3 ? 1 : 2;
  return { start, end, rateHz, channels, samples, kind: version * 4 + rateIndex };
}
