// Three hours in one stream: AN4's test clips one after another, drawn by a seed, as live speech would come. Prints the
// memory of the process every ten minutes of sound, and the WER beside that of the clips one by one. A word belongs to the
// clip in which its middle lies. The model's network must follow a stream.
// EARSHOT_DATA=… node recipes/an4/long-recording.mjs MODEL [HOURS]

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { decodeAudio, errorRates, Recognizer } from "../../dist/index.js";
import { RandomStream } from "../../dist/random.js";
import { earshot, manifestOf, percent } from "../earshot.mjs";

const RATE_HZ = 16_000; // of decoded samples
const REPORT_SECONDS = 600;

const [model, hours = "3"] = process.argv.slice(2);
const manifest = manifestOf("an4");
const recognizer = await Recognizer.load(model, { threads: 1 });
const { played, words } = await recognizeAll(await testClips(), Number(hours) * 3600);
await recognizer.close();
const { wer } = errorRates(played.map(({ reference, ...clip }) => ({ reference, hypothesis: textIn(clip) })));
const [alone] = await earshot("test", manifest, "-m", model, "--split", "test", "--greedy");
console.log(`WER ${percent(wer)} in one stream, ${percent(alone.wer)} clip by clip`);

async function testClips() {
  const rows = readFileSync(manifest, "utf8").trimEnd().split("\n").slice(1);
  const test = rows.map((row) => row.trimEnd().split(",")).filter(([, , , split]) => split === "test");
  return Promise.all(
    test.map(async ([path, reference]) => {
      const bytes = readFileSync(join(dirname(manifest), path));
      const { samples } = await decodeAudio(bytes, path);
      return { samples, reference };
    }),
  );
}

/** The words recognized, and when each clip was played, in seconds. */
async function recognizeAll(clips, seconds) {
  const random = new RandomStream(1, "long recording");
  const stream = recognizer.stream();
  const [words, played] = [[], []];
  const reading = (async () => {
    for await (const event of stream) if (event.type === "final") words.push(...event.words);
  })();
  for (let at = 0, reported = 0; at < seconds;) {
    const { samples, reference } = clips[random.integer(clips.length)];
    await stream.write(samples);
    const end = at + samples.length / RATE_HZ;
    played.push({ reference, start: at, end });
    at = end;
    if (at < reported + REPORT_SECONDS) continue;
    reported += REPORT_SECONDS;
    console.log(`${Math.round(at / 60)} min of sound: ${Math.round(process.memoryUsage.rss() / 1e6)} MB`);
  }
  await stream.finish();
  await reading;
  return { played, words };
}

function textIn({ start, end }) {
  const middle = ({ startMs, endMs }) => (startMs + endMs) / 2000;
  const within = words.filter((word) => middle(word) >= start && middle(word) < end);
  return within.map(({ text }) => text).join(" ");
}
