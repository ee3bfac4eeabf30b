// The page of `earshot serve` on this machine: how long until it is there, and from then until a recording that is opened at once
// has its text; by a browser that has nothing of it yet, and by one that was here before.
//
//   node recipes/tab/first-transcript.mjs [RECORDING]

import { join } from "node:path";
import { chromium } from "playwright-core";
import { chromiumPath, noChromium } from "../../test/chromium/chromium.mjs";
import { printTable } from "../earshot.mjs";
import { serveModel } from "../serving/served-model.mjs";

const ROOT = join(import.meta.dirname, "../..");
const [recording = join(ROOT, "demo/corpus/test/flora-0600.mp3")] = process.argv.slice(2);
const VISITORS = 5;

if (noChromium) throw new Error(noChromium);
const server = await serveModel(join(ROOT, "models/commands-en/model.safetensors"));
const asRoot = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
const browser = await chromium.launch({ executablePath: chromiumPath, args: asRoot });
try {
  const [first, again] = [[], []];
  for (let visitor = 0; visitor < VISITORS; visitor++) {
    const context = await browser.newContext({ locale: "en" });
    const page = await context.newPage();
    first.push(await visit(page));
    again.push(await visit(page));
    await context.close();
  }
  const seconds = (times) => times.map((ms) => (ms / 1000).toFixed(2)).join(", ");
  const row = (name, visits) => [
    name,
    seconds(visits.map(({ there }) => there)),
    seconds(visits.map(({ text }) => text)),
  ];
  printTable(
    ["visit", "page is there, s", "from then to the text, s"],
    [row("first", first), row("again", again)],
  );
} finally {
  await browser.close();
  await server.end();
}

async function visit(page) {
  const start = performance.now();
  await page.goto(`${server.http}/`);
  const input = page.locator("section.room:not([hidden]) input[type=file]").first();
  await input.waitFor({ state: "attached" });
  const there = performance.now();
  await input.setInputFiles(recording);
  await page.getByRole("button", { name: "Play", exact: true }).waitFor(); // what is shown beside a text
  return { there: there - start, text: performance.now() - there };
}
