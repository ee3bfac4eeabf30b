// The room "How it works" in a real Chromium, from the files that `earshot page` writes: what is shown, moved by keyboard and pointer, in both
// languages, for a recording, a voice and a model of one's own; and what axe-core says of it.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeAudio, encodeWav, SAMPLE_RATE_HZ } from "../../src/audio/index.ts";
import { writeModelFile } from "../../src/model/index.ts";
import { forwardModel } from "../model/small-model.ts";
import { noChromium, openChromium, type OpenChromium, type TabPage } from "./chromium.mjs";

const CLIP = "demo/corpus/test/flora-0612.mp3"; // the room's first example
const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

describe.skipIf(noChromium)("the room How it works", () => {
  const folder = mkdtempSync(join(tmpdir(), "earshot-how-it-works-"));
  const [site, wav, model] = ["site", "voice.wav", "own.safetensors"].map((name) => join(folder, name));
  let chromium: OpenChromium;
  let page: TabPage;
  const complaints: string[] = [];

  beforeAll(async () => {
    spawnSync(process.execPath, ["dist/apps/cli/main.js", "page", "--out", site]);
    const { samples } = await decodeAudio(new Uint8Array(readFileSync(CLIP)), CLIP);
    writeFileSync(wav, encodeWav(samples, SAMPLE_RATE_HZ));
    const own = { name: "deep-speech-2", width: 8, channels: 2, recurrentLayers: 1 };
    writeFileSync(model, writeModelFile(forwardModel({ normalization: "utterance" }, own)));
    chromium = await openChromium({ folders: { "/site/": `${site}/` }, microphone: wav });
    page = await chromium.page({ path: "/site/index.html#how-it-works", locale: "en-GB" });
    page.setDefaultTimeout(5 * 60_000); // only what hangs is ended
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    await walked();
  });
  afterAll(async () => {
    await chromium.close();
    rmSync(folder, { recursive: true });
  });

  const walked = () => page.waitForSelector('.walk[aria-busy="false"]');
  const titles = () => page.locator(".stage h2").allInnerTexts();
  const step = async () => Number(await page.locator(".playhead-bar input").inputValue());
  const stages = (names: readonly string[]) => names.map((name, i) => `${i + 1}. ${name}`);

  it("shows every stage of the paper's network, and why its text is another than the best path's", async () => {
    expect(await titles()).toEqual(
      stages([
        "Sound",
        "Frames",
        "Context",
        "Layers",
        "Recurrence, both ways",
        "The layer above",
        "Probabilities",
        "Paths, and how they add up",
        "Beam search",
        "Text",
      ]),
    );
    expect(await page.locator(".found-text").innerText()).toBe("close the kitchen door");
    expect(await page.locator(".stage").last().innerText()).toContain("close the kitchen dor");
  });

  it("moves the playhead of all figures by keyboard and pointer", async () => {
    const slider = page.locator(".playhead-bar input");
    await slider.focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowRight");
    expect(await step()).toBe(1);
    const plane = page.locator(".frames .time-plane");
    const { width, height } = (await plane.boundingBox())!;
    await plane.click({ position: { x: width / 2, y: height / 2 } });
    expect(Math.abs((await step()) - 44)).toBeLessThanOrEqual(1);
    const places = await page.evaluate<string[]>(
      `[...document.querySelectorAll(".walk .playhead")].map((each) => getComputedStyle(each).left)`,
    );
    expect(places.length).toBeGreaterThan(10);
    expect(new Set(places).size).toBe(1); // figures are of one width
    expect(await page.locator(".beam tbody tr").count()).toBe(5);
  });

  it("says what another text would cost, and that one does not fit", async () => {
    const input = page.locator(".try-text input");
    await input.fill("close the kitchen dor");
    const worse = await page.locator(".loss-line").innerText();
    await input.fill("close the kitchen door");
    const better = await page.locator(".loss-line").innerText();
    const lossOf = (text: string) => Number(/= ([\d.]+)$/.exec(text)?.[1]);
    expect(lossOf(better)).toBeLessThan(lossOf(worse));
    await input.fill("é");
    expect(await page.locator(".try-text .error").innerText()).toContain("no symbol");
    await input.fill("close the kitchen door");
  });

  it("computes CTC's loss by hand, and learns", async () => {
    const losses = page.locator(".losses");
    expect(await losses.innerText()).toContain("−ln 0.1852 = 1.6864");
    expect(await page.locator(".every-path li.spells").count()).toBe(15);
    const slider = page.locator(".step-sliders input").first();
    await slider.focus();
    await page.keyboard.press("End");
    const moved = await losses.innerText();
    expect(moved).not.toContain("1.6864");
    await page.getByText("One step of learning").click();
    const [, counted, library] = /= ([\d.]+)\D+([\d.]+)/.exec(await losses.innerText())!;
    expect(counted).toBe(library);
    expect(Number(counted)).toBeLessThan(Number(/= ([\d.]+)/.exec(moved)![1]));
  });

  it("speaks German, with German numbers", async () => {
    await page.locator(".language select").selectOption("de");
    expect((await titles()).slice(0, 3)).toEqual(stages(["Klang", "Frames", "Kontext"]));
    expect(await page.locator(".loss-line").innerText()).toMatch(/= \d,\d{3}$/);
    await page.locator(".language select").selectOption("en");
  });

  it("takes a model of one's own, and shows the layers that it has", async () => {
    await page.locator('input[accept=".safetensors"]').setInputFiles(model);
    await page.getByText("deep-speech-2,").waitFor();
    await walked();
    expect(await page.locator(".layer-name strong").allInnerTexts()).toEqual([
      "c1",
      "c2",
      "h4 forward →",
      "h4 ← backward",
      "h4 sum",
    ]);
  });

  it("takes one's own voice, with the model beside the page", async () => {
    await page.getByRole("radio", { name: "The paper’s, small" }).check();
    await page.getByText("Record yourself").click();
    await page.getByText(/^Stop \([1-9]/).click();
    await page.getByText("2 × gru").waitFor();
    await walked();
    expect(await page.getByText("Yours: your voice").count()).toBe(1);
  });

  it("is as axe-core wants it, and fits a narrow screen", async () => {
    await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
    await page.setViewportSize({ width: 390, height: 800 });
    await page.evaluate(readFileSync(AXE, "utf8"));
    const violations = await page.evaluate(
      `axe.run({ resultTypes: ["violations"] }).then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes[0].html))`,
    );
    expect(violations).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
  });

  it("asks nobody else, and nothing is refused", () => {
    expect(page.foreign).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
