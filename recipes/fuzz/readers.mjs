// Every reader of foreign bytes, as the fuzzer sees it: what it starts from, what its input is made of, how an input is
// read, and what is wrong with a result. `share` is its part of all executions: WASM decoders take 5 to 15 ms for each.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isMainThread, workerData } from "node:worker_threads";
import { applyAssignments, readAlphabet, readConfig } from "../../dist/apps/cli/training-input.js";
import { featureSize } from "../../dist/audio/index.js";
import { decodeAudio } from "../../dist/audio/formats/decode.js";
import { findFlacFrames } from "../../dist/audio/formats/flac-frames.js";
import { findMp3Frames } from "../../dist/audio/formats/mp3-frames.js";
import { readOggChain } from "../../dist/audio/formats/ogg-streams.js";
import { FeatureCache } from "../../dist/data/features/feature-cache.js";
import { LengthIndex } from "../../dist/data/features/length-index.js";
import { parseManifest, readManifests } from "../../dist/data/index.js";
import { Grammar } from "../../dist/grammar/index.js";
import { buildLanguageModel } from "../../dist/lm/index.js";
import { readModelFile, readSafetensors } from "../../dist/model/index.js";
import { resolveArchitecture } from "../../dist/network/index.js";
import { decodeText, decodeTextPieces, openFolder } from "../../dist/platform/index.js";
import { parseSettings } from "../../dist/settings.js";
import { Alphabet, normalizeTranscript } from "../../dist/text/index.js";
import { readCheckpoint } from "../../dist/training/run/checkpoint.js";
import { rewindLog } from "../../dist/training/run/log.js";
import { trainingSettings } from "../../dist/training/settings.js";
import { alphabetOf } from "../../dist/training/step/network-of.js";
import { sealCacheEntry, sealFlac, sealOgg, sealSafetensors } from "./checksums.mjs";
import { DIALECT_READERS } from "./dialects.mjs";
import * as seeds from "./seeds.mjs";
import * as texts from "./texts.mjs";

const { bytesOf, fixtures } = seeds;
/** Of the process; its threads are told of it, since a thread that is ended cannot tidy up. */
export const folder = workerData?.folder ?? mkdtempSync(join(tmpdir(), "earshot-fuzz-"));
if (isMainThread) process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const textOf = (bytes) => new TextDecoder().decode(bytes);

/** The bytes as a file. */
function file(name, bytes) {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** The folder, as rooms are given it, with the bytes in a file of this name. */
function folderWith(name, bytes) {
  file(name, bytes);
  return openFolder(folder);
}

// ── Results ─────────────────────────────────────────────────────────────────────────────────────────────────────

const compiled = async (bytes, format) =>
  (await Grammar.from(textOf(bytes), { format })).compile(Alphabet.english(), {
    lowercase: true,
    unknown: "drop",
    map: {},
  });

/** The shortest sentence is one that the grammar understands. */
function wrongGrammar(grammar) {
  const { symbols } = Alphabet.english();
  const texts = new Map([[grammar.start, ""]]);
  for (const [state, text] of texts) {
    if (grammar.endWeights[state] > -Infinity)
      return grammar.meaningOf(text.trim()) ? undefined : `a sentence that it does not understand: "${text}"`;
    symbols.forEach((symbol, k) => {
      const target = grammar.targets[grammar.transition(state, k)];
      if (target !== undefined && !texts.has(target)) texts.set(target, text + symbol);
    });
  }
  return "no sentence";
}

/** Samples are numbers within full scale, and no more of them than the lowest sample rate explains. */
function wrongSamples({ samples }, { length }, samplesPerByte) {
  if (samples.length > samplesPerByte * length) return `${samples.length} samples from ${length} bytes`;
  if (!samples.every((sample) => Math.abs(sample) <= 1)) return "samples beyond full scale, or not numbers";
  return undefined;
}

function wrongPieces(pieces, { length }) {
  const total = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return total > length ? `${total} bytes in pieces of a file of ${length}` : undefined;
}

function wrongManifest({ utterances, warnings }) {
  if (utterances.length === 0) return "no utterance, and no error";
  const fields = utterances.flatMap((u) => [u.path, u.transcript, u.speaker, u.split, u.where]);
  if (!fields.every((field) => typeof field === "string")) return "a field that is no text";
  if (!utterances.every(({ path, split }) => path !== "" && split !== "")) return "an empty path or split";
  return new Set(warnings.map(({ code }) => code)).size < warnings.length ? "a warning twice" : undefined;
}

function wrongWeights({ weights, state }) {
  const tensors = [...(weights ?? state.weights).values()];
  const fits = ({ dims, data }) => dims.reduce((product, dim) => product * dim, 1) === data.length;
  return tensors.every(fits) ? undefined : "a tensor whose shape is not that of its data";
}

/** All that a run does with its settings before it opens anything. */
function useSettings(input, where) {
  const settings = parseSettings(trainingSettings, input, where);
  const alphabet = alphabetOf(settings);
  const sizes = { features: featureSize(settings.features), symbols: alphabet.size };
  normalizeTranscript("Né à l’été…", alphabet, { ...settings.transcript, unknown: "drop" }, where);
  return resolveArchitecture(settings.network, sizes, where);
}

async function* inPieces(bytes) {
  for (let at = 0; at < bytes.length; at += 5) yield bytes.subarray(at, at + 5);
}

/** Whole and in pieces; what is no text is an error of the same place both times. */
async function readText(bytes) {
  const options = { encoding: bytes.length % 3 === 0 ? "shift_jis" : undefined };
  let pieces = "";
  for await (const part of decodeTextPieces(inPieces(bytes), "text", options)) pieces += part;
  return { whole: decodeText(bytes, "text", options), pieces };
}

function buildSmall(bytes) {
  const transcript = { lowercase: true, unknown: "drop", map: {} };
  const spelling = bytes.length % 2 === 0 ? { alphabet: Alphabet.english(), transcript } : undefined;
  const unit = bytes.length % 3 === 0 ? "character" : "word";
  return buildLanguageModel([{ name: "text", content: inPieces(bytes) }], { order: 2, unit, spelling });
}

function wrongArchitecture({ features, symbols, network }) {
  const isPlain = Object.getPrototypeOf(network) === Object.prototype && {}.polluted === undefined;
  return isPlain && features > 0 && symbols > 1 ? undefined : "an architecture that cannot be";
}

function wrongAlphabet({ symbols, size }) {
  return symbols.length === size - 1 && symbols.every((symbol) => symbol !== "")
    ? undefined
    : "an empty symbol";
}

// ── Readers ─────────────────────────────────────────────────────────────────────────────────────────────────────

const decode = (bytes) => decodeAudio(bytes, "clip");
const audio = { read: decode, isAudio: true, isSlow: true, largest: 12_000 };
const ofRate = (samplesPerByte) => (result, input) => wrongSamples(result, input, samplesPerByte);
const latin1 = (...tokens) => tokens.map((token) => Buffer.from(token, "latin1"));
const utf8 = (...tokens) => tokens.map((token) => Buffer.from(token));
const WAV_TOKENS = latin1(
  "RIFF",
  "RF64",
  "BW64",
  "WAVE",
  "fmt ",
  "data",
  "ds64",
  "LIST",
  "riff",
  "wave",
  "fact",
);
const FLAC_TOKENS = latin1("fLaC", "\xff\xf8", "\xff\xf9");
const MP3_TOKENS = latin1("\xff\xfb", "\xff\xf3", "\xff\xe3", "ID3", "TAG", "Xing", "Info", "LAME");
const OGG_TOKENS = latin1(
  "OggS",
  "OpusHead",
  "OpusTags",
  "\x01vorbis",
  "\x03vorbis",
  "\x05vorbis",
  "BCV",
  "\x7fFLAC",
);
const FOREIGN_TOKENS = latin1(
  "ftyp",
  "\x1aE\xdf\xa3",
  "FORM",
  "AIFF",
  "caff",
  "#!AMR",
  ".snd",
  "\xff\xf1",
  "PK\x03\x04",
  "<",
);
const SAFETENSORS_TOKENS = utf8(
  ...texts.JSON_TOKENS,
  "dtype",
  "shape",
  "data_offsets",
  "__metadata__",
  "F32",
  "U8",
  "I64",
);
const opus = () => fixtures("mono.opus", "surround.opus");
const vorbis = () => fixtures("stereo-22050.ogg");
const inText = (list) => () => list.map(bytesOf);

export const READERS = {
  ...DIALECT_READERS,
  wav: {
    ...audio,
    isSlow: false,
    share: 0.25,
    seeds: seeds.waves,
    tokens: WAV_TOKENS,
    check: ofRate(16),
    largest: 2000,
  },
  flac: {
    ...audio,
    share: 0.008,
    seeds: () => fixtures("mono.flac"),
    tokens: FLAC_TOKENS,
    repair: sealFlac,
    check: ofRate(2 ** 18), // one constant frame: 65,535 samples at 1 kHz in 14 bytes
  },
  mp3: {
    ...audio,
    share: 0.006,
    seeds: () => fixtures("plain.mp3", "tagged-stereo-44100.mp3"),
    tokens: MP3_TOKENS,
    check: ofRate(2 ** 10),
  },
  "ogg-opus": {
    ...audio,
    share: 0.006,
    seeds: opus,
    tokens: OGG_TOKENS,
    repair: sealOgg,
    check: ofRate(2 ** 11), // a packet of one byte may last 120 ms
  },
  "ogg-vorbis": {
    ...audio,
    share: 0.006,
    seeds: vorbis,
    tokens: OGG_TOKENS,
    repair: sealOgg,
    check: ofRate(2 ** 14),
  },
  "ogg-flac": {
    ...audio,
    share: 0.006,
    seeds: () => fixtures("mono.oga"),
    tokens: OGG_TOKENS,
    repair: sealOgg,
    check: ofRate(2 ** 18),
  },
  "flac-frames": {
    share: 0.05,
    seeds: () => fixtures("mono.flac"),
    tokens: FLAC_TOKENS,
    repair: sealFlac,
    read: findFlacFrames,
    check: ({ frames }, input) => wrongPieces(frames, input),
  },
  "mp3-frames": {
    share: 0.08,
    seeds: () => fixtures("plain.mp3"),
    tokens: MP3_TOKENS,
    read: findMp3Frames,
    check: (frames) =>
      frames.some(({ start, end }) => end <= start) ? "a frame that ends before it starts" : undefined,
  },
  "ogg-pages": {
    share: 0.04,
    seeds: () => [...opus(), ...vorbis(), ...fixtures("mono.oga")],
    tokens: OGG_TOKENS,
    repair: sealOgg,
    read: readOggChain,
    check: (links, input) =>
      wrongPieces(
        links.flat().flatMap(({ packets }) => packets.map(({ data }) => data)),
        input,
      ),
  },
  foreign: {
    ...audio,
    share: 0.008,
    seeds: () => fixtures("aac.m4a", "aac.aac", "opus.webm"),
    tokens: FOREIGN_TOKENS,
    check: ofRate(2 ** 10),
  },
  ffmpeg: {
    ...audio,
    share: 0.0003,
    seeds: () => fixtures("aac.m4a", "aac.aac", "opus.webm"),
    tokens: FOREIGN_TOKENS,
    check: ofRate(2 ** 18),
    usesPrograms: true,
  },
  safetensors: {
    share: 0.12,
    seeds: seeds.safetensors,
    tokens: SAFETENSORS_TOKENS,
    repair: sealSafetensors,
    read: (bytes) => readSafetensors(bytes, "file"),
    check: ({ tensors }) => wrongWeights({ weights: tensors }),
  },
  model: {
    share: 0.06,
    seeds: seeds.models,
    tokens: [...SAFETENSORS_TOKENS, ...utf8('\\"', "earshot.format", "width", "bins")],
    repair: sealSafetensors,
    read: (bytes) => readModelFile(bytes, "file"),
    check: wrongWeights,
    largest: 8000,
  },
  checkpoint: {
    share: 0.02,
    seeds: seeds.checkpoints,
    tokens: [...SAFETENSORS_TOKENS, ...utf8('\\"')],
    repair: sealSafetensors,
    read: (bytes) => readCheckpoint(folderWith("checkpoint.safetensors", bytes)),
    check: wrongWeights,
  },
  manifest: {
    share: 0.16,
    seeds: inText(texts.manifests),
    tokens: utf8(...texts.TABLE_TOKENS, ...texts.JSON_TOKENS),
    read: (bytes) => parseManifest(textOf(bytes), "test.csv", (path) => `/${path}`),
    check: wrongManifest,
    largest: 1000,
  },
  "manifest-file": {
    share: 0.01,
    seeds: inText(texts.manifests),
    tokens: utf8(...texts.TABLE_TOKENS),
    read: (bytes) => readManifests([file("manifest", bytes)]),
    check: wrongManifest,
  },
  "transcript-list": {
    share: 0.01,
    seeds: inText(texts.transcriptLists),
    tokens: utf8(...texts.TABLE_TOKENS),
    async read(bytes) {
      for (const name of ["84-121123-0000.wav", "b.flac"]) file(name, new Uint8Array());
      file("84-121123.trans.txt", bytes);
      return readManifests([folder]);
    },
    check: wrongManifest,
  },
  config: {
    share: 0.012,
    seeds: inText(texts.configs),
    tokens: utf8(...texts.YAML_TOKENS, ...texts.SETTING_TOKENS),
    read: async (bytes) =>
      useSettings(await readAlphabet(await readConfig(file("config.yaml", bytes))), "config.yaml"),
    check: wrongArchitecture,
    largest: 1000,
  },
  assignment: {
    share: 0.04,
    seeds: inText(texts.assignments),
    tokens: utf8(...texts.YAML_TOKENS, ...texts.SETTING_TOKENS),
    read: (bytes) => useSettings(applyAssignments({}, [textOf(bytes)]), "--set"),
    check: wrongArchitecture,
    largest: 400,
  },
  settings: {
    share: 0.03,
    seeds: inText(texts.settings),
    tokens: utf8(...texts.JSON_TOKENS, ...texts.SETTING_TOKENS),
    read: (bytes) => useSettings(jsonOr({}, textOf(bytes)), "run.json"),
    check: wrongArchitecture,
    largest: 1000,
  },
  alphabet: {
    share: 0.05,
    seeds: inText(texts.alphabets),
    tokens: utf8(
      "\n",
      "\r\n",
      "#",
      "\\#",
      "\\u{20}",
      "\\u{10ffff}",
      "\\u{d800}",
      " ",
      "\ufeff",
      "\u0301",
      "\u200d",
      "\u00a0",
      "👩",
      "\0",
    ),
    read: (bytes) => Alphabet.fromMozilla(textOf(bytes), "alphabet.txt"),
    check: wrongAlphabet,
    largest: 400,
  },
  phrases: {
    share: 0.01,
    seeds: inText(texts.phrases),
    tokens: utf8("\n", "\r\n", "#", " ", "\ufeff", "\u0301", "5", "(", "aa", "İ"),
    read: (bytes) => compiled(bytes, "phrases"),
    check: wrongGrammar,
    largest: 300,
  },
  jsgf: {
    share: 0.03,
    seeds: inText(texts.jsgfGrammars),
    tokens: utf8(...texts.JSGF_TOKENS),
    read: (bytes) => compiled(bytes, "jsgf"),
    check: wrongGrammar,
    largest: 600,
  },
  sentences: {
    share: 0.03,
    seeds: inText(texts.sentenceGrammars),
    tokens: utf8(...texts.YAML_TOKENS, ...texts.TEMPLATE_TOKENS),
    read: (bytes) => compiled(bytes, "sentences"),
    check: wrongGrammar,
    largest: 800,
  },
  text: {
    share: 0.03,
    seeds: () => [
      bytesOf("né\nдва 日本\n"),
      Buffer.from("\ufeffab\nc\n", "utf16le"),
      Buffer.from("caf\xe9\n", "latin1"),
    ],
    tokens: latin1("\xff\xfe", "\xfe\xff", "\xef\xbb\xbf", "\0\0", "\xc3\xa9", "\xe9", "\n", "\x93\xfa"),
    read: readText,
    check: ({ whole, pieces }) => (whole === pieces ? undefined : "another text in pieces"),
    largest: 400,
  },
  "language-model-text": {
    share: 0.02,
    seeds: inText(["the cat sat\non a mat\n\n", "Né <s> 42 g\u0303\n"]),
    tokens: utf8("<unk>", "</s>", "\r\n", "\t", "\ufeff", "\u0303", "\u00a0", "İ", "ß", "👩"),
    read: (bytes) => buildSmall(bytes),
    check: ({ trie, tokens }) =>
      trie.counts[0] > 3 || tokens === 0 ? undefined : "no word of a text with some",
    largest: 300,
  },
  log: {
    share: 0.005,
    seeds: inText(texts.logs),
    tokens: utf8(...texts.JSON_TOKENS, "step"),
    read: (bytes) => rewindLog(folderWith("log.jsonl", bytes), { step: 4, epoch: 1 }),
    check: () => undefined,
  },
  "feature-cache": {
    share: 0.005,
    seeds: seeds.cacheEntries,
    tokens: utf8("EARF", "FRAE"),
    repair: sealCacheEntry,
    async read(bytes) {
      return (await FeatureCache.open(folderWith("key.frames", bytes), 2 ** 30)).read("key");
    },
    check: (frames) =>
      frames === undefined || frames.data.length === frames.frames * frames.size
        ? undefined
        : "frames of another size",
  },
  "length-index": {
    share: 0.01,
    seeds: inText(texts.lengthIndices),
    tokens: utf8(...texts.JSON_TOKENS, "key", "frames"),
    read: async (bytes) => (await LengthIndex.open(folderWith("lengths.jsonl", bytes))).get("ab"),
    check: (length) => (length === undefined || length.frames >= 0 ? undefined : "a negative length"),
  },
};

function jsonOr(otherwise, text) {
  try {
    return JSON.parse(text);
  } catch {
    return otherwise; // run.json is then called damaged
  }
}
