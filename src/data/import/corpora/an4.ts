// CMU AN4 (Acero 1990): census answers, spelled and spoken. `etc/an4_train.fileids` lists recordings below `wav/`,
// `etc/an4_train.transcription` what is said in them, lines "<s> YES </s> (an251-fash-b)"; the same for test.

import { collapseWhiteSpace } from "../../../text/index.ts";
import { filesNamed, folderOf, joined, nameOf, recordingsByStem } from "../folder.ts";
import type { CorpusFolder } from "../folder.ts";
import type { CorpusRows, Importer } from "../importer.ts";
import { readEach, readLines } from "../lines.ts";
import { published } from "../published.ts";

export const an4: Importer = {
  name: "an4",
  description: "CMU AN4: 50 min, 84 speakers, English, spelled words and dates; free for any use; 64 MB",
  locate: published([{ name: "an4", url: "http://www.speech.cs.cmu.edu/databases/an4/an4_sphere.tar.gz" }]),
  read: (folder) =>
    readEach(["train", "test"], (split) =>
      readEach(filesNamed(folder, `an4_${split}.transcription`), (list) => readList(folder, list, split)),
    ),
};

async function readList(folder: CorpusFolder, list: string, split: string): Promise<CorpusRows> {
  const paths = await recordingsOf(folder, list.replace(/transcription$/, "fileids"));
  return readLines(folder, list, (line) => {
    const [, words, id] = /^(.*)\(([^()\s]+)\)$/.exec(line) ?? [];
    if (id === undefined) return "no name of a recording in parentheses";
    const path = paths.get(id);
    if (path === undefined) return `${id} is not in an4_${split}.fileids`;
    return { path, transcript: spoken(words), speaker: nameOf(folderOf(path)), split };
  });
}

/** Paths of recordings by their names; the list has lines such as `an4_clstk/fash/an251-fash-b`. */
async function recordingsOf(folder: CorpusFolder, list: string): Promise<ReadonlyMap<string, string>> {
  if (!folder.paths.includes(list)) return new Map();
  const stems = recordingsByStem(folder);
  const audio = joined(folderOf(folderOf(list)), "wav"); // beside `etc`
  const ids = (await folder.readText(list)).split(/\s+/).filter((id) => id !== "");
  return new Map(ids.map((id) => [nameOf(id), stems.get(joined(audio, id)) ?? joined(audio, `${id}.sph`)]));
}

/** Without the marks of sentence ends and of noises, such as `++COUGH++`. */
const spoken = (words: string): string =>
  collapseWhiteSpace(words.replaceAll(/<\/?s>|<sil>|\+\+[^+\s]*\+\+/gi, " "));
