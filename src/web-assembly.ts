// Writes WebAssembly: loops over memory in vectors of 16 bytes, which is all that short numeric programs need. A program
// is emitted when its sizes are known, so that addresses and bounds are constants in it. Codes are those of the WebAssembly
// Core Specification 2.0, section 5 (binary format).

export interface CompiledFunction {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly run: () => void;
}

interface Platform {
  readonly WebAssembly: {
    readonly Module: new (code: Uint8Array) => object;
    readonly Instance: new (module: object) => { readonly exports: CompiledFunction };
  };
}

/** Instructions that leave one value. */
export type Code = readonly number[];

const instruction =
  (...opcode: Code) =>
  (...operands: readonly Code[]): Code => [...operands.flat(), ...opcode];
const vectorInstruction = (opcode: number) => instruction(0xfd, ...unsigned(opcode));

/** Of vectors of two float64. */
export const f64x2 = {
  add: vectorInstruction(0xf0),
  subtract: vectorInstruction(0xf1),
  multiply: vectorInstruction(0xf2),
  /** The first two of four float32. */
  promoteLow: vectorInstruction(0x5f),
};

/** Of vectors of four float32. */
export const f32x4 = {
  absolute: vectorInstruction(0xe0),
  sqrt: vectorInstruction(0xe3),
  add: vectorInstruction(0xe4),
  subtract: vectorInstruction(0xe5),
  multiply: vectorInstruction(0xe6),
  divide: vectorInstruction(0xe7),
  /** NaN where one of the two is. */
  largest: vectorInstruction(0xe9),
  /** Four times the same. */
  all: (value: number): Code => constantVector(new Float32Array(4).fill(value)),
};

/** Of vectors of four uint32. */
export const u32x4 = {
  add: vectorInstruction(0xae),
  subtract: vectorInstruction(0xb1),
  /** The lower 32 bits of each product. */
  multiply: vectorInstruction(0xb5),
  and: vectorInstruction(0x4e),
  andNot: vectorInstruction(0x4f),
  or: vectorInstruction(0x50),
  exclusiveOr: vectorInstruction(0x51),
  largest: vectorInstruction(0xb9),
  /** All bits where the first, as int32, is above the second, else none. */
  isAbove: vectorInstruction(0x3b),
  shiftLeft: (value: Code, by: number): Code => vectorInstruction(0xab)(value, constant(by)),
  shiftRight: (value: Code, by: number): Code => vectorInstruction(0xad)(value, constant(by)),
  /** Four times the same. */
  all: (value: number): Code => constantVector(new Uint32Array(4).fill(value)),
  /** Four times an address, or what is computed of one. */
  allOf: vectorInstruction(0x11),
};

/** Of vectors of eight uint16. */
export const u16x8 = {
  /** Of two vectors of uint32, none above 65535. */
  narrow: vectorInstruction(0x86),
  extendLow: vectorInstruction(0xa9),
  extendHigh: vectorInstruction(0xaa),
};

const constantVector = ({ buffer }: Float32Array | Uint32Array): Code => [
  0xfd,
  0x0c,
  ...new Uint8Array(buffer),
];

/** 16 bytes at `address + offset`. */
export const load = (address: Code, offset: number): Code => [...address, 0xfd, 0x00, 0, ...unsigned(offset)];
/** Twice the float64 at `address + offset`. */
export const loadTwice = (address: Code, offset: number): Code =>
  instruction(0xfd, 0x0a, 0)(address).concat(unsigned(offset));
/** Four times the four bytes at `address + offset`. */
export const loadFourTimes = (address: Code, offset: number): Code =>
  instruction(0xfd, 0x09, 0)(address).concat(unsigned(offset));
/** Takes from 32 bytes, those of `first` and of `second`, words of so many bytes, by number. */
export function shuffle(first: Code, second: Code, bytes: 4 | 8, words: readonly number[]): Code {
  const lanes = words.flatMap((word) => Array.from({ length: bytes }, (_, byte) => word * bytes + byte));
  return [...first, ...second, 0xfd, 0x0d, ...lanes];
}

const constant = (value: number): Code => [0x41, ...signed(value)];

/** The first address. */
export const ZERO = constant(0);
/** Of addresses, int32. */
export const plus = instruction(0x6a);
export const minus = (from: number, value: Code): Code => [...constant(from), ...value, 0x6b];
export const times = (value: Code, factor: number): Code => [...value, ...constant(factor), 0x6c];

const PAGE = 65_536; // bytes
const I32 = 0x7f;
const V128 = 0x7b;

/** The body of a function without parameters or results, statement by statement. */
export class FunctionBody {
  readonly #locals: number[] = [];
  readonly #code: number[] = [];

  /** Computes a vector once, for as many uses as follow. */
  keep(vector: Code): Code {
    return this.#assign(V128, vector);
  }

  keepAddress(address: Code): Code {
    return this.#assign(I32, address);
  }

  /** Stores 16 bytes at `address + offset`. */
  store(address: Code, offset: number, vector: Code): void {
    this.#code.push(...address, ...vector, 0xfd, 0x0b, 0, ...unsigned(offset));
  }

  /** Runs what `body` emits at `from`, `from + step` … below `end`, at least once. */
  loop(from: number, end: number, step: number, body: (address: Code) => void): void {
    const counter = this.#assign(I32, constant(from));
    this.#code.push(0x03, 0x40); // loop
    body(counter);
    this.#assign(I32, plus(counter, constant(step)), counter);
    this.#code.push(...counter, ...constant(end), 0x49, 0x0d, 0, 0x0b); // if it is less, unsigned: again
  }

  /** A program of this function, with a memory of at least so many bytes. Throws where WebAssembly is forbidden. */
  start(bytes: number): CompiledFunction {
    const { WebAssembly } = globalThis as unknown as Platform;
    return new WebAssembly.Instance(new WebAssembly.Module(this.#module(Math.ceil(bytes / PAGE)))).exports;
  }

  /** The same, and undefined where WebAssembly is forbidden. */
  tryStart(bytes: number): CompiledFunction | undefined {
    try {
      return this.start(bytes);
    } catch {
      return undefined;
    }
  }

  #module(pages: number): Uint8Array {
    const declared = list(this.#locals.map((type) => [1, type]));
    const sections: readonly Code[] = [
      section(1, [[0x60, 0, 0]]), // types: () → ()
      section(3, [[0]]), // functions, by type
      section(5, [[0, ...unsigned(pages)]]),
      section(7, [exported("memory", 2), exported("run", 0)]),
      section(10, [sized([...declared, ...this.#code, 0x0b])]),
    ];
    return new Uint8Array([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...sections.flat()]);
  }

  /** @param local what is assigned anew */
  #assign(type: number, value: Code, local: Code = [0x20, ...unsigned(this.#locals.push(type) - 1)]): Code {
    this.#code.push(...value, 0x21, ...local.slice(1));
    return local; // its get
  }
}

const list = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()];
const sized = (code: Code): Code => [...unsigned(code.length), ...code];
const section = (id: number, items: readonly Code[]): Code => [id, ...sized(list(items))];
const exported = (name: string, kind: number): Code => [
  name.length,
  ...Array.from(name, (letter) => letter.charCodeAt(0)),
  kind,
  0,
];

/** LEB128, section 5.2.2. */
function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): Code {
  const isLast = value >= -0x40 && value < 0x40;
  return isLast ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(value >> 7)];
}
