// An import, step by step: gather the folders, fetching and unpacking what is not there yet; read what is said in which
// recording; complete the splits; write the manifest. Run again after any interruption, it goes on from where it was.

import { EarshotError, type Warning } from "../../errors.ts";
import {
  basename,
  checkOutputs,
  dirname,
  extname,
  fetchFile,
  fetchText,
  fileFacts,
  join,
  leavingNoEmptyFolders,
  removePath,
  resolve,
  unpackArchive,
  type Checksum,
  type FetchProgress,
  type UnpackProgress,
} from "../../platform/index.ts";
import { collapseWhiteSpace } from "../../text/index.ts";
import { mapConcurrently } from "../concurrency.ts";
import { writeManifest, type WrittenRow } from "../manifests/manifest-writer.ts";
import { malformedRows } from "../manifests/listing.ts";
import type { SplitShares } from "../corpus/speaker-splits.ts";
import { openCorpusFolder } from "./folder.ts";
import type { Archive, Importer } from "./importer.ts";
import { completeSplits, type WeighedRow } from "./official-splits.ts";
import { archiveStem } from "./published.ts";
import { missingShards } from "./shards.ts";

export type ImportProgress =
  | ({
      readonly stage: "fetch";
      readonly name: string;
      readonly index: number;
      readonly count: number;
    } & FetchProgress)
  | ({ readonly stage: "unpack"; readonly name: string } & UnpackProgress)
  | { readonly stage: "read" };

export interface ImportOptions {
  readonly importer: Importer;
  /** Archives, unpacked folders, URLs or names of data sets; none for what the corpus itself publishes. */
  readonly sources?: readonly string[];
  /** The folder of the manifest, and of what is fetched and unpacked. */
  readonly out: string;
  readonly parts?: readonly string[];
  /** Of the one URL that is given. */
  readonly checksum?: Checksum;
  /** For official splits that are missing. */
  readonly shares: SplitShares;
  readonly seed: number;
  /** Leaves fetched archives where they are, in `out`/downloads. */
  readonly keepArchives?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ImportProgress) => void;
}

export interface ImportedCorpus {
  readonly manifest: string;
  readonly rows: readonly WrittenRow[];
  readonly warnings: readonly Warning[];
}

/**
 * A failed import leaves no empty folder, and of archives that were given nothing.
 * @throws EarshotError NOT_THIS_CORPUS, OUTPUT_IS_INPUT, and those of fetching, of unpacking and of the importer
 */
export async function importCorpus(options: ImportOptions): Promise<ImportedCorpus> {
  const { out, sources } = options;
  await checkOutputs([join(out, MANIFEST)], { inputs: sources, makesFolders: true });
  const unpacked: string[] = [];
  const work = () => importInto(options, unpacked);
  return leavingNoEmptyFolders(join(out, UNPACKED), () =>
    leavingNoEmptyFolders(join(out, DOWNLOADS), () =>
      work().catch(async (error: unknown) => {
        for (const folder of unpacked) await removePath(folder);
        throw error;
      }),
    ),
  );
}

const MANIFEST = "manifest.csv";
const UNPACKED = "corpus";
const DOWNLOADS = "downloads";

/** @param unpacked the folders that are made of archives on the disk go in here */
async function importInto(options: ImportOptions, unpacked: string[]): Promise<ImportedCorpus> {
  const { importer, out, shares, seed, signal, onProgress } = options;
  const { roots, warnings: gathered } = await gather(options, unpacked);
  onProgress?.({ stage: "read" });
  const read = await Promise.all(roots.map((root) => readRoot(importer, root, signal)));
  const { rows, repeated } = eachOnce(read.flatMap((corpus) => corpus.rows));
  if (rows.length === 0)
    throw notThisCorpus(
      importer,
      roots,
      read.flatMap(({ malformed }) => malformed),
    );
  const { splits, warnings } = completeSplits(rows, shares, seed);
  const manifest = join(out, MANIFEST);
  const written = rows.map(({ path, transcript, speaker }, index): WrittenRow => {
    return { path, transcript: collapseWhiteSpace(transcript), speaker, split: splits[index] };
  });
  await writeManifest(manifest, written);
  const sourceWarnings = read.flatMap((corpus) => [
    ...malformedRows(corpus.root, corpus.malformed),
    ...corpus.warnings,
  ]);
  return {
    manifest,
    rows: written,
    warnings: [...gathered, ...sourceWarnings, ...malformedRows(out, repeated), ...warnings],
  };
}

/** A recording that is listed twice could be in two splits: its first row counts. */
function eachOnce<Row extends { readonly path: string }>(all: readonly Row[]) {
  const byPath = new Map<string, Row>();
  const repeated: string[] = [];
  for (const row of all) {
    const path = resolve(row.path);
    if (byPath.has(path)) repeated.push(`${row.path} (listed again)`);
    else byPath.set(path, row);
  }
  return { rows: [...byPath.values()], repeated };
}

// ── From sources to folders ─────────────────────────────────────────────────────────────────────────────────────

interface Gathered {
  /** Folders to read: those that were given, and that of all that was ever unpacked into `out`. */
  readonly roots: readonly string[];
  readonly warnings: readonly Warning[];
}

async function gather(options: ImportOptions, unpacked: string[]): Promise<Gathered> {
  const { sources = [], out } = options;
  const given: string[] = [];
  const archives = new Map<string, string>();
  for (const source of sources) {
    const kind = (await fileFacts(source))?.kind;
    const within = kind === "folder" ? await archivesIn(source, options.importer) : [];
    for (const path of within) archives.set(join(source, path), path);
    if (kind === "file") archives.set(source, nameAmong(sources, source));
    else if (kind === "folder" && within.length === 0) given.push(source);
    else if (kind !== "folder") await fetchAll(source, options);
  }
  for (const [archive, path] of archives) {
    const folder = await unpackOnce(archive, withoutEnding(path), options);
    if (folder !== undefined) unpacked.push(folder);
  }
  if (sources.length === 0) await fetchAll(undefined, options);
  const onlyFolders = given.length === sources.length && given.length > 0;
  return {
    roots: onlyFolders ? given : [...given, join(out, UNPACKED)],
    warnings: missingShards([...archives.values()].map(withoutEnding)),
  };
}

/** Paths relative to the folder. */
async function archivesIn(folder: string, { archivesAmong }: Importer): Promise<readonly string[]> {
  return archivesAmong?.((await openCorpusFolder(folder)).paths) ?? [];
}

/** Its file's name, with that of its folder where another source has the same: train/0000.parquet and test/0000.parquet. */
function nameAmong(sources: readonly string[], source: string): string {
  const name = basename(source);
  const isShared = sources.some((other) => other !== source && basename(other) === name);
  return isShared ? join(basename(dirname(resolve(source))), name) : name;
}

const withoutEnding = (path: string): string => join(dirname(path), archiveStem(basename(path)));

async function fetchAll(source: string | undefined, options: ImportOptions): Promise<void> {
  const { importer, parts = [], checksum, signal } = options;
  const archives = await importer.locate({ source, parts, ask: (url) => fetchText(url, { signal }) });
  for (const [index, archive] of archives.entries()) {
    signal?.throwIfAborted();
    await fetchOnce({ ...archive, checksum: checksum ?? archive.checksum }, index, archives.length, options);
  }
}

async function fetchOnce(
  { url, name, checksum }: Archive,
  index: number,
  count: number,
  options: ImportOptions,
): Promise<void> {
  const { out, signal, keepArchives, onProgress } = options;
  if (await isFolder(unpackedFolder(out, name))) return;
  const path = join(out, DOWNLOADS, `${safeName(name)}${extname(new URL(url).pathname)}`);
  const onFetchProgress = (progress: FetchProgress): void =>
    onProgress?.({ stage: "fetch", name, index, count, ...progress });
  await fetchFile(url, path, { checksum, signal, onProgress: onFetchProgress });
  try {
    await unpackOnce(path, name, options);
  } catch (error) {
    // An archive that cannot be unpacked must be fetched anew.
    if (error instanceof EarshotError && error.code.endsWith("_ARCHIVE")) await removePath(path);
    throw error;
  }
  if (!keepArchives) await removePath(path);
}

/** @returns the folder, where it was not there yet */
async function unpackOnce(
  archive: string,
  name: string,
  options: ImportOptions,
): Promise<string | undefined> {
  const { out, signal, onProgress } = options;
  const folder = unpackedFolder(out, name);
  if (await isFolder(folder)) return undefined;
  const onUnpackProgress = (progress: UnpackProgress): void =>
    onProgress?.({ stage: "unpack", name, ...progress });
  await unpackArchive(archive, folder, { signal, onProgress: onUnpackProgress });
  return folder;
}

const isFolder = async (path: string): Promise<boolean> => (await fileFacts(path))?.kind === "folder";

const unpackedFolder = (out: string, name: string): string => join(out, UNPACKED, safeName(name));

/** Names come from pages and archives: no part of them leads out of the folder or is hidden in it. */
const safeName = (name: string): string =>
  name
    .split("/")
    .map((part) => part.replaceAll(/[^\w.-]+/g, "_").replace(/^\.+/, "_"))
    .filter((part) => part !== "")
    .join("/");

// ── From folders to rows ────────────────────────────────────────────────────────────────────────────────────────

interface ReadRoot {
  readonly root: string;
  readonly rows: readonly WeighedRow[];
  readonly malformed: readonly string[];
  readonly warnings: readonly Warning[];
}

/** Files looked at together. */
const READERS = 64;

/** Rows whose recordings are there, weighed by their bytes: within a corpus these go with the seconds. */
async function readRoot(importer: Importer, root: string, signal?: AbortSignal): Promise<ReadRoot> {
  const folder = await openCorpusFolder(root);
  const { rows, malformed, warnings = [] } = await importer.read(folder);
  signal?.throwIfAborted();
  const there = new Set(folder.paths);
  const missing = rows.filter(({ path }) => !there.has(path));
  const kept = await mapConcurrently(
    rows.filter(({ path }) => there.has(path)),
    READERS,
    async (row) => {
      const path = resolve(root, row.path);
      return { ...row, path, weight: (await fileFacts(path))?.bytes ?? 0 };
    },
  );
  const withoutRecording = missing.map(({ path, where }) => `${where} (no recording ${path})`);
  return { root, rows: kept, malformed: [...malformed, ...withoutRecording], warnings };
}

function notThisCorpus(
  { name }: Importer,
  roots: readonly string[],
  malformed: readonly string[],
): EarshotError {
  const why =
    malformed.length > 0 ? ` ${malformed.length} rows cannot be used; the first: ${malformed[0]}.` : "";
  return new EarshotError({
    code: "NOT_THIS_CORPUS",
    where: roots.join(", "),
    problem: `There is no recording with a transcript as ${name} lays them out.${why}`,
    remedy:
      "Give the corpus as it was published; a folder of recordings with texts beside them needs no import.",
  });
}
