// Makes clips/: sentences with made-up names, spoken by the voice of the demo's test split, which no training heard.
// The names are what "bedroom", "kitchen", "garden" and "window" become when they exchange their halves: sounds that the
// demo's network has heard, in words that nobody has. Needs espeak-ng, and ffmpeg with libmp3lame.

import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const CLIPS = join(import.meta.dirname, "clips");
const HALVES = ["bed-room", "kit-chen", "gar-den", "win-dow"].map((word) => word.split("-"));
const SENTENCES = [(name) => `open the ${name} door`, (name) => `turn on the ${name} light`];

const names = HALVES.flatMap(([first]) =>
  HALVES.filter(([own]) => own !== first).map(([, second]) => first + second),
);
const scratch = fs.mkdtempSync(join(tmpdir(), "earshot-hot-words-"));
fs.rmSync(CLIPS, { recursive: true, force: true });
fs.mkdirSync(CLIPS);
const rows = names.flatMap((name) =>
  SENTENCES.map((sentence, index) => {
    const path = `${name}-${index + 1}.mp3`;
    speak(sentence(name), path);
    return [path, sentence(name), name].join(",");
  }),
);
fs.writeFileSync(join(CLIPS, "manifest.csv"), ["path,transcript,name", ...rows, ""].join("\n"));
fs.rmSync(scratch, { recursive: true });
console.log(`${rows.length} clips`);

/** As demo/generate.mjs does it: levelled, silence at both ends cut to about 0.1 s, 16 kHz mono at 24 kbit/s. */
function speak(text, path) {
  const wav = join(scratch, "clip.wav");
  execFileSync("espeak-ng", ["-v", "en-us+f2", "-p", "50", "-s", "150", "-w", wav, text]);
  const trim = "silenceremove=start_periods=1:start_threshold=-50dB:start_silence=0.1";
  const filter = `aresample=16000,${trim},areverse,${trim},areverse,loudnorm=I=-20:TP=-2:LRA=11,aresample=16000`;
  const quality = "-ac 1 -c:a libmp3lame -b:a 24k -map_metadata -1 -fflags +bitexact".split(" ");
  execFileSync("ffmpeg", ["-v", "error", "-y", "-i", wav, "-af", filter, ...quality, join(CLIPS, path)]);
}
