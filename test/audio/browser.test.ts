// The same file gives the same frames in Node and in a browser: the room is bundled for browsers by Vite and run in a
// process without Node's globals. No browser is needed; what only a browser has is tested in converter-web.test.ts.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { computeFeatures, decodeAudio, detectVoice, featureSettings } from "../../src/audio/index.ts";
import { bundleForBrowsers } from "../browser/bundle.ts";
import { fixture, FIXTURES } from "./fixture.ts";

const pathTo = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const bundle = mkdtempSync(join(tmpdir(), "earshot-browser-"));
beforeAll(() => bundleForBrowsers("audio/index.ts", bundle));
afterAll(() => rmSync(bundle, { recursive: true, force: true }));

/** Node may hang where it ends: the process is then killed, and the test tried once more. */
const BOUNDED = { timeout: 2 * 60_000, killSignal: "SIGKILL" } as const; // ms
const TWICE = { retry: 1 };

it(
  "every format gives a browser the frames and the speech that it gives Node, bit for bit",
  TWICE,
  async () => {
    const paths = FIXTURES.map((name) => pathTo(`fixtures/${name}`));
    const runner = pathTo("in-browser.mjs");
    const printed = execFileSync(process.execPath, [runner, bundle, ...paths], {
      ...BOUNDED,
      encoding: "utf8",
    });
    const expected: Record<string, unknown> = {};
    for (const name of FIXTURES) {
      const { samples } = await decodeAudio(fixture(name), name);
      const { data } = computeFeatures(samples, featureSettings.parse({}));
      const digest = createHash("sha256").update(new Uint8Array(data.buffer)).digest("hex");
      expected[name] = { digest, voice: await detectVoice(samples) };
    }
    expect(JSON.parse(printed)).toEqual(expected);
  },
);
