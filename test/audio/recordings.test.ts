// Real recordings, when EARSHOT_DATA names the folder that holds them; skipped otherwise.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { decodeAudio } from "../../src/audio/index.ts";
import { level } from "./signal.ts";

const data = process.env.EARSHOT_DATA;
const folders = [
  { folder: "smoke", take: 100 },
  { folder: "an4/flac", take: 30 },
  { folder: "librispeech/mp3", take: 10 },
  { folder: "fsdd/flac", take: 30 },
];

describe.skipIf(!data)("real recordings (set EARSHOT_DATA to run)", () => {
  it.each(folders)("$folder decodes without warnings", async ({ folder, take }) => {
    const path = join(data ?? "", folder);
    expect(existsSync(path), `${path} is missing`).toBe(true);
    const names = readdirSync(path).filter((name) => /\.(wav|flac|mp3)$/.test(name));
    for (const name of names.slice(0, take)) {
      const { samples, warnings } = await decodeAudio(new Uint8Array(readFileSync(join(path, name))), name);
      expect(warnings, name).toEqual([]);
      expect(level(samples), name).toBeGreaterThan(1e-4);
    }
  });
});
