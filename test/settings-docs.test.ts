// Keeps docs/settings.md and the decoder's settings in docs/cli.md true: they are what tools/settings-docs.mjs makes of the
// tables, and their examples are accepted.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { applyAssignments } from "../src/apps/cli/training-input.ts";
import { decoderOptions, type DecoderOption } from "../src/ctc/index.ts";
import { augmentationPresets } from "../src/data/index.ts";
import { streamSettings } from "../src/recognizer/index.ts";
import { listSettings, parseSettings, type SettingDescription } from "../src/settings.ts";
import { trainingSettings } from "../src/training/index.ts";

const generator = new URL("../tools/settings-docs.mjs", import.meta.url).href;
const { settingsPage, withDecoderOptions, withStreamSettings } = (await import(generator)) as {
  settingsPage: (
    settings: readonly SettingDescription[],
    defaults: unknown,
    presets: typeof augmentationPresets,
  ) => Promise<string>;
  withDecoderOptions: (page: string, options: readonly DecoderOption[]) => Promise<string>;
  withStreamSettings: (page: string, settings: readonly SettingDescription[]) => Promise<string>;
};

describe("docs/settings.md", () => {
  const page = readFileSync(new URL("../docs/settings.md", import.meta.url), "utf8");
  const [fromFile, realWorld, allDefaults] = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, text]) =>
    parse(text),
  );
  const settings = listSettings(trainingSettings);
  const defaults = parseSettings(trainingSettings, {}, "defaults");

  it("is what tools/settings-docs.mjs writes: after a change, npm run build && node tools/settings-docs.mjs", async () => {
    expect(page).toBe(await settingsPage(settings, defaults, augmentationPresets));
  });
  it("describes every setting", () => {
    expect(settings.filter(({ description }) => description === "").map(({ path }) => path)).toEqual([]);
  });
  it("shows all defaults as they are", () => {
    expect(parseSettings(trainingSettings, allDefaults, "page")).toEqual(defaults);
  });
  it("shows what a preset stands for", () => {
    const parsed = (augmentation: unknown) =>
      parseSettings(trainingSettings, { data: { augmentation } }, "page");
    expect(parsed({ ...realWorld, preset: "real-world" })).toEqual(parsed("real-world"));
  });
  it("shows one example in two forms that agree", () => {
    const assignments = [...page.matchAll(/--set (?:'([^']*)'|(\S+=\S+))/g)].map(([, a, b]) => a ?? b);
    expect(assignments).toHaveLength(4);
    expect(applyAssignments({}, assignments)).toEqual(fromFile);
    expect(parseSettings(trainingSettings, fromFile, "page").optimizer).toEqual({
      name: "nesterov",
      momentum: 0.95,
    });
  });
});

describe("docs/cli.md", () => {
  it("has the decoder's settings as tools/settings-docs.mjs writes them", async () => {
    const page = readFileSync(new URL("../docs/cli.md", import.meta.url), "utf8");
    expect(page).toBe(await withDecoderOptions(page, decoderOptions()));
  });
});

it("docs/recognizer.md has the settings of live streams as tools/settings-docs.mjs writes them", async () => {
  const page = readFileSync(new URL("../docs/recognizer.md", import.meta.url), "utf8");
  expect(page).toBe(await withStreamSettings(page, listSettings(streamSettings)));
});

it("docs/networks.md has a row for each network of the table", () => {
  const page = readFileSync(new URL("../docs/networks.md", import.meta.url), "utf8");
  const rows = [...page.matchAll(/^\| `([a-z0-9-]+)` +\|[^|]+\|[^|]+\|$/gm)].map(([, name]) => name);
  const table = listSettings(trainingSettings).filter(({ path }) => path.startsWith("network."));
  const names = new Set(table.flatMap(({ choice }) => choice ?? []));
  expect(rows.toSorted()).toEqual([...names].toSorted());
});
