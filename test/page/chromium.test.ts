// The page in a real Chromium, as files of a static host and as the server has it: what it shows, hears and learns; that it asks nobody
// else, keeps its policy, and is fit for everybody (axe).

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeModelFile } from "../../src/model/index.ts";
import { earshot } from "../cli/command-line.ts";
import { waveFile } from "../recognizer/wave-file.ts";
import { startServing } from "../server/serving.ts";
import { SPOKEN, toneModel, toneSpeech } from "../server/tone-model.ts";
import { noChromium, openChromium, type OpenChromium, type TabPage } from "../chromium/chromium.mjs";

const AXE = fileURLToPath(new URL("../../node_modules/axe-core/", import.meta.url));
const PAGES = ["listen", "teach/words", "teach/record", "teach/train", "teach/try", "how-it-works"];

interface AxeWindow {
  axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
}
interface WatchedWindow {
  violations: string[];
}

describe.skipIf(noChromium)("the page in Chromium", () => {
  const folder = mkdtempSync(join(tmpdir(), "earshot-page-"));
  const said = join(folder, "said.wav");
  let chromium: OpenChromium;

  beforeAll(async () => {
    writeFileSync(join(folder, "tones.safetensors"), writeModelFile(toneModel()));
    writeFileSync(said, waveFile(toneSpeech(SPOKEN)));
    writeFileSync(join(folder, "microphone.wav"), waveFile(twoWords()));
    expect((await earshot(folder, "page", "--out", "site", "-m", "tones.safetensors")).code).toBe(0);
    chromium = await openChromium({
      folders: { "/site/": join(folder, "site"), "/axe/": AXE },
      microphone: join(folder, "microphone.wav"),
    });
  });
  afterAll(async () => {
    await chromium.close();
    rmSync(folder, { recursive: true });
  });

  async function open(room: string, options: Parameters<OpenChromium["page"]>[0] = {}): Promise<TabPage> {
    const page = await chromium.page({ locale: "en", permissions: ["microphone"], ...options });
    page.setDefaultTimeout(0); // no test goes by the clock
    await page.addInitScript(() => {
      const watched = globalThis as unknown as WatchedWindow;
      watched.violations = [];
      document.addEventListener("securitypolicyviolation", ({ blockedURI }) =>
        watched.violations.push(blockedURI),
      );
    });
    await page.goto(`${chromium.server.origin}/site/index.html#${room}`);
    await page.locator("h1").first().waitFor();
    return page;
  }

  it.each([
    ["wide, light, English", { viewport: { width: 1280, height: 900 }, colorScheme: "light" } as const],
    [
      "narrow, dark, German",
      { viewport: { width: 390, height: 844 }, colorScheme: "dark", locale: "de" } as const,
    ],
  ])("is fit for everybody and fits the screen in each room: %s", async (_, options) => {
    const page = await open("listen", options);
    for (const room of PAGES) {
      await page.evaluate((hash) => void (location.hash = hash), room);
      await page.locator("section.room:not([hidden]) h1").waitFor();
      await until(
        page,
        () => !document.querySelector("section.room:not([hidden]) .empty-title")?.textContent.endsWith("…"),
      );
      expect([room, await faultsOf(page)]).toEqual([room, []]);
      const overhang = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect([room, overhang]).toEqual([room, 0]);
    }
    expect(await page.evaluate(() => (globalThis as unknown as WatchedWindow).violations)).toEqual([]);
    expect(page.foreign).toEqual([]);
  });

  it("hears a file and the microphone in the tab, shows alternatives, and obeys a grammar", async () => {
    const page = await open("listen");
    await page.locator("input[type=file]").first().setInputFiles(said);
    await page.locator(".word").first().waitFor();
    expect(await textOf(page)).toBe(SPOKEN);
    expect(await page.locator(".alternatives li").count()).toBeGreaterThan(0);
    expect(await faultsOf(page)).toEqual([]);
    await page.getByLabel("Only these sentences").fill("tea\nnot at all");
    await until(page, (before) => document.querySelector(".words")?.textContent?.trim() !== before, SPOKEN);
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "TextGrid" }).click();
    expect((await saved).suggestedFilename()).toBe("said.TextGrid");

    await page.getByLabel("Only these sentences").fill("tea (");
    await page.locator(".hint.error").waitFor();
    await page.locator("input[type=file]").first().setInputFiles(said);
    await until(page, (text) => document.querySelector(".words")?.textContent?.trim() === text, SPOKEN);

    await page.getByLabel("Only these sentences").fill("");
    await page.getByRole("button", { name: "Record", exact: true }).click();
    await until(page, () => document.querySelector(".words.live")?.textContent?.includes("tea") === true);
    await page.getByRole("button", { name: "Stop" }).click();
    await page.locator(".word").first().waitFor();
    expect(await textOf(page)).toContain("tea");
    expect(page.foreign).toEqual([]);
    expect(await page.evaluate(() => (globalThis as unknown as WatchedWindow).violations)).toEqual([]);
  });

  it("teaches two words from the microphone, and goes on with training when the tab was closed", async () => {
    const page = await open("teach");
    await page.getByLabel("Your words or phrases, one a line").fill("tea\nnote");
    await page.getByLabel("Recordings of each").fill("2");
    await page.getByRole("link", { name: "Continue" }).click();
    await page.getByRole("button", { name: "Start recording" }).click();
    await page.locator(".prompt-word").waitFor();
    expect(await faultsOf(page)).toEqual([]);
    for (;;) {
      const [more, all] = [
        page.getByRole("button", { name: "Keep it anyway" }),
        page.getByText("Everything is recorded"),
      ];
      await more.or(all).waitFor();
      if (await all.isVisible()) break;
      await more.click();
    }
    expect(await page.locator(".take-play").count()).toBe(4);
    await page.getByRole("link", { name: "Continue" }).click();
    await page.getByLabel("Begin from").selectOption("nothing");
    await page.getByRole("button", { name: "Train", exact: true }).click();
    await until(page, () => Number(document.querySelector("progress")?.dataset.step) >= 6);
    expect(await faultsOf(page)).toEqual([]);
    const before = await stepOf(page);
    await page.reload();
    await page.getByText("Training is not finished").waitFor();
    await page.getByRole("button", { name: "Go on" }).click();
    await until(page, (step) => Number(document.querySelector("progress")?.dataset.step) > step, before);
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByRole("button", { name: "Stop" }).waitFor();
    await page.evaluate(() => void (location.hash = "teach/words"));
    await page.getByRole("button", { name: "Start over" }).click();
    await page.getByRole("button", { name: "Remove", exact: true }).click();
    await until(page, () => document.querySelector<HTMLTextAreaElement>(".word-list")?.value === "");
    expect(await lessonFolder(page)).toBe("NotFoundError"); // what trained writes nothing after it
    expect(page.foreign).toEqual([]);
  });

  it("keeps a lesson to one tab: another opens it when that one is closed", async () => {
    const page = await open("teach");
    await page.getByLabel("Your words or phrases, one a line").fill("tea\nnote");
    const other = await page.context().newPage();
    other.setDefaultTimeout(0);
    await other.goto(page.url());
    await other.getByText("open in another tab").waitFor();
    await until(page, async () => {
      const root = await navigator.storage.getDirectory();
      const lesson = await (await root.getDirectoryHandle("earshot-page")).getDirectoryHandle("lesson");
      const file = await lesson.getFileHandle("lesson.json");
      return (await (await file.getFile()).text()).includes("note");
    });
    await page.close();
    expect(await other.getByLabel("Your words or phrases, one a line").inputValue()).toBe("tea\nnote");
    await other.close();
  });

  it("asks before a recording is left, and tries a room again that did not load", async () => {
    const page = await open("listen");
    await page.getByRole("button", { name: "Record", exact: true }).click();
    await page.getByRole("button", { name: "Stop" }).waitFor();
    const asked = page.waitForEvent("dialog");
    await page.evaluate(() => void setTimeout(() => location.reload()));
    const dialog = await asked;
    expect(dialog.type()).toBe("beforeunload");
    await dialog.dismiss(); // it stays
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByRole("button", { name: "Record", exact: true }).waitFor();
    await page.route(/assets\/room.*\.js/, (route) => route.abort(), { times: 1 });
    await page.evaluate(() => void (location.hash = "how-it-works"));
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("heading", { name: "How it works", level: 1 }).waitFor();
  });

  it("says at once which words the model cannot spell, and removes a model when asked twice", async () => {
    const page = await open("teach");
    await page.getByLabel("Your words or phrases, one a line").fill("tea\nküche");
    await page.getByText("(küche)").waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole("button", { name: "Begin from nothing" }).click();
    await page.getByText("(küche)").waitFor({ state: "detached" });

    await page.evaluate(() => void (location.hash = "listen"));
    const files = page.locator("section.room:not([hidden]) input[accept='.safetensors']");
    await files.setInputFiles({
      name: "mine.safetensors",
      mimeType: "",
      buffer: Buffer.from(writeModelFile(toneModel())),
    });
    const model = page.getByLabel("Model", { exact: true });
    await until(page, () => document.querySelector("select[id]")?.textContent?.includes("mine") === true);
    expect(await model.inputValue()).toBe("own mine");
    await page.getByRole("button", { name: "Remove this model" }).click();
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole("button", { name: "Remove", exact: true }).click();
    await until(page, () => {
      const models = document.querySelector<HTMLSelectElement>(".field select"); // the list follows the choice
      return models?.value === "shipped tones" && models.options.length === 1;
    });
    expect(await model.locator("option").allInnerTexts()).toEqual(["tones (in the box)"]);
  });

  it("is recognized on the server where the switch says so", async () => {
    const serving = await startServing();
    const context = await chromium.browser.newContext({ locale: "en" });
    try {
      const page = await context.newPage();
      page.setDefaultTimeout(0);
      await page.goto(serving.url);
      await page.getByLabel("On the server").check();
      await page.locator("input[type=file]").first().setInputFiles(said);
      await page.locator(".word").first().waitFor();
      expect(await textOf(page)).toBe(SPOKEN);
      expect(await serving.metrics()).toContain(
        'earshot_audio_seconds_total{kind="file",model="tones"} 3.52',
      );
    } finally {
      await context.close();
      await serving.close();
    }
  });
});

/** "tea" and "note" in tones, with silence around them: the microphone says them again and again. */
function twoWords(): Float32Array {
  const words = ["tea", "note"].flatMap((word) => [...toneSpeech(word), ...hush(900)]);
  return Float32Array.from([...hush(500), ...words]);
}

/** Playwright's own waiting needs a policy that allows `eval`. */
async function until<Value>(
  page: Page,
  isSo: (value: Value) => boolean | Promise<boolean>,
  value?: Value,
): Promise<void> {
  while (!(await page.evaluate(isSo as (value: unknown) => boolean | Promise<boolean>, value)))
    await new Promise((resolve) => setTimeout(resolve, 50));
}

const hush = (ms: number): number[] => Array.from({ length: 16 * ms }, (_, n) => 0.0004 * Math.sin(n * n));

const textOf = async (page: Page): Promise<string> =>
  (await page.locator(".words").first().innerText()).replaceAll(/\s+/g, " ").trim();

/** What asking for it comes to: "there", or the name of the error. */
const lessonFolder = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const pages = await root.getDirectoryHandle("earshot-page");
    return pages.getDirectoryHandle("lesson").then(
      () => "there",
      ({ name }: Error) => name,
    );
  });

const stepOf = (page: Page): Promise<number> =>
  page.evaluate(() => Number(document.querySelector("progress")?.dataset.step));

/** What axe finds. */
async function faultsOf(page: Page): Promise<string[]> {
  await page.addScriptTag({ url: "/axe/axe.min.js" });
  return page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as AxeWindow).axe.run();
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`,
    );
  });
}
