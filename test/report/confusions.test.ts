import { describe, expect, it } from "vitest";
import { letterConfusions, wordConfusions } from "../../src/report/confusions.ts";

const pair = (reference: string, hypothesis: string) => ({ reference, hypothesis });

describe("confusions, counted by hand", () => {
  const pairs = [pair("one two two", "one too"), pair("two", "too"), pair("", "a"), pair("one", "one")];
  it("count words, the most frequent mistake first", () => {
    const { mistakes, said } = wordConfusions(pairs);
    expect(mistakes).toEqual([
      { said: "two", heard: "too", count: 2 },
      { said: "two", heard: undefined, count: 1 },
      { said: undefined, heard: "a", count: 1 },
    ]);
    expect(said.get("two")).toEqual({ times: 3, right: 0 });
    expect(said.get("one")).toEqual({ times: 2, right: 2 });
    expect(said.has("too")).toBe(false);
  });
  it("count letters, spaces among them", () => {
    const { mistakes, said } = letterConfusions([pair("a b", "ab"), pair("b", "d"), pair("ü", "u")]);
    expect(mistakes).toEqual([
      { said: " ", heard: undefined, count: 1 },
      { said: "b", heard: "d", count: 1 },
      { said: "ü", heard: "u", count: 1 },
    ]);
    expect(said.get("b")).toEqual({ times: 2, right: 1 });
  });
  it("are none where all is right", () => {
    expect(wordConfusions([pair("yes", "yes")]).mistakes).toEqual([]);
  });
});
