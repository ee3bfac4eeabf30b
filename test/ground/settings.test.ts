// Settings tables, on one small enough to see whole: what is filled in, what is refused and in which words.

import { describe, expect, it } from "vitest";
import { EarshotError } from "../../src/errors.ts";
import { choice, listSettings, parseSettings, z } from "../../src/settings.ts";

const ovenSettings = z.strictObject({
  degrees: z.int().min(50).max(280).default(180).describe("Heat, in °C."),
  mode: z.enum(["top", "bottom", "both"]).default("both").describe("Which element."),
  dish: z.union([z.literal("none"), z.array(z.string()).min(1)]).default("none"),
  rack: z
    .strictObject({
      heights: z.array(z.number().positive().max(40)).default([10]),
      light: z.strictObject({ brightness: z.number().min(0).lt(1).default(0.5) }).prefault({}),
    })
    .prefault({}),
  timer: choice([
    z.strictObject({ name: z.literal("clock"), minutes: z.number().positive().default(30) }),
    z.strictObject({ name: z.literal("probe"), coreDegrees: z.int().default(65), depth: z.int().optional() }),
  ]).prefault({}),
});

const parse = (input: unknown) => parseSettings(ovenSettings, input, "oven.yaml");

function faultOf(input: unknown): string {
  try {
    parse(input);
  } catch (error) {
    if (error instanceof EarshotError) return `${error.code} ${error.message}`;
    throw error;
  }
  return "none";
}

describe("parseSettings", () => {
  it("fills in every default, from nothing at all or from a part", () => {
    const defaults = {
      degrees: 180,
      mode: "both",
      dish: "none",
      rack: { heights: [10], light: { brightness: 0.5 } },
      timer: { name: "clock", minutes: 30 },
    };
    expect(parse(undefined)).toEqual(defaults);
    expect(parse({ rack: { light: {} }, degrees: 200 })).toEqual({ ...defaults, degrees: 200 });
  });
  it("gives settings that are frozen throughout, and leaves the input as it was", () => {
    const input = { rack: { heights: [5] } };
    const settings = parse(input);
    expect(() => settings.rack.heights.push(1)).toThrow(TypeError);
    expect(() => Object.assign(settings.rack.light, { brightness: 0 })).toThrow(TypeError);
    input.rack.heights.push(7);
    expect(settings.rack.heights).toEqual([5]);
  });
  it("gives the same again for its own result", () => {
    expect(parse(parse({ timer: { name: "probe" } }))).toEqual(parse({ timer: { name: "probe" } }));
  });
});

describe("an unknown setting", () => {
  it.each<[string, unknown, string]>([
    [
      "at the top",
      { degree: 1 },
      'oven.yaml: degree: There is no setting named "degree". Did you mean "degrees"?',
    ],
    [
      "deep inside",
      { rack: { light: { brightnes: 1 } } },
      'oven.yaml: rack.light.brightnes: There is no setting named "rack.light.brightnes". Did you mean "rack.light.brightness"?',
    ],
    [
      "in the first table of a choice, which is taken when none is named",
      { timer: { minuts: 1 } },
      'oven.yaml: timer.minuts: There is no setting named "timer.minuts". Did you mean "timer.minutes"?',
    ],
    [
      "in the table of a choice that is named",
      { timer: { name: "probe", coredegrees: 1 } },
      'oven.yaml: timer.coredegrees: There is no setting named "timer.coredegrees". Did you mean "timer.coreDegrees"?',
    ],
    [
      "that belongs to another table of the choice",
      { timer: { coreDegrees: 1 } },
      'oven.yaml: timer.coreDegrees: There is no setting named "timer.coreDegrees". It belongs to "probe": set timer.name to that too. Known here: name, minutes.',
    ],
    [
      "that lives in another table",
      { brightness: 1 },
      'oven.yaml: brightness: There is no setting named "brightness". Did you mean "rack.light.brightness"?',
    ],
    [
      "that resembles nothing",
      { rack: { zzzzz: 1 } },
      'oven.yaml: rack.zzzzz: There is no setting named "rack.zzzzz". Known here: heights, light.',
    ],
  ])("%s is told with its full path and a way out", (_, input, message) => {
    expect(faultOf(input)).toBe(`UNKNOWN_SETTING ${message}`);
  });
});

describe("an invalid value", () => {
  const remedy = "Correct the value; docs/settings.md lists every setting with its range and default.";
  it.each<[unknown, string]>([
    [{ degrees: 300 }, `degrees: Expected integer from 50 to 280, but it is 300. ${remedy}`],
    [{ degrees: "hot" }, `degrees: Expected integer from 50 to 280, but it is "hot". ${remedy}`],
    [{ degrees: Number.NaN }, `degrees: Expected integer from 50 to 280, but it is NaN. ${remedy}`],
    [{ degrees: null }, `degrees: Expected integer from 50 to 280, but it is null. ${remedy}`],
    [
      { rack: { light: { brightness: 1 } } },
      `rack.light.brightness: Expected number of at least 0 and below 1, but it is 1. ${remedy}`,
    ],
    [
      { rack: { heights: [10, 0] } },
      `rack.heights: Expected list of number above 0 and of at most 40, but it is [10,0]. ${remedy}`,
    ],
    [{ timer: { minutes: 0 } }, `timer.minutes: Expected number above 0, but it is 0. ${remedy}`],
    [{ dish: [] }, `dish: Expected "none" or non-empty list of text, but it is []. ${remedy}`],
    [{ dish: ["pie", 3] }, `dish: Expected "none" or non-empty list of text, but it is ["pie",3]. ${remedy}`],
    [{ rack: 3 }, `rack: Expected settings by name, but it is 3. ${remedy}`],
    [
      { timer: "prob" },
      'timer: Expected settings by name, but it is "prob". Did you mean timer.name "probe"?',
    ],
    [
      { mode: "none" },
      'mode: Expected "top", "bottom", or "both", but it is "none". "none" is a value of dish.',
    ],
    [
      { mode: "botom" },
      'mode: Expected "top", "bottom", or "both", but it is "botom". Did you mean "bottom"?',
    ],
  ])("is told with its path, its range and what came: %j", (input, message) => {
    expect(faultOf(input)).toBe(`INVALID_SETTING oven.yaml: ${message}`);
  });
  it("is told with the place alone when there are no settings at all", () => {
    expect(faultOf(7)).toBe(`INVALID_SETTING oven.yaml: Expected settings by name, but it is 7. ${remedy}`);
  });
  it("keeps the words of a rule over several settings", () => {
    const band = z
      .strictObject({ low: z.number().default(1), high: z.number().default(2) })
      .refine(({ low, high }) => low < high, { path: ["low"], message: "low must lie below high" });
    expect(() => parseSettings(band, { low: 3 }, "--set")).toThrow(
      `--set: low: low must lie below high. ${remedy}`,
    );
  });
  it("is told whatever it is", () => {
    for (const degrees of [5n, Symbol("s"), () => 1, true, { a: 1 }])
      expect(faultOf({ degrees })).toMatch(/degrees: Expected integer from 50 to 280, but it is ./);
  });
  it("is told even when it holds itself, as YAML can write it", () => {
    const dish: unknown[] = [];
    dish.push(dish);
    expect(faultOf({ dish })).toMatch(/dish: Expected .*, but it is a value that holds itself\./);
  });

  it("is shortened when it is long", () => {
    expect(faultOf({ mode: "x".repeat(500) })).toMatch(/but it is "x{58}…\. /);
  });
});

describe("a choice between tables", () => {
  it("takes the first when no name is given, and the one that is named otherwise", () => {
    expect(parse({ timer: { minutes: 5 } }).timer).toEqual({ name: "clock", minutes: 5 });
    expect(parse({ timer: { name: "probe" } }).timer).toEqual({ name: "probe", coreDegrees: 65 });
  });
  it("says which names there are, and which was meant", () => {
    expect(faultOf({ timer: { name: "sundial" } })).toBe(
      'INVALID_SETTING oven.yaml: timer.name: Expected "clock" or "probe", but it is "sundial". ' +
        "Correct the value; docs/settings.md lists every setting with its range and default.",
    );
    expect(faultOf({ timer: { name: "prob", depth: 3 } })).toMatch(/Did you mean "probe"\?$/);
  });
  it("is no list and no text", () => {
    expect(faultOf({ timer: [] })).toMatch(/timer: Expected settings by name, but it is \[\]\./);
    expect(faultOf({ timer: "probe" })).toMatch(/timer: Expected settings by name, but it is "probe"\./);
  });
});

describe("listSettings", () => {
  it("names every setting once, with its table, range and default", () => {
    const rows = listSettings(ovenSettings).map(({ path, choice: name, range, default: value }) =>
      [path, name, range, JSON.stringify(value)].filter(Boolean).join(" | "),
    );
    expect(rows).toEqual([
      "degrees | integer from 50 to 280 | 180",
      'mode | "top", "bottom", or "both" | "both"',
      'dish | "none" or non-empty list of text | "none"',
      "rack.heights | list of number above 0 and of at most 40 | [10]",
      "rack.light.brightness | number of at least 0 and below 1 | 0.5",
      'timer.name | "clock" or "probe" | "clock"',
      "timer.minutes | clock | number above 0 | 30",
      "timer.coreDegrees | probe | integer | 65",
      "timer.depth | probe | integer",
    ]);
    expect(listSettings(ovenSettings)[0]).toMatchObject({ table: "", description: "Heat, in °C." });
  });
});
