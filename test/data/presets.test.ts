// One word for a table of augmentation: alone, in the table, and with settings of its own on top.

import { describe, expect, it } from "vitest";
import { applyAssignments } from "../../src/apps/cli/training-input.ts";
import { augmentationPresets } from "../../src/data/index.ts";
import { EarshotError } from "../../src/errors.ts";
import { parseSettings } from "../../src/settings.ts";
import { settingsWithoutEffect, trainingSettings } from "../../src/training/index.ts";

const parse = (tree: object) => parseSettings(trainingSettings, tree, "a.yaml");
const augmentation = (value: unknown) => parse({ data: { augmentation: value } }).data.augmentation;
const world = augmentationPresets["real-world"];
const faultOf = (tree: object): string => {
  try {
    parse(tree);
  } catch (error) {
    if (error instanceof EarshotError) return `${error.code} ${error.message}`;
  }
  return "accepted";
};

describe("a preset of augmentation", () => {
  it("is chosen by its name alone, or by the name in the table", () => {
    expect(augmentation("real-world")).toMatchObject(world);
    expect(augmentation({ preset: "real-world" })).toEqual(augmentation("real-world"));
    expect(augmentation("none")).toEqual({ ...augmentation({}), preset: "none" });
    expect(augmentation("real-world")).not.toEqual(augmentation("none"));
  });

  it("gives way to single settings, also inside its tables", () => {
    const own = augmentation({
      preset: "real-world",
      speeds: [1],
      room: { t60Ms: [200, 300] },
      timeMasks: 2,
    });
    expect(own).toEqual({
      ...augmentation("real-world"),
      speeds: [1],
      timeMasks: 2,
      room: { ...augmentation("real-world").room, t60Ms: [200, 300] },
    });
    expect(own.room.probability).toBe(world.room.probability);
  });

  it("written out, as a run keeps it, is read as the same settings", () => {
    const settings = parse({ data: { augmentation: { preset: "real-world", microphoneDb: 0 } } });
    expect(parse(JSON.parse(JSON.stringify(settings)) as object)).toEqual(settings);
    expect(settings.data.augmentation.background.probability).toBe(world.background.probability);
  });

  it("is set on the command line, and settings after it", () => {
    const set = ["data.augmentation=real-world", "data.augmentation.room.probability=0.9"];
    const { room, background } = parse(applyAssignments({}, set)).data.augmentation;
    expect([room.probability, background.probability]).toEqual([0.9, world.background.probability]);
  });

  it("of another name is an error that suggests one, and elsewhere one that names its place", () => {
    const wrong = [
      { data: { augmentation: "real-wrld" } },
      { data: { augmentation: { preset: "real-wrld" } } },
    ].map(faultOf);
    expect(wrong).toEqual(
      wrong.map(
        () =>
          'INVALID_SETTING a.yaml: data.augmentation.preset: Expected "auto", "none", or "real-world", but it is "real-wrld". ' +
          'Did you mean "real-world"?',
      ),
    );
    expect(faultOf({ augmentation: "real-world" })).toBe(
      'UNKNOWN_SETTING a.yaml: augmentation: There is no setting named "augmentation". Did you mean "data.augmentation"?',
    );
    expect(faultOf({ data: { augmentation: 5 } })).toMatch(/^INVALID_SETTING a.yaml: data.augmentation: /);
  });

  it("is nobody's wish in each of its values: only what was set beside it can be without effect", () => {
    expect(settingsWithoutEffect(parse({ data: { augmentation: "real-world" } }))).toEqual([]);
    const masks = { preset: "real-world", timeMaskFrames: 7 };
    expect(settingsWithoutEffect(parse({ data: { augmentation: masks } }))).toHaveLength(1);
  });
});
