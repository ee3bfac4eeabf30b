// Trains in the page's room Teach, and ends the tab, or the whole browser, at random moments: does training go on where it was, and how much
// work is lost? Words are made of tones, so that nothing needs to be downloaded: `node recipes/tab/kill.mjs [kills=10] [seed=1]`.

import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium } from "playwright-core";
import { chromiumPath, noChromium } from "../../test/chromium/chromium.mjs";
import { serveFolders } from "../../test/chromium/static-server.mjs";

const [kills, seed] = [Number(process.argv[2] ?? 10), Number(process.argv[3] ?? 1)];
const WORDS = ["tea", "note", "see", "on", "eat", "sat", "toes", "nan"];
const TAKES = 5;
const TONES = { e: 180, t: 406, a: 692, o: 1051, n: 1504, s: 2072 };
const RATE = 16_000;
const PORT = 9_000 + (process.pid % 1_000);
const [LEAST_MS, MOST_MS] = [2_000, 12_000];

if (noChromium) throw new Error(noChromium);
const folder = mkdtempSync(join(tmpdir(), "earshot-kill-"));
const random = randomNumbers(seed);
writeCorpus();
const command = fileURLToPath(new URL("../../dist/apps/cli/main.js", import.meta.url));
spawnSync(process.execPath, [command, "page", "--out", join(folder, "site")], { stdio: "inherit" });
const server = await serveFolders({ folders: { "/site/": join(folder, "site") } });
let browser;
const lost = [];
try {
  let page = await open();
  await page.goto(`${server.origin}/site/index.html#teach/words`);
  await page.locator("input[webkitdirectory]").setInputFiles(join(folder, "corpus"));
  await page.getByRole("link", { name: "Continue" }).click();
  await page.getByLabel("Begin from").selectOption("nothing");
  await page.getByRole("button", { name: "Train", exact: true }).click();
  for (let kill = 1; kill <= kills; kill++) {
    const seen = await watch(page, LEAST_MS + random() * (MOST_MS - LEAST_MS));
    if (seen.at(-1).isDone) throw new Error(`The training was over after ${kill - 1} kills: ask for fewer.`);
    const how = kill % 2 === 1 ? "tab" : "browser";
    if (how === "tab") await page.goto("chrome://crash").catch(() => undefined);
    else await endBrowser();
    const endedAt = performance.now();
    page = how === "tab" ? await reopen(page) : await open();
    await page.goto(`${server.origin}/site/index.html#teach/train`);
    await page.getByRole("button", { name: "Go on" }).click();
    await page.locator("progress[data-step]").waitFor();
    const from = await resumedFrom(page);
    const { step } = seen.at(-1);
    const atCheckpoint = seen.find((each) => each.step >= from) ?? seen[0];
    const seconds = from >= step ? 0 : (endedAt - atCheckpoint.at) / 1000;
    lost.push(seconds);
    console.log(`${how} ended at step ${step}: on from ${from}, ${seconds.toFixed(1)} s of work lost`);
  }
  await page.getByText("Trained", { exact: true }).waitFor({ timeout: 0 });
  console.log(`trained to its end after ${kills} kills; most lost ${Math.max(...lost).toFixed(1)} s`);
} finally {
  await endBrowser();
  await server.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** A browser with the same storage each time. */
async function open() {
  const asRoot = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const storage = `--user-data-dir=${join(folder, "profile")}`;
  const own = spawn(
    chromiumPath,
    ["--headless=new", `--remote-debugging-port=${PORT}`, storage, "--lang=en", ...asRoot, "about:blank"],
    { stdio: "ignore", detached: true },
  );
  for (let tries = 0; ; tries++) {
    try {
      browser = { own, client: await chromium.connectOverCDP(`http://127.0.0.1:${PORT}`) };
      break;
    } catch (error) {
      if (tries === 240) throw error;
      await sleep(500);
    }
  }
  return reopen();
}

async function reopen(before) {
  const [context] = browser.client.contexts();
  const page = await context.newPage();
  await before?.close().catch(() => undefined);
  page.setDefaultTimeout(0);
  return page;
}

/** All of its processes, at once. */
async function endBrowser() {
  if (!browser) return;
  const { own } = browser;
  const ended = new Promise((resolve) => own.once("exit", resolve));
  if (own.exitCode === null && own.signalCode === null) {
    process.kill(-own.pid, "SIGKILL");
    await ended;
  }
  browser = undefined;
}

/** For a while after the first step of this visit: which step is done when. */
async function watch(page, ms) {
  const seen = [];
  for (let until = Infinity; performance.now() < until; await sleep(50)) {
    const [from, step, isDone] = await page.evaluate(() => {
      const { from = NaN, step = NaN } = document.querySelector("progress")?.dataset ?? {};
      return [Number(from), Number(step), document.querySelector("a.primary[href='#teach/try']") !== null];
    });
    const at = performance.now();
    if (isDone) return [...seen, { step, isDone, at }];
    if (!Number.isNaN(from)) seen.push({ step, isDone, at });
    if (step > from && until === Infinity) until = at + ms;
  }
  return seen;
}

/** The step that training went on from, as the page tells it. */
async function resumedFrom(page) {
  for (;;) {
    const from = await page.evaluate(() => document.querySelector("progress")?.dataset.from);
    if (from !== undefined) return Number(from);
    await sleep(100);
  }
}

function writeCorpus() {
  mkdirSync(join(folder, "corpus"));
  const rows = ["path,transcript,split"];
  for (const word of WORDS)
    for (let take = 0; take < TAKES; take++) {
      const name = `${word}-${take}.wav`;
      writeFileSync(join(folder, "corpus", name), waveFile(spoken(word)));
      rows.push(`${name},${word},${take === TAKES - 1 ? "dev" : "train"}`);
    }
  writeFileSync(join(folder, "corpus", "manifest.csv"), `${rows.join("\n")}\n`);
}

/** A tone for each letter, some 100 ms long, in a faint hiss. */
function spoken(word) {
  const pitch = 0.94 + 0.12 * random();
  const samples = [];
  const add = (ms, hz) => {
    const count = Math.round((ms * RATE) / 1000);
    for (let n = 0; n < count; n++) {
      const tone = hz === 0 ? 0 : 0.3 * Math.sin((2 * Math.PI * hz * pitch * n) / RATE);
      samples.push(tone + 0.003 * (random() - 0.5));
    }
  };
  add(200, 0);
  for (const letter of word) {
    add(80 + 40 * random(), TONES[letter]);
    add(40, 0);
  }
  add(250, 0);
  return samples;
}

function waveFile(samples) {
  const file = Buffer.alloc(44 + 2 * samples.length);
  file.write("RIFF", 0);
  file.writeUInt32LE(file.length - 8, 4);
  file.write("WAVEfmt ", 8);
  for (const [at, value] of Object.entries({ 16: 16, 24: RATE, 28: 2 * RATE }))
    file.writeUInt32LE(value, Number(at));
  for (const [at, value] of Object.entries({ 20: 1, 22: 1, 32: 2, 34: 16 }))
    file.writeUInt16LE(value, Number(at));
  file.write("data", 36);
  file.writeUInt32LE(2 * samples.length, 40);
  samples.forEach((x, i) => file.writeInt16LE(Math.round(32_767 * x), 44 + 2 * i));
  return file;
}

/** Mulberry32. */
function randomNumbers(from) {
  let state = from >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
