// Files of evidence on disk, recognized by their first bytes: .npz, .npy, safetensors, JSON. Several files are one body
// of evidence; an .npy file has one array, named as the file is.

import { EarshotError } from "../../../errors.ts";
import { readSafetensors } from "../../../model/index.ts";
import { basename, decodeText, isMissing, readWholeFile } from "../../../platform/index.ts";
import type { Float64Tensor } from "../../../tensor.ts";
import { readJsonEvidence } from "./json.ts";
import {
  countOf,
  damagedEvidence,
  jsonOrText,
  MOST_NUMBERS,
  tooLarge,
  unfitEvidence,
  type NamedArrays,
} from "./named-arrays.ts";
import { isNpy, readNpy } from "./npy.ts";
import { isZip, readNpz } from "./npz.ts";

/**
 * All arrays and facts of the files; of two of one name the later file's counts.
 * @throws UNREADABLE_EVIDENCE, DAMAGED_EVIDENCE, UNFIT_EVIDENCE, EVIDENCE_TOO_LARGE
 */
export async function readArrayFiles(paths: readonly string[]): Promise<NamedArrays> {
  const files: NamedArrays[] = [];
  for (const path of paths) files.push(await readBytes(await load(path), path));
  return {
    arrays: new Map(files.flatMap(({ arrays }) => [...arrays])),
    facts: Object.fromEntries(files.flatMap(({ facts }) => Object.entries(facts))),
  };
}

async function load(path: string): Promise<Uint8Array> {
  try {
    const bytes = await readWholeFile(path);
    if (bytes.length > MOST_NUMBERS * 8) throw tooLarge(path, `The file has ${bytes.length} bytes.`);
    return bytes;
  } catch (cause) {
    if (cause instanceof EarshotError) throw cause;
    throw new EarshotError(
      {
        code: "UNREADABLE_EVIDENCE",
        where: path,
        problem: isMissing(cause)
          ? "There is no such file."
          : `The file cannot be read: ${(cause as Error).message}.`,
        remedy: "Give the path of an export: .npz, .npy, .json or .safetensors (docs/doctor.md).",
      },
      { cause },
    );
  }
}

async function readBytes(bytes: Uint8Array, path: string): Promise<NamedArrays> {
  if (isZip(bytes))
    return sorted(
      [...(await readNpz(bytes, path))].map(([name, npy]) => [name, readNpy(npy, `${path}: ${name}`)]),
      path,
    );
  if (isNpy(bytes)) return sorted([[basename(path).replace(/\.npy$/, ""), readNpy(bytes, path)]], path);
  if (looksLikeSafetensors(bytes)) return fromSafetensors(bytes, path);
  const first = new TextDecoder().decode(bytes.subarray(0, 64)).trimStart();
  if (first.startsWith("{")) return readJsonEvidence(decodeText(bytes, path), path);
  throw damagedEvidence(path, "It is neither .npz nor .npy, JSON or safetensors.");
}

/** Texts are facts: `facts` is a JSON object of many, any other is one. */
function sorted(entries: readonly (readonly [string, Float64Tensor | string])[], path: string): NamedArrays {
  const arrays = new Map<string, Float64Tensor>();
  const facts: Record<string, unknown> = {};
  for (const [name, value] of entries) {
    if (typeof value !== "string") arrays.set(name, value);
    else if (name !== "facts") facts[name] = jsonOrText(value);
    else {
      const more = readJsonEvidence(value, `${path}: facts`);
      Object.assign(facts, more.facts);
      for (const [key, array] of more.arrays) arrays.set(key, array);
    }
  }
  return { arrays, facts };
}

/** Eight bytes of length, then a JSON object. */
const looksLikeSafetensors = (bytes: Uint8Array): boolean => bytes[8] === 0x7b && bytes[7] === 0;

function fromSafetensors(bytes: Uint8Array, path: string): NamedArrays {
  const { tensors, metadata } = readSafetensors(bytes, path);
  if ("earshot.format" in metadata)
    throw unfitEvidence(
      path,
      "It is a model, no export of arrays.",
      "Give a manifest too: its recordings are the batch.",
    );
  const numbers = [...tensors].map(([name, { dims, data }]): [string, Float64Tensor] => {
    countOf(dims, `${path}: ${name}`);
    return [
      name,
      { type: "float64", dims, data: Float64Array.from(data as ArrayLike<number | bigint>, Number) },
    ];
  });
  return sorted([...numbers, ...Object.entries(metadata)], path);
}
