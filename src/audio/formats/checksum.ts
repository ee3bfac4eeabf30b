// Tables of cyclic redundancy checks, highest bit first, as FLAC and Ogg use them: `crc` after one more `byte` is
// (crc << 8) ^ table[(crc >> (bits - 8)) ^ byte], within its bits.

/** [256] */
export function checksumTable(polynomial: number, bits: 8 | 16 | 32): Uint32Array {
  const top = 2 ** (bits - 1);
  const mask = 2 ** bits - 1;
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte * 2 ** (bits - 8);
    for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ (crc & top ? polynomial : 0)) & mask;
    return crc;
  });
}
