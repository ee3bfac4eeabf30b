// Reading exports: every format gives the same evidence, and hostile or damaged files end in a named error.

import { crc32, deflateRawSync } from "node:zlib";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readArrayFiles } from "../../../src/doctor/arrays/evidence/files.ts";
import { readBatchEvidence } from "../../../src/doctor/arrays/evidence/read.ts";
import { writeSafetensors } from "../../../src/model/index.ts";

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "earshot-evidence-"))));
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, bytes: Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

/** Version 1 of the format, as numpy.save writes it. */
function npy(descr: string, shape: string, data: Uint8Array, order = "False"): Uint8Array {
  const header = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }`.padEnd(117) + "\n";
  const head = Uint8Array.of(
    0x93,
    0x4e,
    0x55,
    0x4d,
    0x50,
    0x59,
    1,
    0,
    header.length & 255,
    header.length >> 8,
  );
  return Buffer.concat([head, Buffer.from(header), data]);
}

const bytesOf = (values: Float32Array | BigInt64Array | Uint16Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** One entry, deflated; `claims` is the size that the table of contents tells. */
function zip(name: string, content: Uint8Array, claims = content.length): Uint8Array {
  const packed = deflateRawSync(content);
  const label = Buffer.from(name);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(label.length, 26);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(8, 10);
  entry.writeUInt32LE(crc32(content), 16);
  entry.writeUInt32LE(packed.length, 20);
  entry.writeUInt32LE(claims, 24);
  entry.writeUInt16LE(label.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(30 + label.length + packed.length, 16);
  return Buffer.concat([local, label, packed, entry, label, end]);
}

describe("formats", () => {
  const values = Float32Array.of(0, 1, 2, 3, 4, 5);
  it("numbers of a .npy file, of other widths and orders too", async () => {
    const read = async (name: string, bytes: Uint8Array) => [
      ...(await readArrayFiles([await file(`${name}.npy`, bytes)])).arrays.get(name)!.data,
    ];
    expect(await read("a", npy("<f4", "(2, 3)", bytesOf(values)))).toEqual([0, 1, 2, 3, 4, 5]);
    expect(await read("b", npy("<i8", "(2,)", bytesOf(BigInt64Array.of(7n, -1n))))).toEqual([7, -1]);
    expect(await read("c", npy("<f2", "(3,)", bytesOf(Uint16Array.of(0x3c00, 0xc000, 0x3555))))).toEqual([
      1, -2, 0.333251953125,
    ]);
    expect(await read("d", npy(">f4", "()", Uint8Array.of(0x3f, 0x80, 0, 0)))).toEqual([1]);
    expect(await read("e", npy("<f4", "(2, 3)", bytesOf(values), "True"))).toEqual([0, 2, 4, 1, 3, 5]);
  });
  it("a text in a .npz file is a fact, and `facts` many", async () => {
    const text = JSON.stringify({ blank: 2, losses: [1, 2.5], features: { f_max: 8000 } });
    const path = await file("facts.npz", zip("facts.npy", npy(`|S${text.length}`, "()", Buffer.from(text))));
    const { arrays, facts } = await readArrayFiles([path]);
    expect([...arrays.get("losses")!.data]).toEqual([1, 2.5]);
    expect(facts).toEqual({ blank: 2, features: { f_max: 8000 } });
  });
  it("JSON with Python's numbers and lists of several lengths, and safetensors, are the same evidence", async () => {
    const json = `{"log_probs": [[[-Infinity, 0]]], "targets": [[1]], "target_lengths": [1], "blank": 0}`;
    const tensors = new Map([
      ["log_probs", { type: "float64" as const, dims: [1, 1, 2], data: Float64Array.of(-Infinity, 0) }],
      ["targets", { type: "int64" as const, dims: [1, 1], data: BigInt64Array.of(1n) }],
      ["target_lengths", { type: "int64" as const, dims: [1], data: BigInt64Array.of(1n) }],
    ]);
    const a = await readBatchEvidence([await file("a.json", json)]);
    const b = await readBatchEvidence([
      await file("b.safetensors", writeSafetensors(tensors, { blank: "0" })),
    ]);
    expect(b).toEqual(a);
    expect(a.outputs).toMatchObject({ T: 1, B: 1, V: 2 });
    const ragged = await readBatchEvidence([await file("c.json", `{"targets": [[1, 2], [3]]}`)]);
    expect(ragged.targetLengths).toEqual([2, 1]);
  });
});

describe("files that are not what they seem", () => {
  const cases: Record<string, { code: string; bytes: Uint8Array | string; name?: string }> = {
    "an empty file": { code: "DAMAGED_EVIDENCE", bytes: "" },
    "some text": { code: "DAMAGED_EVIDENCE", bytes: "log_probs" },
    "a cut .npy": { code: "DAMAGED_EVIDENCE", bytes: npy("<f4", "(2, 3)", new Uint8Array(8)) },
    "a shape beyond all memory": {
      code: "EVIDENCE_TOO_LARGE",
      bytes: npy("<f4", "(100000, 100000)", new Uint8Array(8)),
    },
    "pickled objects": { code: "UNFIT_EVIDENCE", bytes: npy("|O8", "(1,)", new Uint8Array(8)) },
    "no header": { code: "DAMAGED_EVIDENCE", bytes: npy("<f4", "(2", new Uint8Array(8)) },
    "a zip without contents": { code: "DAMAGED_EVIDENCE", bytes: "PK\u0003\u0004 and nothing" },
    "a bomb": { code: "DAMAGED_EVIDENCE", bytes: zip("a.npy", new Uint8Array(1 << 20), 100) },
    "a zip that claims 4 GB": {
      code: "EVIDENCE_TOO_LARGE",
      bytes: zip("a.npy", new Uint8Array(8), 0xffffffff),
    },
    "JSON cut": { code: "DAMAGED_EVIDENCE", bytes: `{"log_probs": [[[1,` },
    "ragged outputs": { code: "DAMAGED_EVIDENCE", bytes: `{"log_probs": [[[1], [1, 2]], [[1]]]}` },
    "lengths that are a matrix": { code: "UNFIT_EVIDENCE", bytes: `{"input_lengths": [[1, 2], [3, 4]]}` },
    "features that are a word": { code: "UNFIT_EVIDENCE", bytes: `{"features": "log-mel"}` },
    "a blank that is a word": { code: "UNFIT_EVIDENCE", bytes: `{"blank": "first"}` },
  };
  it.each(Object.entries(cases))("%s", async (name, { code, bytes }) => {
    const path = await file(name.replaceAll(/\W/g, "_"), bytes);
    await expect(readBatchEvidence([path])).rejects.toMatchObject({ code, name: "EarshotError" });
  });
  it("symbols that begin like a list in JSON are characters all the same", async () => {
    const path = await file("symbols.json", JSON.stringify({ symbols: "[ab" }));
    expect((await readBatchEvidence([path])).symbols).toEqual(["[", "a", "b"]);
  });
  it("nothing at the path", async () => {
    await expect(readBatchEvidence([join(folder, "absent.npz")])).rejects.toMatchObject({
      code: "UNREADABLE_EVIDENCE",
    });
  });
  it("deeply nested lists are no array", async () => {
    const { facts } = await readArrayFiles([
      await file("deep.json", `{"a": ${"[".repeat(1000)}1${"]".repeat(1000)}}`),
    ]);
    expect(Object.keys(facts)).toEqual(["a"]);
  });
});
