// LibriSpeech (Panayotov et al. 2015): subset/speaker/chapter/ holds recordings and one list `….trans.txt` of lines
// "19-198-0000 NORTHANGER ABBEY". The subset's name is the official split.

import { splitNamed } from "../../manifests/fields.ts";
import { folderOf, joined, recordingsByStem } from "../folder.ts";
import type { Archive, Importer } from "../importer.ts";
import { readEach, readLines } from "../lines.ts";
import { published } from "../published.ts";

const SITE = "https://www.openslr.org/resources/12";

/** As torchaudio checks them. */
const SHA256: Readonly<Record<string, string>> = {
  "dev-clean": "76f87d090650617fca0cac8f88b9416e0ebf80350acb97b343a85fa903728ab3",
  "dev-other": "12661c48e8c3fe1de2c1caa4c3e135193bfb1811584f11f569dd12645aa84365",
  "test-clean": "39fde525e59672dc6d1551919b1478f724438a95aa55f874b576be21967e6c23",
  "test-other": "d09c181bba5cf717b3dee7d4d592af11a3ee3a09e08ae025c5506f6ebe961c29",
  "train-clean-100": "d4ddd1d5a6ab303066f14971d768ee43278a5f2a0aa43dc716b0e64ecbbbf6e2",
  "train-clean-360": "146a56496217e96c14334a160df97fffedd6e0a04e66b9c5af0d40be3c792ecf",
  "train-other-500": "ddb22f27f96ec163645d53215559df6aa36515f26e01dd70798188350adcb6d2",
};

const archives = Object.entries(SHA256).map(([name, hex]): Archive => {
  return { name, url: `${SITE}/${name}.tar.gz`, checksum: { algorithm: "sha256", hex } };
});

export const librispeech: Importer = {
  name: "librispeech",
  description:
    "LibriSpeech: up to 1000 h, 2484 speakers, English, read books; CC BY 4.0; 7 GB unless --part says",
  parts: {
    "train-clean-100": "6.3 GB, usual",
    "train-clean-360": "23 GB",
    "train-other-500": "30 GB",
    "dev-clean": "337 MB, usual",
    "dev-other": "314 MB",
    "test-clean": "346 MB, usual",
    "test-other": "328 MB",
  },
  locate: published(archives, ["train-clean-100", "dev-clean", "test-clean"]),
  read(folder) {
    const stems = recordingsByStem(folder);
    const lists = folder.paths.filter((path) => /\.trans\.txt$/i.test(path));
    return readEach(lists, (list) => {
      const split = list
        .split("/")
        .map(splitNamed)
        .find((named) => named !== undefined);
      return readLines(folder, list, (line) => {
        const [, id, speaker, transcript] = /^((\d+)-\d+-\d+)\s+(.*)$/.exec(line) ?? [];
        if (id === undefined) return "no name of a recording and words";
        const stem = joined(folderOf(list), id);
        return { path: stems.get(stem) ?? `${stem}.flac`, transcript, speaker, split };
      });
    });
  },
};
