// Which job a command means: the recordings by their places and by what tells their content apart, and all that makes their
// transcripts: files by their content, and the version. Where they are mounted, and when they were copied there, does not matter.

import { open } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileFacts, readWholeFile, sha256 } from "../../../../platform/index.ts";
import type { InputRecording } from "../../recordings.ts";
import { version } from "../../version.ts";

const NAME_LENGTH = 20;

/**
 * @param marks of each recording: its size, or its `contentMarks`
 * @param options as transcripts depend on them
 */
export async function jobName(
  recordings: readonly InputRecording[],
  marks: readonly (number | string)[],
  options: Readonly<Record<string, unknown>>,
  madeBy = version(),
): Promise<string> {
  const list = recordings.map(({ place, channel }, i) => [place, channel, marks[i]]);
  const entries = Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  const made: unknown[] = [];
  for (const [name, value] of entries) made.push([name, await Promise.all([value].flat().map(contentOf))]);
  return sha256()
    .update(JSON.stringify([madeBy, list, made]))
    .digest()
    .slice(0, NAME_LENGTH);
}

/** Of a file, or of a run's model, a digest in place of its name. */
async function contentOf(value: unknown): Promise<unknown> {
  if (typeof value !== "string") return value;
  const facts = await fileFacts(value);
  if (facts?.kind === "folder") return contentOf(join(value, "model.safetensors"));
  if (facts?.kind !== "file") return value;
  return [
    basename(value),
    sha256()
      .update(await readWholeFile(value))
      .digest(),
  ];
}

/** Of the beginning and of the end of a recording. */
const MARKED_BYTES = 65_536;

/**
 * Of each recording its size and a digest of its first and last 64 kB, so that one that another of its size took the place of
 * is another job. Empty where there is no file that can be read: whoever transcribes it reports that.
 */
export async function contentMarks(
  recordings: readonly InputRecording[],
  onProgress: (done: number) => void = () => undefined,
): Promise<string[]> {
  const marks: string[] = [];
  for (const { path } of recordings) {
    onProgress(marks.length);
    marks.push(await contentMark(path).catch(() => ""));
  }
  return marks;
}

async function contentMark(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const digest = sha256();
    for (const from of new Set([0, Math.max(0, size - MARKED_BYTES)])) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(MARKED_BYTES), 0, MARKED_BYTES, from);
      digest.update(buffer.subarray(0, bytesRead));
    }
    return `${size} ${digest.digest()}`;
  } finally {
    await file.close();
  }
}
