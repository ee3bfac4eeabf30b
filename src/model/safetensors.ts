// The safetensors container (huggingface.co/docs/safetensors): eight bytes of header length, a JSON header, raw
// little-endian tensors. Holds model files and training checkpoints alike and knows nothing of either.
// Reading only ever takes numbers out: nothing is executed, and every claim of the header is checked first.

import { EarshotError } from "../errors.ts";
import { z } from "../settings.ts";
import { areShared } from "./shared-bytes.ts";
import {
  ELEMENT_ARRAYS,
  elementCount,
  type ElementType,
  type TensorData,
  type TypedData,
} from "../tensor.ts";

export interface Safetensors {
  /** In the order of their bytes in the file. */
  readonly tensors: ReadonlyMap<string, TensorData>;
  readonly metadata: Readonly<Record<string, string>>;
}

const LENGTH_BYTES = 8;
const ALIGNMENT = 8; // of the data section; tensors follow by falling element size, so each is aligned
const BRACE = 0x7b; // with which each header begins
const LARGEST_HEADER = 100_000_000; // the limit of the reference implementation

/** Each type's name in the format. */
const DTYPES = {
  float64: "F64",
  int64: "I64",
  float32: "F32",
  int32: "I32",
  float16: "F16",
  int8: "I8",
  uint8: "U8",
  bool: "BOOL",
} as const satisfies Record<ElementType, string>;
type Dtype = (typeof DTYPES)[ElementType];
const TYPES = new Map(Object.entries(DTYPES).map(([type, dtype]) => [dtype, type as ElementType]));

/** Of the format, but of no weights of ours. */
const OTHER_TYPES: readonly string[] = ["BF16", "F8_E4M3", "F8_E5M2", "I16", "U16", "U32", "U64"];

const count = z.int().min(0);
const entrySchema = z.strictObject({
  dtype: z.enum(Object.values(DTYPES) as [Dtype, ...Dtype[]]),
  shape: z.array(count),
  data_offsets: z.tuple([count, count]),
});
const metadataSchema = z.record(z.string(), z.string());

type Entry = z.output<typeof entrySchema>;

/** Canonical bytes: the same tensors and metadata give the same file, whatever order they were put in. */
export function writeSafetensors(
  tensors: ReadonlyMap<string, TensorData>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const named = [...tensors].toSorted(([a, x], [b, y]) => width(y.data) - width(x.data) || (a < b ? -1 : 1));
  let end = 0;
  const entries = named.map(([name, { type, dims, data }]): [string, Entry] => {
    checkSize(name, dims, data);
    const begin = end;
    end += data.byteLength;
    return [name, { dtype: DTYPES[type], shape: [...dims], data_offsets: [begin, end] }];
  });
  const sortedMetadata = Object.fromEntries(
    Object.entries(metadata).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
  const header = encodeHeader(Object.fromEntries([["__metadata__", sortedMetadata], ...entries]));
  const bytes = new Uint8Array(LENGTH_BYTES + header.length + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, LENGTH_BYTES);
  named.forEach(([, { data }], i) => {
    const begin = LENGTH_BYTES + header.length + entries[i][1].data_offsets[0];
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), begin);
  });
  return bytes;
}

/**
 * Throws NOT_A_MODEL for a file in another format, DAMAGED_MODEL unless every byte is accounted for. The arrays returned are copies, aligned, safe to keep; of bytes that
 * threads share they are views, which nobody may change.
 */
export function readSafetensors(bytes: Uint8Array, where: string): Safetensors {
  const damaged = (problem: string, cause?: unknown) => damagedFile(where, problem, cause);
  if (bytes.length < LENGTH_BYTES) throw damaged(`The file has ${bytes.length} bytes, too few for a header.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = Number(view.getBigUint64(0, true));
  const dataStart = LENGTH_BYTES + headerLength;
  if (headerLength > LARGEST_HEADER && bytes[LENGTH_BYTES] !== BRACE) throw otherFormat(where);
  if (headerLength > LARGEST_HEADER || dataStart > bytes.length) {
    throw damaged(`Its header claims ${headerLength} bytes, but the file has ${bytes.length}.`);
  }
  const { metadata, entries } = parseHeader(bytes.slice(LENGTH_BYTES, dataStart), where, damaged);
  const tensors = new Map<string, TensorData>();
  let expected = 0;
  for (const [name, entry] of entries.toSorted(byOffset)) {
    const [begin, end] = entry.data_offsets;
    if (begin !== expected)
      throw damaged(`Tensor "${name}" starts at byte ${begin}, where ${expected} was due.`);
    const type = TYPES.get(entry.dtype)!;
    const ArrayType = ELEMENT_ARRAYS[type];
    const bytesNeeded = entry.shape.reduce((product, dim) => product * dim, ArrayType.BYTES_PER_ELEMENT);
    if (end - begin !== bytesNeeded || dataStart + end > bytes.length) {
      throw damaged(
        `Tensor "${name}" [${entry.shape}] of ${entry.dtype} does not fit bytes ${begin} to ${end}.`,
      );
    }
    const own = bytes.subarray(dataStart + begin, dataStart + end);
    const isAligned = own.byteOffset % ArrayType.BYTES_PER_ELEMENT === 0;
    const { buffer, byteOffset } = areShared(own) && isAligned ? own : new Uint8Array(own);
    const data = new ArrayType(buffer as ArrayBuffer, byteOffset, own.length / ArrayType.BYTES_PER_ELEMENT);
    tensors.set(name, { type, dims: entry.shape, data });
    expected = end;
  }
  if (dataStart + expected !== bytes.length) {
    throw damaged(`It has ${bytes.length - dataStart} bytes of data where its header describes ${expected}.`);
  }
  return { tensors, metadata };
}

function parseHeader(
  bytes: Uint8Array,
  where: string,
  damaged: (problem: string, cause?: unknown) => EarshotError,
) {
  let header: unknown;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    header = JSON.parse(text);
    const twice = repeatedKey(text);
    if (twice !== undefined) throw damaged(`Its header names "${twice}" twice.`);
  } catch (cause) {
    throw cause instanceof EarshotError ? cause : damaged("Its header is not JSON.", cause);
  }
  if (typeof header !== "object" || header === null || Array.isArray(header)) {
    throw damaged("Its header is not a JSON object.");
  }
  const { __metadata__: rawMetadata = {}, ...rawEntries } = header as Record<string, unknown>;
  const metadata = metadataSchema.safeParse(rawMetadata);
  if (!metadata.success) throw damaged("Its metadata holds something other than strings.", metadata.error);
  const entries = Object.entries(rawEntries).map(([name, raw]): [string, Entry] => {
    const dtype = (raw as { dtype?: unknown } | null)?.dtype;
    if (typeof dtype === "string" && OTHER_TYPES.includes(dtype)) throw unknownNumbers(where, name, dtype);
    const entry = entrySchema.safeParse(raw);
    if (!entry.success) throw damaged(`Its header does not describe tensor "${name}" properly.`, entry.error);
    return [name, entry.data];
  });
  return { metadata: metadata.data, entries };
}

/** JSON.parse keeps the last of two equal keys in silence; a reader elsewhere may keep the first. */
function repeatedKey(json: string): string | undefined {
  const seen = new Set<string>();
  let depth = 0;
  for (const [token, key] of json.matchAll(/("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|[{}[\]]/g)) {
    if (token === "{" || token === "[") depth++;
    else if (token === "}" || token === "]") depth--;
    else if (key !== undefined && depth === 1) {
      const name = JSON.parse(key) as string;
      if (seen.has(name)) return name;
      seen.add(name);
    }
  }
  return undefined;
}

function encodeHeader(header: Record<string, unknown>): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const padded = new Uint8Array(Math.ceil(json.length / ALIGNMENT) * ALIGNMENT).fill(0x20);
  padded.set(json);
  return padded;
}

const width = (data: TypedData): number => data.BYTES_PER_ELEMENT;
const byOffset = ([, a]: [string, Entry], [, b]: [string, Entry]): number =>
  a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1];

function checkSize(name: string, dims: readonly number[], data: TypedData): void {
  if (elementCount(dims) === data.length) return;
  throw new EarshotError({
    code: "SHAPE_MISMATCH",
    where: name,
    problem: `The shape [${dims}] does not hold ${data.length} numbers.`,
    remedy: "Give dims whose product is the length of the data.",
  });
}

/** Such as BF16, of which another framework may make a type that is read here. */
const unknownNumbers = (where: string, name: string, dtype: string): EarshotError =>
  new EarshotError({
    code: "DAMAGED_MODEL",
    where,
    problem: `Tensor "${name}" holds numbers of type ${dtype}, which are not read here.`,
    remedy: `Save it in one of ${[...TYPES.keys()].join(", ")}: in PyTorch tensor.float().`,
  });

function otherFormat(where: string): EarshotError {
  return new EarshotError({
    code: "NOT_A_MODEL",
    where,
    problem: "This is no safetensors file.",
    remedy: "Give one, such as `earshot train` writes.",
  });
}

function damagedFile(where: string, problem: string, cause?: unknown): EarshotError {
  return new EarshotError(
    {
      code: "DAMAGED_MODEL",
      where,
      problem,
      remedy: "The file is damaged, cut short or not in the safetensors format: copy or download it again.",
    },
    { cause },
  );
}
