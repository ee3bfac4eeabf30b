// A picture of 256 colors as a PNG file (ISO/IEC 15948): one byte a pixel, an index into a palette, rows unfiltered.

import { crc32, deflateSync } from "node:zlib";

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
const UNFILTERED = 0;

export function pngOf({ width, height, pixels, palette }: PalettePicture): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([BITS, INDEXED], 8); // compression, filters and interlacing: 0
  const rows = Buffer.alloc(height * (width + 1), UNFILTERED);
  for (let y = 0; y < height; y++) rows.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  return Buffer.concat([
    Buffer.from(SIGNATURE),
    chunk("IHDR", header),
    chunk("PLTE", Buffer.from(palette.flat())),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(name: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, "latin1"), content]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(content.length, 0);
  ends.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)]);
}
