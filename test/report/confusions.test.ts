import { describe, expect, it } from "vitest";
import { letterConfusions, wordConfusions } from "../../src/report/confusions.ts";

const pair = (reference: string, hypothesis: string) => ({ reference, hypothesis });

describe("confusions, counted by hand", () => {
  const pairs = [pair("one two two", "one too"), pair("two", "too"), pair("", "a"), pair("one", "one")];
  it("count words, the most frequent mistake first", () => {
    const { mistakes, reference } = wordConfusions(pairs);
    expect(mistakes).toEqual([
      { reference: "two", hypothesis: "too", count: 2 },
      { reference: "two", hypothesis: undefined, count: 1 },
      { reference: undefined, hypothesis: "a", count: 1 },
    ]);
    expect(reference.get("two")).toEqual({ times: 3, right: 0 });
    expect(reference.get("one")).toEqual({ times: 2, right: 2 });
    expect(reference.has("too")).toBe(false);
  });
  it("count letters, spaces among them", () => {
    const { mistakes, reference } = letterConfusions([pair("a b", "ab"), pair("b", "d"), pair("ü", "u")]);
    expect(mistakes).toEqual([
      { reference: " ", hypothesis: undefined, count: 1 },
      { reference: "b", hypothesis: "d", count: 1 },
      { reference: "ü", hypothesis: "u", count: 1 },
    ]);
    expect(reference.get("b")).toEqual({ times: 2, right: 1 });
  });
  it("are none where all is right", () => {
    expect(wordConfusions([pair("yes", "yes")]).mistakes).toEqual([]);
  });
});
