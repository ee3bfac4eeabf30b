// A folder as a manifest: each recording with its transcript in a .txt file of the same name beside it, or in a list
// `*.trans.txt` of lines "name transcript" as LibriSpeech has them (Panayotov et al. 2015). Sub-folders named after
// train, dev or test give the split. Recordings are known by the names of their files; they are not opened.

import { EarshotError, type Warning } from "../../errors.ts";
import { inBrief } from "../../figures.ts";
import {
  basename,
  decodeText,
  dirname,
  extname,
  join,
  listFiles,
  readWholeFile,
  relative,
  resolve,
} from "../../platform/index.ts";
import { collapseWhiteSpace } from "../../text/index.ts";
import { AUDIO_EXTENSIONS, hasAudioExtension } from "../audio-extensions.ts";
import { mapConcurrently } from "../concurrency.ts";
import { splitNamed } from "./fields.ts";
import type { Manifest, Utterance } from "./format.ts";
import { malformedRows } from "./listing.ts";

/** What files with manifests are usually called; their content gives their format. */
export const MANIFEST_EXTENSIONS: readonly string[] = [".csv", ".tsv", ".json", ".jsonl"];

/** Files read at a time. */
const READERS = 16;

/**
 * The recordings anywhere below a folder: paths relative to it, sorted.
 * @throws EarshotError `NO_RECORDINGS`
 */
export async function findRecordings(folder: string): Promise<string[]> {
  return recordingsAmong(await visibleFiles(folder), folder);
}

/** @throws EarshotError `NO_RECORDINGS`, `NO_TRANSCRIPTS`, `UNREADABLE_TEXT` */
export async function readFolder(folder: string): Promise<Manifest> {
  const files = await visibleFiles(folder);
  const recordings = recordingsAmong(files, folder);
  const stems = new Set(recordings.map(stemOf));
  const texts = files.filter((file) => isList(file) || (isText(file) && stems.has(stemOf(file))));
  const read = await mapConcurrently(texts, READERS, (file) => readTranscripts(folder, file));
  const transcripts = new Map(read.flat());
  const withoutRecording = read.flat().filter(([stem]) => !stems.has(stem));
  const utterances: Utterance[] = [];
  const without: string[] = [];
  for (const recording of recordings) {
    const transcript = transcripts.get(stemOf(recording));
    if (transcript === undefined) without.push(recording);
    else
      utterances.push({ ...transcript, path: resolve(folder, recording), split: splitOf(folder, recording) });
  }
  if (utterances.length === 0) throw noTranscripts(folder, files, recordings);
  const rows = withoutRecording.map(
    ([stem, { where }]) => `${relative(folder, where)} (no recording ${basename(stem)})`,
  );
  return { utterances, warnings: [...malformedRows(folder, rows), ...untranscribed(folder, without)] };
}

/** Paths relative to the folder, sorted; hidden files, which some systems put beside each other file, are passed over. */
async function visibleFiles(folder: string): Promise<string[]> {
  return (await listFiles(folder)).filter((path) => !basename(path).startsWith("."));
}

function recordingsAmong(files: readonly string[], folder: string): string[] {
  const recordings = files.filter(hasAudioExtension);
  if (recordings.length === 0) throw noRecordings(folder, files);
  return recordings;
}

const hasExtension = (file: string, extensions: readonly string[]): boolean =>
  extensions.includes(extname(file).toLowerCase());
const isText = (file: string): boolean => hasExtension(file, [".txt"]);
const isList = (file: string): boolean => /\.trans\.txt$/i.test(file);
const stemOf = (file: string): string => file.slice(0, file.length - extname(file).length);

/** By the outermost sub-folder that is named after a split, else by the folder itself. */
function splitOf(folder: string, recording: string): string {
  const names = [...dirname(recording).split("/"), basename(resolve(folder))];
  return names.map(splitNamed).find((split) => split !== undefined) ?? "train";
}

// ── Transcripts ─────────────────────────────────────────────────────────────────────────────────────────────────

type Transcript = Pick<Utterance, "transcript" | "speaker" | "where">;

/** The transcripts of a text file, each with the stem of its recording; none when the file cannot be read. @throws UNREADABLE_TEXT */
async function readTranscripts(folder: string, file: string): Promise<[stem: string, Transcript][]> {
  const where = join(folder, file);
  const bytes = await readWholeFile(where).catch(() => undefined);
  if (bytes === undefined) return [];
  const text = decodeText(bytes, where);
  if (!isList(file)) return [[stemOf(file), { transcript: collapseWhiteSpace(text), speaker: "", where }]];
  return text.split("\n").flatMap((line, index) => {
    const [name, ...words] = line.trim().split(/\s+/);
    if (name === "") return [];
    const [speaker] = name.split("-"); // speaker-chapter-utterance
    const transcript = { transcript: words.join(" "), speaker, where: `${where}:${index + 1}` };
    return [[join(dirname(file), name), transcript]];
  });
}

// ── What is left out ────────────────────────────────────────────────────────────────────────────────────────────

function untranscribed(folder: string, recordings: readonly string[]): Warning[] {
  if (recordings.length === 0) return [];
  const one = recordings.length === 1;
  const left = one ? "1 recording left out that has" : `${recordings.length} recordings left out that have`;
  const beside = one ? "it" : "them";
  const message = `${folder}: ${left} no transcript in a .txt file (UTF-8) beside ${beside}: ${inBrief(recordings)}.`;
  return [{ code: "UNTRANSCRIBED_RECORDINGS", message }];
}

function noTranscripts(
  folder: string,
  files: readonly string[],
  [recording]: readonly string[],
): EarshotError {
  return new EarshotError({
    code: "NO_TRANSCRIPTS",
    where: folder,
    problem: "The folder holds recordings, but no transcript beside any of them.",
    remedy:
      manifestWithin(folder, files) ?? `Write what is said in ${recording} into ${stemOf(recording)}.txt.`,
  });
}

function noRecordings(folder: string, files: readonly string[]): EarshotError {
  const extensions = new Intl.ListFormat("en", { type: "disjunction" }).format(AUDIO_EXTENSIONS);
  return new EarshotError({
    code: "NO_RECORDINGS",
    where: folder,
    problem: `The folder holds no ${extensions} file.`,
    remedy:
      manifestWithin(folder, files) ??
      "Name another folder, or name the files themselves: their content is what counts.",
  });
}

/** Where a folder with a manifest in it was given, the manifest may have been meant. */
function manifestWithin(folder: string, files: readonly string[]): string | undefined {
  const found = files.find((file) => !file.includes("/") && hasExtension(file, MANIFEST_EXTENSIONS));
  return found === undefined ? undefined : `Did you mean "${join(folder, found)}"?`;
}
