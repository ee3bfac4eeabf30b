// Seeded damage to an input of bytes: bits, integers, lengths, whole pieces. Where a format's tags stand (its
// dictionary: "data", "OggS", a comma, a line break) is where its lengths and its fields begin, so half of the damage is
// done there. Knows nothing of any one format.

/** Lengths, counts and codes at which readers tend to stumble. */
const INTERESTING = [0, 1, 2, 3, 7, 8, 16, 127, 128, 255, 256, 1000, 4095, 0x7fff, 0x8000, 0xffff, 0x1_0000];
const HUGE = [0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff, -1, -2, 2 ** 40, 2 ** 53, 2 ** 63];
const HEADER_BYTES = 64;

/**
 * One input more: a member of the corpus with one to eight kinds of damage.
 * @param random a RandomStream; the same stream gives the same input
 * @param corpus inputs so far, of which another may be spliced in
 * @param tokens the dictionary, as bytes
 */
export function mutate(random, corpus, tokens, largest) {
  let input = pick(random, corpus);
  for (let left = 1 + Math.floor(8 * random.uniform() ** 3); left > 0; left--) {
    const site = { random, input, anchors: anchorsIn(input, tokens), tokens, corpus };
    input = pick(random, DAMAGE)(site).subarray(0, largest);
  }
  return input;
}

const DAMAGE = [
  flipBit,
  flipBit,
  setInteger,
  setInteger,
  cut,
  remove,
  repeat,
  insertToken,
  insertNoise,
  splice,
  move,
];

function flipBit({ random, input, anchors }) {
  const bytes = input.slice();
  if (bytes.length > 0) bytes[position(random, bytes, anchors)] ^= 1 << random.integer(8);
  return bytes;
}

function setInteger({ random, input, anchors }) {
  const bytes = input.slice();
  const width =
    pick(
      random,
      [1, 2, 3, 4, 8].filter((width) => width <= bytes.length),
    ) ?? 0;
  const at = Math.min(position(random, bytes, anchors), bytes.length - width);
  const value =
    random.integer(4) === 0 ? bytes.length + random.integer(9) - 4 : pick(random, [...INTERESTING, ...HUGE]);
  const isBigEndian = random.integer(2) === 0;
  for (let i = 0; i < width; i++) {
    bytes[at + (isBigEndian ? width - 1 - i : i)] = Number(BigInt.asUintN(8, BigInt(value) >> BigInt(8 * i)));
  }
  return bytes;
}

function cut({ random, input, anchors }) {
  return input.subarray(0, position(random, input, anchors));
}

function remove({ random, input, anchors }) {
  const [start, end] = piece(random, input, anchors);
  return join(input.subarray(0, start), input.subarray(end));
}

function repeat({ random, input, anchors }) {
  const [start, end] = piece(random, input, anchors);
  const copies = Array.from({ length: 1 + random.integer(4) }, () => input.subarray(start, end));
  return join(input.subarray(0, end), ...copies, input.subarray(end));
}

function move({ random, input, anchors }) {
  const [start, end] = piece(random, input, anchors);
  const rest = join(input.subarray(0, start), input.subarray(end));
  const to = random.integer(rest.length + 1);
  return join(rest.subarray(0, to), input.subarray(start, end), rest.subarray(to));
}

function insertToken({ random, input, anchors, tokens }) {
  const at = position(random, input, anchors);
  const over = random.integer(2) === 0; // in place of what stands there
  const token = pick(random, tokens) ?? new Uint8Array();
  return join(input.subarray(0, at), token, input.subarray(over ? at + token.length : at));
}

function insertNoise({ random, input, anchors }) {
  const at = position(random, input, anchors);
  const fill = pick(random, [0, 0xff, 0x20, undefined]);
  const noise = Uint8Array.from({ length: 1 + random.integer(40) }, () => fill ?? random.integer(256));
  return join(input.subarray(0, at), noise, input.subarray(at));
}

function splice({ random, input, anchors, corpus }) {
  const other = pick(random, corpus);
  const from = random.integer(other.length + 1);
  return join(input.subarray(0, position(random, input, anchors)), other.subarray(from));
}

// ── Places ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** Every place just behind a token. */
function anchorsIn(input, tokens) {
  const text = Buffer.from(input.buffer, input.byteOffset, input.length);
  const anchors = [];
  for (const token of tokens) {
    for (let at = text.indexOf(token); at >= 0 && anchors.length < 1000; at = text.indexOf(token, at + 1)) {
      anchors.push(at + token.length);
    }
  }
  return anchors;
}

/** Anywhere, in the header, or up to eight bytes behind a token. */
function position(random, { length }, anchors) {
  const kind = random.integer(4);
  if (kind === 0 || length === 0) return random.integer(Math.max(1, length));
  if (kind === 1 || anchors.length === 0) return random.integer(Math.min(length, HEADER_BYTES));
  return Math.min(length - 1, pick(random, anchors) + (kind === 2 ? 0 : random.integer(8)));
}

function piece(random, input, anchors) {
  const ends = [position(random, input, anchors), position(random, input, anchors)];
  return [Math.min(...ends), Math.max(...ends)];
}

export const pick = (random, items) => items[random.integer(items.length)];

export function join(...parts) {
  return new Uint8Array(Buffer.concat(parts));
}
