// What a browser offers: the driver behind `#platform-driver` there, with the names of Node's.

export { deflate } from "./compression.ts";
export { audioConverter } from "./converter.ts";
export { runExecutable } from "./executables.ts";
export {
  fileFacts,
  fileIdentity,
  listFiles,
  readChunks,
  readWholeFile as readLargeFile,
  readWholeFile,
  removePath,
  statFile,
  statFiles,
} from "./files.ts";
export { cacheFolder } from "./cache-folder.ts";
export { openFolder, temporaryFolder } from "./folder.ts";
export { crc32, sha256, sha256Of } from "./hash.ts";
export { coreCount, nextTurn, peakMemoryBytes, rereadBytes } from "./machine.ts";
export { modelsFolder } from "./models-folder.ts";
export { importPackage, wasmOptions } from "./packages.ts";
export { checkReplaceable, removeUnfinished, replaceFile } from "./replace-file.ts";
export { isRank, joinRanks, launchedRank, openRanks } from "./ranks.ts";
export { openScratchFile } from "./scratch-file.ts";
export { openStatusLine } from "./status-line.ts";
/** A page has no processes: a worker is as far apart as it gets. */
export { serve as serveProcess, startWorker as startProcess } from "./worker.ts";
export { checkWorker, serve, startWorker } from "./worker.ts";
export { fetchFile, fetchText, leavingNoEmptyFolders, unpackArchive } from "./imports.ts";
export { basename, dirname, extname, join, relative, resolve } from "./path.ts";
