// A WAV file as the microphone of a tab: what is lost, how late final texts come, and whether memory stays.
//
//   node recipes/tab/live.mjs RECORDING.wav [seconds] [MODEL]

import { basename, dirname, resolve } from "node:path";
import { openChromium } from "../../test/chromium/chromium.mjs";

const [recording, seconds = "60", model = "models/commands-en/model.safetensors"] = process.argv.slice(2);
const chromium = await openChromium({
  microphone: resolve(recording),
  folders: { "/model/": dirname(model), "/recipe/": import.meta.dirname },
  flags: ["--enable-precise-memory-info"],
});
const page = await chromium.page();
const before = await chromium.cpuSeconds();
const path = `/model/${basename(model)}`;
const heard = await page.call("/recipe/in-tab.mjs", "listen", path, Number(seconds));
const cpuSeconds = (await chromium.cpuSeconds()) - before;
await chromium.close();
const delays = heard.finals.map(({ delayMs }) => Math.round(delayMs)).toSorted((a, b) => a - b);
console.log(JSON.stringify({ ...heard, finals: heard.finals.length, delays, cpuSeconds }, undefined, 1));
