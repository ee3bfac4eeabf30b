// Training in a real Chromium: the losses of Node from the same seed and data, and models that both open.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseManifest } from "../../src/data/index.ts";
import { Learner } from "../../src/learner/index.ts";
import { Recognizer } from "../../src/recognizer/index.ts";
import { MANIFEST, smallSettings, writeSmallManifest } from "../training/recordings.ts";
import { noChromium, openChromium, type OpenChromium, type TabPage } from "./chromium.mjs";

const CORPUS = fileURLToPath(new URL("../../demo/corpus/", import.meta.url));
const MODULE = "/in-tab/training.mjs";
const EPOCHS = 2;

interface TabFit {
  readonly losses: readonly (readonly number[])[];
  readonly warnings: readonly string[];
  readonly model: readonly number[];
}

describe.skipIf(noChromium)("training in Chromium", () => {
  const folder = mkdtempSync(join(tmpdir(), "earshot-chromium-"));
  const inNode = join(folder, "node.safetensors");
  const inTab = join(folder, "tab.safetensors");
  let chromium: OpenChromium;
  let page: TabPage;
  let manifest: string;

  beforeAll(async () => {
    manifest = writeSmallManifest(folder, { train: 6, dev: 2 });
    chromium = await openChromium({ folders: { "/demo/": CORPUS, "/models/": folder } });
    page = await chromium.page();
  });
  afterAll(async () => {
    await chromium.close();
    rmSync(folder, { recursive: true });
  });

  /** With everything random switched on. */
  async function fitInNode(): Promise<number[][]> {
    const learner = await Learner.create({ data: manifest, settings: smallSettings(folder), quiet: true });
    const { epochs } = await learner.fit(EPOCHS);
    await learner.save(inNode);
    await learner.close();
    return epochs.map(({ trainLoss, devLoss }) => [trainLoss, devLoss!]);
  }

  async function fitInTab(): Promise<TabFit> {
    const { utterances } = parseManifest(readFileSync(manifest, "utf8"), MANIFEST, (path) => path);
    const rows = utterances.map((row) => ({ ...row, path: row.path.replace(CORPUS, "/demo/") }));
    return page.call<TabFit>(MODULE, "fit", rows, smallSettings("/"), EPOCHS);
  }

  it("gives the losses of Node, to 1e-4 of them, and a model that Node opens, and the other way round", async () => {
    const [tab, node] = [await fitInTab(), await fitInNode()];
    writeFileSync(inTab, Uint8Array.from(tab.model));
    const pairs = node.flatMap((losses, epoch) =>
      losses.map((loss, n) => [loss, tab.losses[epoch][n]] as const),
    );
    for (const [expected, found] of pairs) expect(Math.abs(found / expected - 1)).toBeLessThan(1e-4);
    expect(tab.warnings).toEqual([]);
    const bytes = [inNode, inTab].map((path) => readFileSync(path).length);
    expect(bytes[1]).toBe(bytes[0]);
    for (const path of [inNode, inTab]) {
      const recording = readFileSync(join(CORPUS, "dev", "ned-0576.mp3"));
      const recognizer = await Recognizer.load(path, { threads: 1 });
      const { text } = await recognizer.transcribe(new Uint8Array(recording));
      await recognizer.close();
      const address = path.replace(folder, "/models");
      expect(await page.call(MODULE, "textsOf", address, ["/demo/dev/ned-0576.mp3"])).toEqual([text]);
    }
  });
});
