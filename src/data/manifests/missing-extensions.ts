// Paths that lack the extension of their recording, as in the tables of some releases of Common Voice. A path that leads
// to a file stays as it is; another takes the first usual extension with which there is a file. It does not open files.

import { AUDIO_EXTENSIONS, hasAudioExtension } from "../audio-extensions.ts";
import { mapConcurrently } from "../concurrency.ts";
import type { Utterance } from "./format.ts";

/** In the order in which they are tried. */
const EXTENSIONS = [".mp3", ...AUDIO_EXTENSIONS.filter((extension) => extension !== ".mp3")];

/** Paths looked for at a time. */
const LOOKERS = 32;

/** @param isThere whether a path leads to a file; asked only of paths without an extension of recordings. */
export async function addMissingExtensions(
  utterances: readonly Utterance[],
  isThere: (path: string) => Promise<boolean>,
): Promise<Utterance[]> {
  const completed = [...utterances];
  const lacking = [...utterances.keys()].filter((index) => !hasAudioExtension(utterances[index].path));
  await mapConcurrently(lacking, LOOKERS, async (index) => {
    const { path } = utterances[index];
    if (await isThere(path)) return;
    for (const extension of EXTENSIONS) {
      if (!(await isThere(path + extension))) continue;
      completed[index] = { ...utterances[index], path: path + extension };
      return;
    }
  });
  return completed;
}
