// The LJ Speech Dataset (Ito & Johnson 2017): metadata.csv of lines "LJ001-0001|as written|as spoken", in which quotes
// mean nothing, and wavs/. One speaker, no official split.

import { filesNamed, folderOf, joined, linesOf, recordingsByStem } from "../folder.ts";
import type { CorpusRow, Importer } from "../importer.ts";
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
  async read(folder) {
    const stems = recordingsByStem(folder);
    const rows: CorpusRow[] = [];
    const malformed: string[] = [];
    for (const table of filesNamed(folder, "metadata.csv")) {
      for (const { text, where } of await linesOf(folder, table)) {
        const cells = text.split("|").map((cell) => cell.trim());
        const [id, written, normalized = ""] = cells;
        const stem = joined(folderOf(table), "wavs", id);
        const path = stems.get(stem) ?? `${stem}.wav`;
        const transcript = normalized || written; // a few lines lack the words as spoken
        if (cells.length > 3 || !transcript || !id) malformed.push(`${where} (${columns(cells.length)})`);
        else rows.push({ path, transcript, speaker: "LJ", where });
      }
    }
    return { rows, malformed };
  },
};

const columns = (count: number): string =>
  count === 2 || count === 3
    ? "an empty column"
    : `${count} column${count === 1 ? "" : "s"} where there are 3, between |`;
