// The door of the platform room: what a machine offers, behind small interfaces. package.json picks the driver.

export {
  audioConverter,
  basename,
  cacheFolder,
  checkReplaceable,
  checkWorker,
  coreCount,
  crc32,
  deflate,
  dirname,
  extname,
  fetchFile,
  fetchText,
  fileFacts,
  fileIdentity,
  importPackage,
  isRank,
  join,
  joinRanks,
  launchedRank,
  leavingNoEmptyFolders,
  listFiles,
  modelsFolder,
  nextTurn,
  openFolder,
  openRanks,
  openScratchFile,
  openStatusLine,
  peakMemoryBytes,
  readChunks,
  readLargeFile,
  readWholeFile,
  relative,
  removePath,
  removeUnfinished,
  replaceFile,
  rereadBytes,
  resolve,
  runExecutable,
  serve,
  serveProcess,
  sha256,
  sha256Of,
  startProcess,
  startWorker,
  statFile,
  statFiles,
  temporaryFolder,
  unpackArchive,
  wasmOptions,
} from "#platform-driver";
export { collectBytes, joinBytes } from "./bytes.ts";
export { compressPieces, DamagedPackingError, decompress, decompressPieces } from "./compression.ts";
export type { UnpackProgress } from "./archives.ts";
export type { Checksum, FetchOptions, FetchProgress } from "./downloads.ts";
export type { ExecutableOptions, ExecutableOutput } from "./executables.ts";
export type { FileFacts } from "./files.ts";
export type { FileContent, Folder } from "./folder.ts";
export { failingFolder, type InjectedFailure } from "./memory/failing-folder.ts";
export { memoryFolder } from "./memory/folder.ts";
export { memoryRanks } from "./memory/ranks.ts";
export { rememberingFolder } from "./memory/remembering-folder.ts";
export { sameThreadWorker, type SameThreadWorker } from "./memory/worker.ts";
export { checkOutputs, type OutputOptions } from "./outputs.ts";
export { rankSilent } from "./ranks.ts";
export type { RankMessage, Ranks, RanksOptions, SharedRanks } from "./ranks.ts";
export type { ScratchFile } from "./scratch-file.ts";
export type { StatusLine } from "./status-line.ts";
export { subfolder } from "./subfolder.ts";
export { decodeText, decodeTextPieces, utf8Of, type TextOptions } from "./text-bytes.ts";
export { isEncoding } from "./text-encodings.ts";
export { readWholeText } from "./text-file.ts";
export { isMissing, isSystemError, systemFault, type SystemError } from "./system-fault.ts";
export { ThreadExit, Transferred, WorkerClient, type Handlers, type WorkerThread } from "./worker.ts";
export { WorkerPool, type PoolFaults } from "./worker-pool.ts";
export { withLock } from "./with-lock.ts";
