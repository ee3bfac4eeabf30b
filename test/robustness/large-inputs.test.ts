// Inputs whose size is the attack: what a fuzzer of small inputs cannot find. Each once overflowed a stack or took minutes.

import { describe, expect, it } from "vitest";
import { parseManifest } from "../../src/data/index.ts";
import { ascii, concatenate, faultOf } from "../audio/fixture.ts";
import { oggPage } from "../audio/ogg-file.ts";

describe("large inputs", () => {
  it("a TSV cell of ten million letters, in quotes or not", () => {
    const long = "a".repeat(10_000_000);
    const text = `path\ttranscript\na.wav\t"${long}"\nb.wav\t"${long}\n`;
    const { utterances } = parseManifest(text, "list.tsv", (path) => path);
    expect(utterances.map(({ transcript }) => transcript.length)).toEqual([long.length, long.length + 1]);
  });

  it("an Ogg chain of 1,000 streams without audio starts no decoder for any", async () => {
    const head = concatenate(ascii("OpusHead"), Uint8Array.of(1, 1, 0, 0, 0x80, 0xbb, 0, 0, 0, 0, 0));
    const link = [oggPage([head], { flags: 2 }), oggPage([new Uint8Array(0)], { flags: 4, sequence: 1 })];
    const chain = Buffer.concat(Array.from({ length: 1000 }, () => link).flat());
    expect((await faultOf(new Uint8Array(chain))).code).toBe("EMPTY_AUDIO");
  });
});
