// What a browser offers: the driver behind `#platform-driver` there.

export { deflate } from "./compression.ts";
export { audioConverter } from "./converter.ts";
export { fetchFile, fetchText, unpackArchive } from "./imports.ts";

const missing = (): never => {
  throw new Error("not there yet");
};
export const fileFacts = missing;
export const listFiles = missing;
export const readChunks = missing;
export const readWholeFile = missing;
export const removePath = missing;
export const openFolder = missing;
export const temporaryFolder = missing;
export const crc32 = missing;
export const sha256 = missing;
export const coreCount = missing;
export const peakMemoryBytes = missing;
export const checkReplaceable = missing;
/** Whether there is such a module, only its start can tell. */
export const checkWorker = (_entry: URL): void => undefined;
export const removeUnfinished = missing;
export const replaceFile = missing;
export const StatusLine = missing;
export const serve = missing;
export const startWorker = missing;
