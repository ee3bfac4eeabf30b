// CRC-32C (Castagnoli; RFC 3720, appendix B.4), the checksum of TensorFlow's record files. ZIP's CRC-32 (`crc32` of the
// platform) has another polynomial.

const POLYNOMIAL = 0x82f63b78; // reflected

export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? POLYNOMIAL : 0); // records are a few bytes long
  }
  return ~crc >>> 0;
}
