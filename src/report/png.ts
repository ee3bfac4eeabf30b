// A picture of 256 colors as a PNG file (ISO/IEC 15948): one byte a pixel, an index into a palette, rows unfiltered.

import { crc32, deflate } from "../platform/index.ts";

export interface PalettePicture {
  readonly width: number;
  readonly height: number;
  /** [height, width], the top row first: indices into the palette. */
  readonly pixels: Uint8Array;
  /** Red, green and blue of each color, 0 to 255; at most 256 colors. */
  readonly palette: readonly (readonly [red: number, green: number, blue: number])[];
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const BITS = 8;
const INDEXED = 3;

export async function pngOf({ width, height, pixels, palette }: PalettePicture): Promise<Uint8Array> {
  const size = [...uint32(width), ...uint32(height)];
  const header = [...size, BITS, INDEXED, 0, 0, 0]; // compression, filters and interlacing: as there is only one of each
  const rows = new Uint8Array(height * (width + 1)); // each begins with its filter: 0 for none
  for (let y = 0; y < height; y++) rows.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  return joined([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("PLTE", palette.flat()),
    chunk("IDAT", await deflate(rows)),
    chunk("IEND", []),
  ]);
}

/** Its length, its name, its content, and the checksum of name and content. */
function chunk(name: string, content: ArrayLike<number>): Uint8Array {
  const named = joined([new TextEncoder().encode(name), content]);
  return joined([uint32(content.length), named, uint32(crc32(named))]);
}

/** Big-endian. */
function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

function joined(parts: readonly ArrayLike<number>[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
