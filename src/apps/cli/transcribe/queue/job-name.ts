// Which job a command means: the recordings by their places and sizes, and all that makes their transcripts, files by their
// content. Where they are mounted, and when they were copied there, does not matter.

import { basename, join } from "node:path";
import { fileFacts, readWholeFile, sha256 } from "../../../../platform/index.ts";
import type { InputRecording } from "../../recordings.ts";

const NAME_LENGTH = 20;

/** @param options as transcripts depend on them */
export async function jobName(
  recordings: readonly InputRecording[],
  sizes: readonly number[],
  options: Readonly<Record<string, unknown>>,
): Promise<string> {
  const list = recordings.map(({ place, channel }, i) => [place, channel, sizes[i]]);
  const entries = Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  const made: unknown[] = [];
  for (const [name, value] of entries) made.push([name, await Promise.all([value].flat().map(contentOf))]);
  return sha256()
    .update(JSON.stringify([list, made]))
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
