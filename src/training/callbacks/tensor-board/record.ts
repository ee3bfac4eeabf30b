// The record files of TensorFlow (tensorflow.org/tutorials/load_data/tfrecord): each record is its length, that length's
// checksum, the data, and the data's checksum, little-endian. It does not know what the data says.

import { crc32c } from "./crc32c.ts";

/** The bytes that append one record to a file. */
export function tfRecord(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(12 + data.length + 4);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc(record.subarray(0, 8)), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc(data), true);
  return record;
}

/** Rotated, and a constant added: TensorFlow masks checksums that are stored among data that may itself hold some. */
function maskedCrc(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
