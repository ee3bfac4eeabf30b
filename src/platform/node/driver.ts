// What Node offers: the driver behind `#platform-driver` there.

export { deflate } from "./compression.ts";
export { unpackArchive } from "./archives/unpack.ts";
export { audioConverter } from "./converter.ts";
export { fetchFile, fetchText } from "./downloads.ts";
export { runExecutable } from "./executables.ts";
export {
  fileFacts,
  fileIdentity,
  listFiles,
  readChunks,
  readWholeFile,
  removePath,
  statFile,
  statFiles,
} from "./files.ts";
export { cacheFolder } from "./cache-folder.ts";
export { openFolder, temporaryFolder } from "./folder.ts";
export { crc32, sha256, sha256Of } from "./hash.ts";
export { leavingNoEmptyFolders } from "./make-folders.ts";
export { coreCount, nextTurn, peakMemoryBytes, rereadBytes } from "./machine.ts";
export { readLargeFile } from "./mapped-file.ts";
export { modelsFolder } from "./models-folder.ts";
export { importPackage, wasmOptions } from "./packages.ts";
export { isRank, joinRanks, launchedRank, openRanks } from "./ranks.ts";
export { checkReplaceable, removeUnfinished, replaceFile } from "./replace-file.ts";
export { openScratchFile } from "./scratch-file.ts";
export { openStatusLine } from "./status-line.ts";
export { serveProcess, startProcess } from "./process.ts";
export { checkWorker, serve, startWorker } from "./worker.ts";
export { basename, dirname, extname, join, relative, resolve } from "./path.ts";
