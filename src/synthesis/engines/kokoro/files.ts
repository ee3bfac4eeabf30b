// The model and the voices of Kokoro on a disk: where they lie, and how they are fetched. A folder holds model.onnx and
// voices/, with a file of style vectors for each voice.

import { EarshotError } from "../../../errors.ts";
import {
  cacheFolder,
  fetchFile,
  fileFacts,
  join,
  listFiles,
  openFolder,
  removePath,
  unpackArchive,
  type Checksum,
} from "../../../platform/index.ts";
import { absentSpeechEngine, type SpeechFetchOptions } from "../../speech-engine.ts";

export interface KokoroFiles {
  readonly model: string;
  /** Their names, such as "af_sky". */
  readonly voices: readonly string[];
  voicePath(name: string): string;
}

const MODEL = "model.onnx";
const VOICES = "voices";

export interface PublishedFile {
  readonly url: string;
  readonly checksum: Checksum;
}

export interface PublishedKokoro {
  readonly model: PublishedFile;
  /** A packed folder, whose files *.bin are the voices. */
  readonly voices: PublishedFile;
}

/** The model in int8 (92 MB, by thewh1teagle's kokoro-onnx), the voices as kokoro-js has them (27 MB); both Apache 2.0. */
const PUBLISHED: PublishedKokoro = {
  model: {
    url: "https://github.com/thewh1teagle/kokoro-onnx/releases/download/model-files-v1.0/kokoro-v1.0.int8.onnx",
    checksum: {
      algorithm: "sha256",
      hex: "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb",
    },
  },
  voices: {
    url: "https://registry.npmjs.org/kokoro-js/-/kokoro-js-1.2.1.tgz",
    checksum: {
      algorithm: "sha256",
      hex: "1f0d0383ef0349af0bd9440d81dc12abbea3a5392eb645283eda876f537f5860",
    },
  },
};

export const usualKokoroFolder = (): string => join(cacheFolder(), "kokoro");

/** @throws EarshotError SPEECH_ENGINE_ABSENT */
export async function findKokoro(folder: string): Promise<KokoroFiles> {
  const model = join(folder, MODEL);
  const names = (await listFiles(join(folder, VOICES)).catch(() => [])) as readonly string[];
  const voices = names.filter((name) => /^\w+\.bin$/.test(name)).map((name) => name.slice(0, -4));
  const lacks = [
    ...((await fileFacts(model))?.kind === "file" ? [] : [MODEL]),
    ...(voices.length > 0 ? [] : [`${VOICES}/*.bin`]),
  ];
  const voicePath = (name: string): string => join(folder, VOICES, `${name}.bin`);
  if (lacks.length === 0) return { model, voices: voices.toSorted(), voicePath };
  const remedy =
    "Run again with --fetch (119 MB), or give the folder that has them with --kokoro; docs/synthesis.md tells where they are published.";
  throw absentSpeechEngine("kokoro", `There is no ${lacks.join(" and no ")} in ${folder}.`, remedy);
}

/** Fetches what is not there; broken off, it goes on. @throws EarshotError DOWNLOAD_FAILED, CHECKSUM_MISMATCH */
export async function fetchKokoro(
  folder: string,
  { signal, onProgress }: SpeechFetchOptions = {},
  { model, voices }: PublishedKokoro = PUBLISHED,
): Promise<void> {
  const bring = ({ url, checksum }: PublishedFile, path: string, what: "model" | "voices") =>
    fetchFile(url, path, { checksum, signal, onProgress: (progress) => onProgress?.(what, progress) });
  await bring(model, join(folder, MODEL), "model");
  const there = await listFiles(join(folder, VOICES)).catch(() => []);
  if (there.length > 0) return;
  const [packed, unpacked] = [join(folder, "voices.tgz"), join(folder, "unpacked")];
  await bring(voices, packed, "voices");
  await removePath(unpacked);
  await unpackArchive(packed, unpacked, { signal });
  await takeVoices(unpacked, folder);
  await removePath(unpacked);
  await removePath(packed);
}

async function takeVoices(unpacked: string, folder: string): Promise<void> {
  const [from, to] = [openFolder(unpacked), openFolder(folder)];
  const names = (await listFiles(unpacked)).filter((name) => name.endsWith(".bin"));
  if (names.length === 0) throw noVoices(unpacked);
  for (const name of names) {
    const bytes = await from.read(name);
    if (bytes) await to.replace(join(VOICES, name.replace(/^.*\//, "")), bytes);
  }
}

function noVoices(where: string): EarshotError {
  const problem = "There are no voices (*.bin) in the archive.";
  return absentSpeechEngine(
    "kokoro",
    `${where}: ${problem}`,
    "Fetch them by other means; see docs/synthesis.md.",
  );
}
