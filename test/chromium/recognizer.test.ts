// The ready-made modules in a real Chromium, from nothing but a server of files: the transcripts and live events of Node, in a
// page, in a worker, from another origin as from a CDN, and under the content security policy of an extension.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeAudio } from "../../src/audio/index.ts";
import { saveModelFile } from "../../src/model/index.ts";
import { Recognizer } from "../../src/recognizer/index.ts";
import { forwardModel, untrainedModel } from "../model/small-model.ts";
import { noChromium, openChromium, type OpenChromium } from "./chromium.mjs";
import { serveFolders } from "./static-server.mjs";

const FIXTURES = fileURLToPath(new URL("../audio/fixtures/", import.meta.url));
const RECORDINGS = ["pcm16.wav", "tagged-stereo-44100.mp3", "stereo-22050.flac", "mono.opus"];
const PATHS = RECORDINGS.map((name) => `/fixtures/${name}`);
const MODELS = { whole: untrainedModel(), forward: forwardModel() };
const KINDS = Object.keys(MODELS);
/** What Chromium allows the pages of extensions (Manifest V3). */
const EXTENSION = {
  "content-security-policy": "script-src 'self' 'wasm-unsafe-eval'; object-src 'self'; default-src 'self'",
};
const MODULE = "/in-tab/recognizer.mjs";

interface Recognized {
  readonly texts: readonly string[];
  readonly events: readonly string[];
  readonly warnings: readonly unknown[];
}

async function recognizeInNode(model: string): Promise<Recognized> {
  const recognizer = await Recognizer.load(model, { threads: 1, streamWorkers: 0 });
  const bytes = RECORDINGS.map((name) => new Uint8Array(readFileSync(join(FIXTURES, name))));
  const texts: string[] = [];
  for (const recording of bytes) texts.push((await recognizer.transcribe(recording)).text);
  const stream = recognizer.stream();
  const { samples } = await decodeAudio(bytes[0], RECORDINGS[0]);
  const written = stream.write(samples).then(() => stream.finish());
  const events: string[] = [];
  for await (const event of stream) events.push(event.type);
  await written;
  await recognizer.close();
  return { texts, events, warnings: [] };
}

describe.skipIf(noChromium)("the ready-made modules in Chromium", () => {
  const models = mkdtempSync(join(tmpdir(), "earshot-chromium-"));
  const folders = { "/fixtures/": FIXTURES, "/models/": models };
  const expected: Record<string, Recognized> = {};
  let chromium: OpenChromium;

  beforeAll(async () => {
    for (const [name, model] of Object.entries(MODELS)) {
      const path = join(models, `${name}.safetensors`);
      await saveModelFile(path, model);
      expected[name] = await recognizeInNode(path);
    }
    chromium = await openChromium({ folders, headers: EXTENSION });
  });
  afterAll(async () => {
    await chromium.close();
    rmSync(models, { recursive: true });
  });

  it.each(KINDS)("give the texts and events of Node, as an extension's page: %s", async (kind) => {
    const page = await chromium.page();
    const violations: string[] = [];
    page.on("console", (message) => message.type() === "error" && violations.push(message.text()));
    expect(await page.call(MODULE, "recognize", "", `/models/${kind}.safetensors`, PATHS)).toEqual(
      expected[kind],
    );
    expect(expected[kind].texts.some((text) => text !== "")).toBe(true);
    expect([violations, page.foreign]).toEqual([[], []]);
  });

  it("do so in a worker", async () => {
    const page = await chromium.page();
    expect(await page.call(MODULE, "recognizeInWorker", "", "/models/forward.safetensors", PATHS)).toEqual(
      expected.forward,
    );
  });

  it("do so from another origin, as from a CDN", async () => {
    const page = await chromium.page({ bypassCSP: true });
    const other = await serveFolders({ folders, headers: { "access-control-allow-origin": "*" } });
    try {
      expect(await page.call(MODULE, "recognize", other.origin, "/models/whole.safetensors", PATHS)).toEqual(
        expected.whole,
      );
      expect(new Set(page.foreign.map((url) => new URL(url).origin))).toEqual(new Set([other.origin]));
    } finally {
      await other.close();
    }
  });
});
