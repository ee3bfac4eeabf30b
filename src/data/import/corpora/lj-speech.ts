// The LJ Speech Dataset (Ito & Johnson 2017): metadata.csv of lines "LJ001-0001|as written|as spoken", in which quotes
// mean nothing, and wavs/. One speaker, no official split.

import { filesNamed, folderOf, joined, recordingsByStem } from "../folder.ts";
import type { Importer } from "../importer.ts";
import { readEach, readLines } from "../lines.ts";
import { published } from "../published.ts";

export const ljSpeech: Importer = {
  name: "ljspeech",
  description: "LJ Speech: 24 h, 1 speaker, English, read books; public domain; 2.7 GB",
  locate: published([
    {
      name: "ljspeech",
      url: "https://data.keithito.com/data/speech/LJSpeech-1.1.tar.bz2",
      checksum: {
        algorithm: "sha256",
        hex: "be1a30453f28eb8dd26af4101ae40cbf2c50413b1bb21936cbcdc6fae3de8aa5",
      },
    },
  ]),
  read(folder) {
    const stems = recordingsByStem(folder);
    return readEach(filesNamed(folder, "metadata.csv"), (table) =>
      readLines(folder, table, (line) => {
        const cells = line.split("|").map((cell) => cell.trim());
        const [id, written, normalized = ""] = cells;
        const transcript = normalized || written; // a few lines lack the words as spoken
        if (cells.length > 3 || !transcript || !id) return columns(cells.length);
        const stem = joined(folderOf(table), "wavs", id);
        return { path: stems.get(stem) ?? `${stem}.wav`, transcript, speaker: "LJ" };
      }),
    );
  },
};

const columns = (count: number): string =>
  count === 2 || count === 3
    ? "an empty column"
    : `${count} column${count === 1 ? "" : "s"} where there are 3, between |`;
