// What every fault of Earshot looks like, and the guess at a mistyped name.

import { describe, expect, it } from "vitest";
import { EarshotError, nearestName } from "../../src/errors.ts";

const fault = { code: "NO_TEA", problem: "The pot is empty.", remedy: "Boil water." };

describe("an EarshotError", () => {
  it("says where, what and the way out in its message", () => {
    expect(new EarshotError({ ...fault, where: "pot.csv:3" }).message).toBe(
      "pot.csv:3: The pot is empty. Boil water.",
    );
    expect(new EarshotError(fault).message).toBe("The pot is empty. Boil water.");
  });
  it("keeps its parts, its name and its cause", () => {
    const cause = new Error("dry");
    const error = new EarshotError({ ...fault, where: "pot" }, { cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ ...fault, where: "pot", name: "EarshotError", cause });
  });
  it("is told at another place without losing its other parts", () => {
    const error = new EarshotError(fault);
    const placed = error.with({ where: "pot" });
    expect(placed.fault).toEqual({ ...fault, where: "pot" });
    expect(placed.message).toBe("pot: The pot is empty. Boil water.");
    expect(placed.cause).toBe(error);
    expect(structuredClone(error.fault)).toEqual(fault);
  });
  it("becomes JSON with code, message and remedy, each said once", () => {
    expect(JSON.parse(JSON.stringify(new EarshotError({ ...fault, where: "pot" })))).toEqual({
      code: "NO_TEA",
      message: "pot: The pot is empty.",
      remedy: "Boil water.",
    });
    expect(new EarshotError(fault).toJSON().message).toBe("The pot is empty.");
  });
});

describe("nearestName", () => {
  it.each([
    ["widht", ["width", "height"], "width"],
    ["WIDTH", ["width"], "width"],
    ["netwrok.widht", ["network.width", "network.stride"], "network.width"],
    ["raet", ["rate", "rise"], "rate"],
    ["epoch", ["epochs", "patience"], "epochs"],
    ["", ["width"], undefined],
    ["zzz", ["width", "height"], undefined],
    ["tea", [], undefined],
  ])("takes %j among %j for %j", (name, candidates, expected) => {
    expect(nearestName(name, candidates)).toBe(expected);
  });
  it("takes the first of equally near ones", () => {
    expect(nearestName("bat", ["cat", "bag"])).toBe("cat");
  });
  it("never takes a name of which more than half differs", () => {
    expect(nearestName("xy", ["ab", "cd"])).toBeUndefined();
    expect(nearestName("dog", ["cat", "end"])).toBeUndefined();
  });
  it("passes over a short name that is too far for a longer one that is not", () => {
    expect(nearestName("lengths", ["ends", "lengthXXs"])).toBe("lengthXXs");
  });
});
