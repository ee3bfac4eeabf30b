// What the fuzzer starts from: small intact inputs of each format, from the tests' fixtures or written here.

import { readFileSync } from "node:fs";
import { featureSettings, featureSize } from "../../dist/audio/index.js";
import { writeModelFile, writeSafetensors } from "../../dist/model/index.js";
import { initializeWeights, resolveArchitecture } from "../../dist/network/index.js";
import { Alphabet, transcriptPolicy } from "../../dist/text/index.js";
import { sealCacheEntry } from "./checksums.mjs";
import { join } from "./mutations.mjs";

export const bytesOf = (text) => new TextEncoder().encode(text);
const latin1 = (text) => new Uint8Array(Buffer.from(text, "latin1"));

export function fixtures(...names) {
  const folder = new URL("../../test/audio/fixtures/", import.meta.url);
  return names.map((name) => new Uint8Array(readFileSync(new URL(name, folder))));
}

// ── WAV ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const SAMPLES = 120;
const GUID = latin1("\xf3\xac\xd3\x11\x8c\xd1\x00\xc0\x4f\x8e\xdb\x8a");

/** Every coding, with one and two channels, and the two containers for long files. */
export function waves() {
  const codings = [
    [1, 8],
    [1, 16],
    [1, 24],
    [1, 32],
    [3, 32],
    [3, 64],
    [6, 8],
    [7, 8],
  ];
  const plain = codings.map(([coding, bits], index) => {
    const channels = 1 + (index % 2);
    const format = chunk("fmt ", wavFormat(coding, bits, channels, index % 3 ? 16_000 : 8000));
    return riff("RIFF", format, chunk("data", ramp((SAMPLES * channels * bits) / 8)));
  });
  const extended = join(
    wavFormat(0xfffe, 16, 1, 16_000),
    integers(2, 22, 16),
    integers(4, 4),
    integers(2, 1),
    GUID,
  );
  const long = chunk("ds64", join(integers(8, 400, 2 * SAMPLES, SAMPLES), integers(4, 0)));
  const data = join(bytesOf("data"), integers(4, 0xffff_ffff), ramp(2 * SAMPLES));
  return [
    ...plain,
    riff("RIFF", chunk("fmt ", extended), chunk("LIST", ramp(7)), chunk("data", ramp(2 * SAMPLES))),
    riff("RF64", long, chunk("fmt ", wavFormat(1, 16, 1, 16_000)), data),
    wave64(wavFormat(1, 16, 1, 16_000), ramp(2 * SAMPLES)),
  ];
}

function riff(name, ...chunks) {
  const body = join(bytesOf("WAVE"), ...chunks);
  return join(bytesOf(name), integers(4, body.length), body);
}

function chunk(name, body) {
  return join(bytesOf(name), integers(4, body.length), body, new Uint8Array(body.length % 2));
}

function wave64(format, data) {
  const part = (name, body) =>
    join(bytesOf(name), GUID, integers(8, 24 + body.length), body, new Uint8Array(-body.length & 7));
  const body = join(bytesOf("wave"), GUID, part("fmt ", format), part("data", data));
  return join(
    latin1("riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\x00\x00"),
    integers(8, 24 + body.length),
    body,
  );
}

function wavFormat(coding, bits, channels, rateHz) {
  const block = (channels * bits) / 8;
  return join(integers(2, coding, channels), integers(4, rateHz, rateHz * block), integers(2, block, bits));
}

function integers(width, ...values) {
  const bytes = Buffer.alloc(width * values.length);
  values.forEach((value, i) => {
    for (let k = 0; k < width; k++) bytes[width * i + k] = Number((BigInt(value) >> BigInt(8 * k)) & 255n);
  });
  return bytes;
}

const ramp = (length) => Uint8Array.from({ length }, (_, n) => (n * 7) % 256);

// ── Models ──────────────────────────────────────────────────────────────────────────────────────────────────────

export function safetensors() {
  const tensor = (dims, data) => ({ dims, data });
  return [
    writeSafetensors(new Map(), {}),
    writeSafetensors(
      new Map([
        ["weight", tensor([2, 3], Float32Array.of(1, 2, 3, 4, 5, 6))],
        ["steps", tensor([], BigInt64Array.of(7n))],
        ["exact", tensor([2], Float64Array.of(0.5, -1))],
        ["labels", tensor([3], Int32Array.of(1, 2, 3))],
        ["flags", tensor([1, 2], Uint8Array.of(0, 1))],
      ]),
      { origin: "a test", note: 'quotes " and \\ and é' },
    ),
  ];
}

export function models() {
  const alphabet = Alphabet.fromSymbols([..."abc '"]);
  return ["utterance", "global"].map((normalization) => {
    const features = featureSettings.parse({ bins: 4, normalization });
    const size = featureSize(features);
    const architecture = resolveArchitecture(
      { name: "deep-speech", width: 4, context: 1 },
      { features: size, symbols: alphabet.size },
      "seed",
    );
    const statistics = { mean: new Float32Array(size), deviation: new Float32Array(size).fill(1) };
    return writeModelFile({
      alphabet,
      features,
      ...(normalization === "global" && { statistics }),
      architecture,
      weights: initializeWeights(architecture, 1),
      transcript: transcriptPolicy.parse({}),
      metrics: { devWer: 0.25 },
      training: { seed: 1, epochs: 3 },
    });
  });
}

/** As src/training/run/checkpoint.node.ts writes them. */
export function checkpoints() {
  const weight = { dims: [2, 2], data: Float32Array.of(1, 2, 3, 4) };
  const progress = { epoch: 1, batch: 2, step: 7, lossSum: 3.5, utterances: 4, seconds: 5.25 };
  const best = { epoch: 1, metrics: { devWer: 0.5, devLoss: 12 } };
  const tensors = new Map([
    ["weight.h1.W", weight],
    ["slot0.h1.W", weight],
    ["slot1.h1.W", weight],
  ]);
  return [progress, { ...progress, best }].map((progress) =>
    writeSafetensors(tensors, {
      "earshot.checkpoint": "1",
      progress: JSON.stringify(progress),
      dataHash: "0123abcd",
    }),
  );
}

/** As src/data/features/feature-cache.node.ts writes them: two frames of three numbers. */
export function cacheEntries() {
  const data = new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer);
  return [sealCacheEntry(join(bytesOf("EARF"), integers(4, 2, 3, 0), data))];
}
