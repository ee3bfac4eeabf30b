// A real Chromium for tests and recipes, without a window. It is found on the PATH; where there is none, `noChromium` says so
// and tests are skipped with that as their reason:
//
//   describe.skipIf(noChromium)("in a tab", () => {
//     let chromium;
//     beforeAll(async () => (chromium = await openChromium({ folders: { "/fixtures/": "test/audio/fixtures" } })));
//     afterAll(() => chromium.close());
//     it("…", async () => {
//       const page = await chromium.page(); // an empty page of the server, whose errors `close` throws
//       const text = await page.call("/in-tab/recognizer.mjs", "transcribe", "/fixtures/pcm16.wav");
//     });
//   });
//
// What runs in the tab is in modules of in-tab/, which are served as they are (Vitest rewrites functions of tests, so that
// `page.evaluate` takes them only where they import nothing). `page.call(module, name, …parameters)` calls an exported function
// with plain data and gives its answer.
//
// `page()` is a Playwright page: click, type, `page.screenshot`, `setViewportSize`, `addScriptTag`. One browser a file is enough;
// each `page()` has storage of its own. A WAV file given as `microphone` is what `getUserMedia` hears, again and again, once the
// permission is given without being asked. `server.requests` holds what was asked of the server, `page.foreign` (as a property of
// the page) what was asked of anybody else: nothing should be.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";
import { fileURLToPath } from "node:url";
import { serveFolders } from "./static-server.mjs";

const IN_TAB = fileURLToPath(new URL("in-tab/", import.meta.url));
const NAMES = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/** The Chromium of the PATH, undefined where there is none. */
export const chromiumPath = (process.env.PATH ?? "")
  .split(delimiter)
  .flatMap((folder) => NAMES.map((name) => join(folder, name)))
  .find((path) => existsSync(path) && spawnSync(path, ["--version"]).status === 0);

/** Why tests in Chromium are skipped; undefined where they are not. */
export const noChromium = chromiumPath
  ? undefined
  : `There is no Chromium on the PATH (${NAMES.join(", ")}).`;

export async function openChromium({ microphone, headers, folders, flags = [] } = {}) {
  const server = await serveFolders({ folders: { "/in-tab/": IN_TAB, ...folders }, headers });
  const hearing = microphone === undefined ? [] : microphoneFlags(microphone);
  const asRoot = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: [...asRoot, ...hearing, ...flags],
  });
  const failures = [];
  return {
    browser,
    server,
    page: (options) => openPage(browser, server, failures, options),
    cpuSeconds: () => cpuSecondsOf(browser),
    async close() {
      await browser.close();
      await server.close();
      if (failures.length > 0) throw new Error(`Errors on the pages: ${failures.join("; ")}`);
    },
  };
}

/** Of the processes that run pages, whatever else the machine does. */
async function cpuSecondsOf(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  return processInfo.filter(({ type }) => type === "renderer").reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

const microphoneFlags = (path) => [
  "--use-fake-ui-for-media-stream",
  "--use-fake-device-for-media-stream",
  `--use-file-for-fake-audio-capture=${path}`,
];

async function openPage(browser, { origin }, failures, { path = "/", ...options } = {}) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.foreign = [];
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !/^(blob|data):/.test(url)) page.foreign.push(url);
  });
  page.on("pageerror", (error) => failures.push(error.stack ?? String(error)));
  await page.goto(origin + path);
  page.call = (module, name, ...parameters) =>
    page.evaluate(
      `import(${JSON.stringify(module)}).then((all) => all[${JSON.stringify(name)}](...${JSON.stringify(parameters)}))`,
    );
  return page;
}
