// The Free Spoken Digit Dataset (Jackson et al.): recordings/{digit}_{speaker}_{index}.wav. Officially the indices 0 to 4
// are the test; its speakers are those of the training, so hold out a speaker for an honest figure.

import { nameOf } from "../folder.ts";
import type { Importer } from "../importer.ts";
import { sortOut, type ParsedLine } from "../lines.ts";
import { published } from "../published.ts";

const DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
const TEST_INDICES = 5;

export const fsdd: Importer = {
  name: "fsdd",
  description: "Free Spoken Digit Dataset: 3000 digits, 6 speakers, English; CC BY-SA 4.0; 16 MB",
  locate: published([
    {
      name: "fsdd",
      url: "https://github.com/Jakobovski/free-spoken-digit-dataset/archive/refs/heads/master.tar.gz",
    },
  ]),
  read(folder) {
    const recordings = folder.paths.filter((path) => /(?:^|\/)recordings\/[^/]+$/.test(path));
    return Promise.resolve(sortOut(recordings.map((path) => ({ parsed: parseName(path), where: path }))));
  },
};

function parseName(path: string): ParsedLine {
  const [, digit, speaker, index] = /^(\d)_(.+)_(\d+)\.[a-z0-9]+$/i.exec(nameOf(path)) ?? [];
  if (digit === undefined) return "not named {digit}_{speaker}_{index}";
  const split = Number(index) < TEST_INDICES ? "test" : "train";
  return { path, transcript: DIGITS[Number(digit)], speaker, split };
}
