// Row `lm`: n-gram models of 10 M words, built from text with 1 GB of memory, into a compact file and into ARPA, and asked the same
// words again. With KENLM, the folder of KenLM's programs, lmplz takes turns with the builder (from text to ARPA), and `query` with
// the questions (from text, in its probing and trie files). Then an unpruned 5-gram: bytes for each n-gram, and how long it takes
// to open. The words are those of made-up-text.mjs. Times are those of processes of their own.
//   npm run bench -- lm [--words 1e8: trigrams of so many words, built once, nothing asked] [--quick: 1 M words, one round]

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argv, env, execPath, resourceUsage } from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { median } from "../dist/quantiles.js";
import { sampleText } from "./made-up-text.mjs";
import { clocked, processorClocked } from "./measure.mjs";
import { timesAsFast } from "./ratios.mjs";

const SELF = fileURLToPath(import.meta.url);
const MEMORY_BYTES = 2 ** 30;
/** What of it the text that is being counted may take: the n-grams come on top. */
const TEXT_BYTES = 2 ** 28;

/** Prints the rows, and gives them back. @param quick 1 M words, one round instead of `rounds` @param words of many, the build alone */
export async function measure({ quick = false, rounds = quick ? 1 : 3, words: asked } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "earshot-lm-bench-"));
  try {
    const words = Number(asked ?? (quick ? 1e6 : 1e7));
    const text = join(folder, "text.txt");
    const source = await sampleText(text, words);
    const about = { words, source };
    const built = {
      row: "lm",
      ...about,
      order: 3,
      ...(await buildInTurns(text, folder, 3, asked ? 1 : rounds)),
    };
    printBuild(built);
    if (asked) return [built];
    const queries = { row: "lm-queries", ...about, ...(await askInTurns(text, folder, rounds)) };
    printQueries(queries);
    const unpruned = { row: "lm-5-gram", ...about, order: 5, ...(await buildInTurns(text, folder, 5, 1)) };
    unpruned.opened = await inOwnProcess("open", join(folder, "model.lm"));
    unpruned.quantized = await inOwnProcess("quantize", join(folder, "model.lm"));
    printUnpruned(unpruned);
    return [built, queries, unpruned];
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Compact, ARPA and, where there is one, lmplz: the times of each round. */
async function buildInTurns(text, folder, order, rounds) {
  const turns = { compact: [], arpa: [], lmplz: [] };
  const [model, ours, theirs] = ["model.lm", "model.arpa", "lmplz.arpa"].map((name) => join(folder, name));
  for (let round = 0; round < rounds; round++) {
    turns.compact.push(await inOwnProcess("build", text, model, String(order)));
    turns.arpa.push(await inOwnProcess("build", text, ours, String(order)));
    if (env.KENLM) turns.lmplz.push(await runLmplz(text, theirs, order));
  }
  const { ngrams } = turns.compact[0];
  const seconds = (runs) => runs.map((run) => run.seconds);
  return {
    ngrams,
    bytesPerNgram: (await stat(model)).size / ngrams,
    peakMegabytes: turns.arpa[0].peakMegabytes,
    seconds: median(seconds(turns.compact)),
    arpaSeconds: median(seconds(turns.arpa)),
    ...(env.KENLM && {
      lmplz: { seconds: median(seconds(turns.lmplz)), peakMegabytes: turns.lmplz[0].peakMegabytes },
      timesLmplz: timesAsFast(seconds(turns.arpa), seconds(turns.lmplz)),
    }),
  };
}

function printBuild({ order, words, ngrams, seconds, arpaSeconds, bytesPerNgram, peakMegabytes, ...row }) {
  console.log(
    `lm  order ${order} of ${words / 1e6} M words, ${(ngrams / 1e6).toFixed(1)} M n-grams: ${seconds.toFixed(1)} s to a compact file ` +
      `(${bytesPerNgram.toFixed(2)} bytes per n-gram), ${arpaSeconds.toFixed(1)} s to ARPA, peak ${peakMegabytes} MB`,
  );
  console.log(
    row.lmplz
      ? `lm  lmplz: ${row.lmplz.seconds.toFixed(1)} s to ARPA, peak ${row.lmplz.peakMegabytes} MB (ours ${row.timesLmplz.toFixed(2)} times as fast)`
      : "lm  lmplz not run: KENLM names no folder of KenLM's programs",
  );
}

function printUnpruned({ opened, quantized, ...row }) {
  printBuild(row);
  console.log(`lm  quantized ${quantized.bytesPerNgram.toFixed(2)} bytes per n-gram`);
  const { megabytes, milliseconds, peakMegabytes } = opened;
  console.log(
    `lm  its ${megabytes.toFixed(0)} MB opened in ${milliseconds.map((ms) => ms.toFixed(0)).join(", ")} ms, peak ${peakMegabytes} MB`,
  );
}

/** Millions of words a second of a processor: of ours by number, and from text as KenLM's `query` reads it. */
async function askInTurns(text, folder, rounds) {
  const model = join(folder, "model.lm");
  const formats = env.KENLM ? ["probing", "trie"] : [];
  for (const format of formats)
    await promisify(execFile)(join(env.KENLM, "build_binary"), [
      format,
      join(folder, "model.arpa"),
      join(folder, format),
    ]);
  const turns = { ours: [], probing: [], trie: [] };
  for (let round = 0; round < rounds; round++) {
    turns.ours.push(await inOwnProcess("query", model, text));
    for (const format of formats) turns[format].push(await runQuery(join(folder, format), text));
  }
  const { words, log10 } = turns.ours[0];
  const ms = turns.ours.map(({ fromText }) => fromText);
  const perSecond = (taken) => words / (median(taken) / 1000);
  return {
    asked: words,
    log10,
    perSecond: perSecond(turns.ours.map(({ byNumber }) => byNumber)),
    fromText: perSecond(ms),
    ...Object.fromEntries(
      formats.map((format) => [
        format,
        { fromText: perSecond(turns[format]), timesAsFast: timesAsFast(ms, turns[format]) },
      ]),
    ),
  };
}

function printQueries({ asked, perSecond, fromText, ...row }) {
  const millions = (number) => `${(number / 1e6).toFixed(2)} M/s`;
  const peers = ["probing", "trie"].filter((format) => row[format]);
  const beside = peers.map(
    (format) =>
      `KenLM's ${format} ${millions(row[format].fromText)} (ours ${row[format].timesAsFast.toFixed(2)} times as fast)`,
  );
  console.log(
    `lm  ${(asked / 1e6).toFixed(1)} M words asked: ${millions(perSecond)} by number, ${millions(fromText)} from text; ${beside.join(", ")}`,
  );
}

async function inOwnProcess(...words) {
  const { stdout } = await promisify(execFile)(execPath, [SELF, ...words]);
  return JSON.parse(stdout);
}

const peakMegabytes = () => Math.round(resourceUsage().maxRSS / 1024); // maxRSS is in kB

async function build(text, out, order) {
  const { buildLanguageModel, saveLanguageModel } = await import("../dist/index.js");
  let ngrams = 0;
  const ms = await clocked(async () => {
    const { trie } = await buildLanguageModel([text], { order: Number(order), memoryBytes: TEXT_BYTES });
    await saveLanguageModel(out, trie);
    ngrams = trie.words.length;
  });
  return { seconds: ms / 1000, ngrams, peakMegabytes: peakMegabytes() };
}

/** Bytes for each n-gram where probabilities take one. */
async function quantize(model) {
  const { readTrie, saveLanguageModel } = await import("../dist/lm/index.js");
  const trie = await readTrie(await readFile(model), model);
  await saveLanguageModel(`${model}.quantized`, trie, { quantize: true });
  return { bytesPerNgram: (await stat(`${model}.quantized`)).size / trie.words.length };
}

/** The first time with all that a process does once, then as a server would. */
async function open(model) {
  const { openLanguageModel } = await import("../dist/index.js");
  const { readLargeFile } = await import("../dist/platform/index.js");
  const milliseconds = [];
  const once = async () => openLanguageModel(await readLargeFile(model), model);
  for (let time = 0; time < 5; time++) milliseconds.push(await clocked(once));
  return { milliseconds, megabytes: (await stat(model)).size / 1e6, peakMegabytes: peakMegabytes() };
}

async function query(model, text) {
  const { openLanguageModel } = await import("../dist/index.js");
  const scorer = await openLanguageModel(await readFile(model), model);
  const bytes = await readFile(text);
  const tokens = new Int32Array(bytes.length);
  let result;
  askFromText(scorer, bytes.subarray(0, bytes.length / 10), tokens); // is compiled
  const fromText = await processorClocked(() => (result = askFromText(scorer, bytes, tokens)));
  const { words, log10 } = result;
  const byNumber = await processorClocked(() => askByNumber(scorer, tokens.subarray(0, words)));
  return { words, log10, fromText, byNumber };
}

/** The words of each line, and its end: −1 in `tokens`. */
function askFromText(scorer, bytes, tokens) {
  const { vocabulary } = scorer.trie;
  const result = { logProbability: 0, state: scorer.start };
  let [sum, words, start] = [0, 0, 0];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte !== 10 && byte !== 32) continue;
    if (at > start) {
      const token = Math.max(0, vocabulary.find(bytes, start, at));
      tokens[words++] = token;
      sum += scorer.score(result.state, token, result).logProbability;
    }
    start = at + 1;
    if (byte === 32) continue;
    tokens[words++] = -1;
    sum += scorer.end(result.state);
    result.state = scorer.start;
  }
  return { words, log10: sum / Math.LN10 };
}

function askByNumber(scorer, tokens) {
  const result = { logProbability: 0, state: scorer.start };
  let sum = 0;
  for (const token of tokens) {
    if (token < 0) {
      sum += scorer.end(result.state);
      result.state = scorer.start;
    } else sum += scorer.score(result.state, token, result).logProbability;
  }
  return sum;
}

/** The processor's ms of KenLM's `query`, less what opening takes: what it says of itself. */
async function runQuery(model, text) {
  const usage = async (input) => {
    const command = `"${join(env.KENLM, "query")}" -v summary "${model}" < "${input}"`;
    const { stdout, stderr } = await promisify(execFile)("sh", ["-c", command]);
    const said = (name) => Number(new RegExp(`${name}:([\\d.e-]+)`).exec(stdout + stderr)[1]);
    return 1000 * (said("user") + said("sys"));
  };
  return (await usage(text)) - (await usage("/dev/null"));
}

/** Its peak memory is what Linux last said of it. */
async function runLmplz(text, out, order) {
  const start = performance.now();
  const flags = ["-o", String(order), "-S", `${MEMORY_BYTES}b`, "-T", out, "--text", text, "--arpa", out];
  const child = spawn(join(env.KENLM, "lmplz"), flags, {
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

const JOBS = { build, open, quantize, query };
if (argv[1] === SELF) {
  const [job, ...words] = argv.slice(2);
  console.log(JSON.stringify(await JOBS[job](...words)));
}
