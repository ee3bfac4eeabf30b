// The model and the voices of Kokoro on a disk: where they lie, and how they are fetched. A folder holds model.onnx and
// voices/, with a file of style vectors for each voice.

import {
  cacheFolder,
  fetchFile,
  fileFacts,
  join,
  listFiles,
  type Checksum,
} from "../../../platform/index.ts";
import { absentSpeechEngine, type SpeechFetchOptions } from "../../speech-engine.ts";
import { VOICE_DIGESTS, VOICES_URL } from "./published-voices.ts";

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
  /** By their names, such as "af_sky". */
  readonly voices: Readonly<Record<string, PublishedFile>>;
}

const sha256 = (hex: string): Checksum => ({ algorithm: "sha256", hex });

/** The model in int8 (92 MB, by thewh1teagle's kokoro-onnx) and the voices (28 MB); both Apache 2.0. */
const PUBLISHED: PublishedKokoro = {
  model: {
    url: "https://github.com/thewh1teagle/kokoro-onnx/releases/download/model-files-v1.0/kokoro-v1.0.int8.onnx",
    checksum: sha256("6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"),
  },
  voices: Object.fromEntries(
    Object.entries(VOICE_DIGESTS).map(([name, hex]) => [
      name,
      { url: `${VOICES_URL}${name}.bin`, checksum: sha256(hex) },
    ]),
  ),
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
    "Run again with --fetch (120 MB), or give the folder that has them with --kokoro; docs/synthesis.md tells where they are published.";
  throw absentSpeechEngine("kokoro", `There is no ${lacks.join(" and no ")} in ${folder}.`, remedy);
}

/** Fetches what is not there, file by file; broken off, it goes on. @throws EarshotError DOWNLOAD_FAILED, CHECKSUM_MISMATCH */
export async function fetchKokoro(
  folder: string,
  { signal, onProgress }: SpeechFetchOptions = {},
  { model, voices }: PublishedKokoro = PUBLISHED,
): Promise<void> {
  const bring = ({ url, checksum }: PublishedFile, path: string, what: string) =>
    fetchFile(url, path, { checksum, signal, onProgress: (progress) => onProgress?.(what, progress) });
  await bring(model, join(folder, MODEL), "model");
  for (const [name, file] of Object.entries(voices))
    await bring(file, join(folder, VOICES, `${name}.bin`), `voice ${name}`);
}
