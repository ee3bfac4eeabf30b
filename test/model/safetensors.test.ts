import { describe, expect, it } from "vitest";
import { EarshotError } from "../../src/errors.ts";
import { readSafetensors, writeSafetensors } from "../../src/model/safetensors.ts";
import { shareBytes } from "../../src/model/shared-bytes.ts";
import type { TensorData } from "../../src/tensor.ts";

const tensors = new Map<string, TensorData>([
  ["W", { type: "float32", dims: [2, 3], data: Float32Array.of(0, 1, -2.5, Infinity, NaN, 1e-40) }],
  ["step", { type: "int64", dims: [], data: BigInt64Array.of(-(2n ** 62n)) }],
  ["mean", { type: "float64", dims: [2], data: Float64Array.of(Math.PI, -0) }],
  ["labels", { type: "int32", dims: [1], data: Int32Array.of(-7) }],
  ["bytes", { type: "uint8", dims: [3], data: Uint8Array.of(1, 2, 255) }],
  ["empty", { type: "float32", dims: [0, 4], data: new Float32Array(0) }],
]);

/** A file with any header text, however wrong. */
function fileOf(header: string, data = new Uint8Array(0), claimedLength?: bigint): Uint8Array {
  const json = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + json.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, claimedLength ?? BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.length);
  return bytes;
}

function faultOf(bytes: Uint8Array): EarshotError {
  try {
    readSafetensors(bytes, "model.safetensors");
  } catch (error) {
    if (error instanceof EarshotError) return error;
    throw error;
  }
  throw new Error("the file was accepted");
}

const entry = (dtype: string, shape: number[], begin: number, end: number) =>
  JSON.stringify({ dtype, shape, data_offsets: [begin, end] });

describe("safetensors", () => {
  it("gives back every type of tensor, bit for bit, with the metadata", () => {
    const read = readSafetensors(writeSafetensors(tensors, { note: "naïve ✓" }), "x");
    expect(read.metadata).toEqual({ note: "naïve ✓" });
    expect(new Map([...read.tensors].toSorted())).toEqual(new Map([...tensors].toSorted()));
  });

  it("writes the same bytes whatever the order of tensors and metadata", () => {
    const reversed = new Map([...tensors].toReversed());
    expect(writeSafetensors(reversed, { b: "2", a: "1" })).toEqual(
      writeSafetensors(tensors, { a: "1", b: "2" }),
    );
  });

  it("writes the very bytes that the Python package safetensors 0.8.0 writes", () => {
    const stored = new Map<string, TensorData>([
      ["W", { type: "float32", dims: [2, 2], data: Float32Array.of(1.5, -2, 0, 4) }],
      ["n", { type: "int64", dims: [1], data: BigInt64Array.of(3n) }],
    ]);
    const header =
      '{"__metadata__":{"k":"v"},"n":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},' +
      '"W":{"dtype":"F32","shape":[2,2],"data_offsets":[8,24]}} ';
    const data = "03000000000000000000c03f000000c00000000000008040";
    const bytes = Buffer.from(writeSafetensors(stored, { k: "v" }));
    expect(bytes.toString("hex")).toBe(`8800000000000000${Buffer.from(header).toString("hex")}${data}`);
  });

  it("reads from a Buffer at an odd offset into arrays of its own", () => {
    const bytes = writeSafetensors(tensors);
    const odd = Buffer.alloc(bytes.length + 3);
    odd.set(bytes, 3);
    const { tensors: read } = readSafetensors(odd.subarray(3), "x");
    odd.fill(0);
    expect(read.get("mean")).toEqual(tensors.get("mean"));
  });

  it("keeps tensors named like parts of the language", () => {
    const names = ["__proto__", "constructor", "12"];
    const strange = new Map(
      names.map((name, i) => [name, { type: "float32" as const, dims: [1], data: Float32Array.of(i) }]),
    );
    expect([...readSafetensors(writeSafetensors(strange), "x").tensors.keys()].toSorted()).toEqual(
      [...names].toSorted(),
    );
  });

  it("refuses to write a shape that does not hold its data", () => {
    expect(() =>
      writeSafetensors(new Map([["W", { type: "float32", dims: [2, 2], data: new Float32Array(3) }]])),
    ).toThrow("W: The shape [2,2] does not hold 3 numbers.");
  });

  it("says of another file that it is none, not that it is damaged", () => {
    const fault = faultOf(new TextEncoder().encode("path,transcript,speaker,split\n"));
    expect(fault).toMatchObject({ code: "NOT_A_MODEL", problem: "This is no safetensors file." });
  });

  const four = new Uint8Array(4);
  const hostile: readonly [name: string, bytes: Uint8Array, problem: RegExp][] = [
    ["an empty file", new Uint8Array(0), /has 0 bytes, too few/],
    ["a header longer than the file", fileOf("{}", four, 4000n), /claims 4000 bytes, but the file has 14/],
    ["a header of 2^63 bytes", fileOf("{}", four, 2n ** 63n), /claims 9223372036854776000 bytes/],
    ["a header that is not JSON", fileOf("pickle!"), /not JSON/],
    ["a header that is not UTF-8", fileOf("{}").fill(0xff, 8), /not JSON/],
    ["a header that is a list", fileOf("[]"), /not a JSON object/],
    ["an unknown element type", fileOf(`{"a":${entry("PY", [1], 0, 4)}}`, four), /tensor "a" properly/],
    ["a negative dimension", fileOf(`{"a":${entry("F32", [-1], 0, 4)}}`, four), /tensor "a" properly/],
    ["a tensor past the end", fileOf(`{"a":${entry("F32", [2], 0, 8)}}`, four), /does not fit bytes 0 to 8/],
    [
      "an overlap",
      fileOf(`{"a":${entry("U8", [3], 0, 3)},"b":${entry("U8", [2], 2, 4)}}`, four),
      /"b" starts at byte 2/,
    ],
    [
      "a hole",
      fileOf(`{"a":${entry("U8", [1], 0, 1)},"b":${entry("U8", [2], 2, 4)}}`, four),
      /"b" starts at byte 2/,
    ],
    [
      "a shape of another size",
      fileOf(`{"a":${entry("F32", [3], 0, 4)}}`, four),
      /\[3\] of F32 does not fit/,
    ],
    [
      "a shape that overflows",
      fileOf(`{"a":${entry("U8", [2 ** 52, 2 ** 52], 0, 4)}}`, four),
      /does not fit/,
    ],
    ["data that nobody describes", fileOf("{}", four), /4 bytes of data where its header describes 0/],
    [
      "a name given twice",
      fileOf(`{"a":${entry("U8", [4], 0, 4)},"\\u0061":${entry("U8", [4], 0, 4)}}`, four),
      /"a" twice/,
    ],
    ["metadata that is not text", fileOf('{"__metadata__":{"a":{}}}'), /other than strings/],
  ];
  it.each(hostile)("refuses %s by name", (_, bytes, problem) => {
    const fault = faultOf(bytes);
    expect(fault.code).toBe("DAMAGED_MODEL");
    expect(fault.where).toBe("model.safetensors");
    expect(fault.problem).toMatch(problem);
    expect(fault.remedy).toMatch(/copy or download it again/);
  });

  it("refuses every file that was cut short", () => {
    const bytes = writeSafetensors(tensors, { note: "whole" });
    for (let length = 0; length < bytes.length; length++) {
      expect(faultOf(bytes.subarray(0, length)).code).toBe("DAMAGED_MODEL");
    }
  });
});

it("takes views of bytes that threads share, and copies of all others", () => {
  const data = Float32Array.from([1, 2, 3]);
  const bytes = writeSafetensors(new Map([["a", { type: "float32", dims: [3], data }]]));
  for (const [given, isView] of [
    [shareBytes(bytes), true],
    [bytes, false],
  ] as const) {
    const read = readSafetensors(given, "test").tensors.get("a")!.data;
    expect([...read]).toEqual([1, 2, 3]);
    expect(read.buffer === given.buffer).toBe(isView);
  }
});
