// Row `lm`: a trigram model of 10 M words, built from text into a compact file, and asked for 10 M n-grams; with LMPLZ
// (the path of KenLM's lmplz) both builders take turns, from text to ARPA. The words are sampled, with a seed, from the
// bigrams of the books in EARSHOT_DATA/lm, so that counts are spread as those of text are; without the books from the
// sentences of the demo corpus, whose few words make it an easier task. Times are those of processes of their own.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argv, env, execPath, resourceUsage } from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { median } from "../dist/quantiles.js";
import { clocked } from "./measure.mjs";

const SELF = fileURLToPath(import.meta.url);
const ORDER = 3;

/** Prints the row, and gives it back. @param quick 1 M words, one round instead of three */
export async function measure({ quick = false } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "earshot-lm-bench-"));
  try {
    const words = quick ? 1e6 : 1e7;
    const text = join(folder, "text.txt");
    const source = await sampleText(text, words);
    const builds = await buildInTurns(text, folder, quick ? 1 : 3);
    const query = await inOwnProcess("query", join(folder, "model.lm"), text, String(words));
    const row = { row: "lm", order: ORDER, words, source, ...builds, query };
    print(row);
    return [row];
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Compact, ARPA and, where there is one, lmplz: the median of the rounds. */
async function buildInTurns(text, folder, rounds) {
  const [compact, arpa, lmplz] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    compact.push(await inOwnProcess("build", text, join(folder, "model.lm")));
    arpa.push(await inOwnProcess("build", text, join(folder, "model.arpa")));
    if (env.LMPLZ) lmplz.push(await runLmplz(text, join(folder, "lmplz.arpa")));
  }
  const { ngrams, peakMegabytes } = compact[0];
  const bytesPerNgram = (await stat(join(folder, "model.lm"))).size / ngrams;
  const secondsOf = (runs) => median(runs.map(({ seconds }) => seconds));
  return {
    ngrams,
    bytesPerNgram: Number(bytesPerNgram.toFixed(2)),
    peakMegabytes,
    seconds: secondsOf(compact),
    arpaSeconds: secondsOf(arpa),
    lmplz: env.LMPLZ
      ? { seconds: secondsOf(lmplz), peakMegabytes: lmplz[0].peakMegabytes }
      : "not run: LMPLZ names none",
  };
}

function print({ words, ngrams, seconds, arpaSeconds, bytesPerNgram, peakMegabytes, lmplz, query }) {
  const build = `${seconds.toFixed(1)} s to a compact file, ${arpaSeconds.toFixed(1)} s to ARPA`;
  console.log(
    `lm  built of ${words / 1e6} M words, ${(ngrams / 1e6).toFixed(1)} M n-grams: ${build}, peak ${peakMegabytes} MB`,
  );
  console.log(`lm  ${bytesPerNgram} bytes per n-gram`);
  console.log(
    typeof lmplz === "string"
      ? `lm  lmplz ${lmplz}`
      : `lm  lmplz: ${lmplz.seconds.toFixed(1)} s to ARPA, peak ${lmplz.peakMegabytes} MB`,
  );
  const { perSecond, openSeconds, peakMegabytes: peak } = query;
  console.log(
    `lm  ${(query.ngrams / 1e6).toFixed(1)} M n-grams asked: ${(perSecond / 1e6).toFixed(1)} M/s` +
      `, opened in ${openSeconds.toFixed(2)} s, peak ${peak} MB`,
  );
}

async function inOwnProcess(...words) {
  const { stdout } = await promisify(execFile)(execPath, [SELF, ...words]);
  return JSON.parse(stdout);
}

const peakMegabytes = () => Math.round(resourceUsage().maxRSS / 1024); // maxRSS is in kB

async function build(text, out) {
  const { buildLanguageModel, saveLanguageModel } = await import("../dist/index.js");
  let ngrams = 0;
  const ms = await clocked(async () => {
    const { trie } = await buildLanguageModel([text], { order: ORDER });
    await saveLanguageModel(out, trie);
    ngrams = trie.words.length;
  });
  return { seconds: ms / 1000, ngrams, peakMegabytes: peakMegabytes() };
}

async function query(model, text, limit) {
  const { openLanguageModel } = await import("../dist/index.js");
  let scorer;
  const openMs = await clocked(async () => (scorer = await openLanguageModel(await readFile(model), model)));
  const peak = peakMegabytes(); // of the model alone
  const words = (await readFile(text, "latin1"))
    .replaceAll("\n", " \n ")
    .split(" ")
    .slice(0, 1.2 * limit);
  const numbers = new Map(Array.from(new Set(words), (word) => [word, scorer.idOf(word)]));
  const tokens = Int32Array.from(words, (word) => (word === "\n" ? -1 : numbers.get(word)));
  let sum = 0;
  let ngrams = 0;
  const ms = await clocked(() => {
    const result = { logProbability: 0, state: scorer.start };
    for (const token of tokens) {
      if (token < 0) {
        sum += scorer.end(result.state);
        result.state = scorer.start;
      } else sum += scorer.score(result.state, token, result).logProbability;
      ngrams++;
    }
  });
  return {
    ngrams,
    perSecond: ngrams / (ms / 1000),
    openSeconds: openMs / 1000,
    log10: sum / Math.LN10,
    peakMegabytes: peak,
  };
}

/** Its peak memory is what Linux last said of it. */
async function runLmplz(text, out) {
  const start = performance.now();
  const child = spawn(env.LMPLZ, ["-o", String(ORDER), "-S", "4G", "--text", text, "--arpa", out], {
    stdio: "ignore",
  });
  let peak = null;
  const poll = setInterval(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, "utf8").catch(() => "");
    const kilobytes = /VmHWM:\s+(\d+)/.exec(status)?.[1];
    if (kilobytes !== undefined) peak = Math.round(Number(kilobytes) / 1024);
  }, 50);
  const [code] = await once(child, "exit");
  clearInterval(poll);
  if (code !== 0) throw new Error(`lmplz ended with ${code}.`);
  return { seconds: (performance.now() - start) / 1000, peakMegabytes: peak };
}

// ── Text ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Writes sentences until they have so many words; says what they were sampled from. */
async function sampleText(path, words) {
  const { RandomStream } = await import("../dist/random.js");
  const { lines, source } = await sourceLines();
  const followers = followersIn(lines);
  const random = new RandomStream(1, "bench lm");
  const file = createWriteStream(path);
  for (let written = 0; written < words;) {
    const sentence = [];
    for (let word = ""; sentence.length === 0 || word !== "";) {
      const next = followers.get(word);
      word = next[random.integer(next.length)];
      if (word !== "") sentence.push(word);
    }
    written += sentence.length;
    if (!file.write(`${sentence.join(" ")}\n`)) await once(file, "drain");
  }
  file.end();
  await once(file, "finish");
  return source;
}

/** Word → every word that follows it, as often as it does; "" is before the first and after the last. */
function followersIn(lines) {
  const followers = new Map();
  for (const words of lines) {
    for (let i = 0; i <= words.length; i++) {
      const word = words[i - 1] ?? "";
      if (!followers.has(word)) followers.set(word, []);
      followers.get(word).push(words[i] ?? "");
    }
  }
  return followers;
}

async function sourceLines() {
  const books = env.EARSHOT_DATA && join(env.EARSHOT_DATA, "lm", "gutenberg");
  const folder = books ?? fileURLToPath(new URL("../demo/corpus/", import.meta.url));
  const names = (await readdir(folder, { recursive: true }))
    .filter((name) => /\.(txt|csv)$/.test(name))
    .toSorted();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  const lines = texts
    .join("\n")
    .toLowerCase()
    .split("\n")
    .map((line) => line.match(/[a-z']+/g) ?? []);
  return { lines: lines.filter(({ length }) => length > 0), source: books ? "books" : "demo corpus" };
}

if (argv[1] === SELF) {
  const [job, ...words] = argv.slice(2);
  if (job === "build") console.log(JSON.stringify(await build(...words)));
  else if (job === "query") console.log(JSON.stringify(await query(words[0], words[1], Number(words[2]))));
  else await measure({ quick: job === "--quick" });
}
