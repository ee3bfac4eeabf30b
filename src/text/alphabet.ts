// The symbols that a network spells with, and their indices. The CTC blank is no symbol: it has the last index, as in
// the paper (Hannun et al. 2014, section 2) and in Mozilla DeepSpeech. Any Unicode script will do: a symbol is one
// character, or one code point of a character (a vowel sign, a jamo). Models made elsewhere spell with word pieces, symbols
// of several characters. Knows nothing of transcripts and their faults.

import { EarshotError } from "../errors.ts";
import { z } from "../settings.ts";
import { describeCharacter, howToAdd, splitCharacters } from "./characters.ts";

/** What begins a piece that begins a word. */
const WORD_START = "▁";

const ENGLISH = [..."abcdefghijklmnopqrstuvwxyz '"];

export class Alphabet {
  /** The symbols in the order of their indices, in Unicode normal form C, without the blank. */
  readonly symbols: readonly string[];
  /** V: the symbols and the blank. */
  readonly size: number;
  /** The index of the blank, V − 1. */
  readonly blank: number;
  /** Whether some symbol is an upper-case letter, so that case carries meaning. */
  readonly hasUpperCase: boolean;
  readonly #indices: ReadonlyMap<string, number>;
  /** By the code of a printable character of ASCII, of which most texts are made; -1 where it is no symbol. */
  readonly #ofAscii = new Int32Array(128).fill(-1);
  /** The length of the longest symbol, in code units, where some symbol is a word piece; else 0. */
  readonly #longestPiece: number;

  private constructor(
    symbols: readonly string[],
    places: readonly string[],
    where: string,
    hasPieces = false,
  ) {
    if (symbols.length === 0) throw emptyAlphabet(where);
    this.symbols = Object.freeze(symbols.map((symbol) => symbol.normalize("NFC")));
    this.#longestPiece = hasPieces ? Math.max(...this.symbols.map(({ length }) => length)) : 0;
    this.size = symbols.length + 1;
    this.blank = symbols.length;
    this.hasUpperCase = this.symbols.some((symbol) => symbol !== symbol.toLowerCase());
    this.#indices = indexSymbols(this.symbols, places, hasPieces ? checkPiece : checkSymbol);
    for (const [symbol, index] of this.#indices)
      if (/^[ -~]$/.test(symbol)) this.#ofAscii[symbol.charCodeAt(0)] = index;
  }

  /** The paper's 29 outputs: a to z, space, apostrophe, and the blank. */
  static english(): Alphabet {
    return Alphabet.fromSymbols(ENGLISH);
  }

  /** @throws EMPTY_ALPHABET, EMPTY_SYMBOL, INVALID_SYMBOL, DUPLICATE_SYMBOL */
  static fromSymbols(symbols: readonly string[], where = "alphabet"): Alphabet {
    const places = symbols.map((_, index) => `${where}: symbol ${index}`);
    return new Alphabet(symbols, places, where);
  }

  /**
   * Word pieces, such as " the" and "ing": a piece that begins with a space begins a word, one that ends with a space ends
   * it. The space is written "▁" in its symbol, as SentencePiece does, so that no symbol is the space between words. Where
   * every symbol is one character it is the alphabet of `fromSymbols`. @throws EMPTY_ALPHABET, EMPTY_SYMBOL, DUPLICATE_SYMBOL
   */
  static fromPieces(pieces: readonly string[], where = "alphabet"): Alphabet {
    if (!pieces.some(isPiece)) return Alphabet.fromSymbols(pieces, where);
    const symbols = pieces.map((piece) => piece.replaceAll(" ", WORD_START));
    const places = symbols.map((_, index) => `${where}: symbol ${index}`);
    return new Alphabet(symbols, places, where, true);
  }

  /** Whether some symbol is longer than a character. */
  get hasPieces(): boolean {
    return this.#longestPiece > 0;
  }

  /** What stands between words, if there are words; pieces end between them. */
  get separator(): string {
    return this.hasPieces || this.symbols.includes(" ") ? " " : "";
  }

  /** The characters that the symbols are made of, and the space: this alphabet itself where they are characters. */
  get characters(): Alphabet {
    if (!this.hasPieces) return this;
    const characters = splitCharacters(this.symbols.join("").normalize("NFC"));
    const others = new Set(characters.filter((character) => character !== WORD_START));
    return Alphabet.fromSymbols([...others, " "]);
  }

  /**
   * Reads Mozilla DeepSpeech's `alphabet.txt`: one symbol a line, a line with one space for the space, `#` starts a
   * comment, `\#` is the symbol `#`; and symbols by their code points, `\u{301}` (docs/alphabet.md). `where` names the
   * file; errors add the line.
   * @throws EMPTY_ALPHABET, EMPTY_SYMBOL, INVALID_SYMBOL, DUPLICATE_SYMBOL
   */
  static fromMozilla(text: string, where: string): Alphabet {
    const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
    if (lines.at(-1) === "") lines.pop(); // the end of the last line, not an empty symbol
    const numbered = lines.map((line, index) => ({ line, place: `${where}:${index + 1}` }));
    const kept = numbered.filter(({ line }) => !line.startsWith("#"));
    const symbols = kept.map(({ line }) => (line === "\\#" ? "#" : withoutEscapes(line)));
    const places = kept.map(({ place }) => place);
    return new Alphabet(symbols, places, where);
  }

  /** Reads what `toJSON` wrote. @throws INVALID_ALPHABET and what `fromSymbols` throws */
  static fromJSON(value: unknown, where: string): Alphabet {
    const symbols = z.array(z.string()).safeParse(value);
    if (symbols.success) return Alphabet.fromSymbols(symbols.data, where);
    throw new EarshotError({
      code: "INVALID_ALPHABET",
      where,
      problem: "An alphabet is a list of strings, one for each symbol; something else came.",
      remedy: "The file may be damaged or written by another program: write it again with Earshot.",
    });
  }

  /** The symbols as a list; the blank is implied, after the last. */
  toJSON(): readonly string[] {
    return this.symbols;
  }

  /**
   * The indices that spell one character: its own symbol, or else the symbols of all its code points (composed, then
   * decomposed: "é" as "e" and an accent). Undefined when the alphabet cannot spell it.
   */
  spell(character: string): readonly number[] | undefined {
    const own = this.#indices.get(character);
    if (own !== undefined) return [own];
    if (this.hasPieces) return this.#spellWithPiece(character);
    for (const form of [character, character.normalize("NFD")]) {
      const indices = Array.from(form, (part) => this.#indices.get(part));
      if (indices.every((index) => index !== undefined)) return indices;
    }
    return undefined;
  }

  /** The labels of a text. `where` names its origin in errors. @throws UNKNOWN_SYMBOL */
  encode(text: string, where?: string): Int32Array {
    if (this.hasPieces) return this.#encodePieces(text, where);
    const plain = this.#encodeAscii(text);
    if (plain) return plain;
    const labels: number[] = [];
    for (const [index, character] of splitCharacters(text.normalize("NFC")).entries()) {
      const spelled = this.spell(character);
      if (spelled === undefined) throw unknownSymbol(character, index + 1, where);
      for (const label of spelled) labels.push(label);
    }
    return Int32Array.from(labels);
  }

  /** The space is a part of pieces; another character is spelled by the shortest piece that has it. */
  #spellWithPiece(character: string): readonly number[] | undefined {
    if (character === " ") return [];
    const having = this.symbols.filter((symbol) => symbol.includes(character));
    const [shortest] = having.toSorted((a, b) => a.length - b.length);
    return shortest === undefined ? undefined : [this.#indices.get(shortest)!];
  }

  /** The symbols of a text with its spaces as they are, those at its ends too; what no symbol spells is left out. */
  spellOut(text: string): Int32Array {
    return Int32Array.from(splitCharacters(text).flatMap((character) => this.spell(character) ?? []));
  }

  /** Undefined where a character is not a symbol of ASCII. */
  #encodeAscii(text: string): Int32Array | undefined {
    const labels = new Int32Array(text.length);
    for (let i = 0; i < text.length; i++) {
      const index = this.#ofAscii[text.charCodeAt(i)] ?? -1;
      if (index < 0) return undefined;
      labels[i] = index;
    }
    return labels;
  }

  /** The longest piece that fits, again and again; each word has a space at both ends, of which pieces have one or none. */
  #encodePieces(text: string, where?: string): Int32Array {
    const words = text.normalize("NFC").trim().split(/\s+/u);
    const spelled = words.map((word) => WORD_START + word + (this.#endsWords ? WORD_START : "")).join("");
    const labels: number[] = [];
    for (let at = words[0] === "" ? spelled.length : 0; at < spelled.length;) {
      let length = Math.min(this.#longestPiece, spelled.length - at);
      while (length > 0 && !this.#indices.has(spelled.slice(at, at + length))) length--;
      if (length > 0) labels.push(this.#indices.get(spelled.slice(at, at + length))!);
      else if (spelled[at] !== WORD_START) throw unknownSymbol(spelled[at], at, where);
      at += Math.max(1, length);
    }
    return Int32Array.from(labels);
  }

  /** Whether the ends of words are in pieces, not their beginnings. */
  get #endsWords(): boolean {
    return this.symbols.some((symbol) => symbol.length > 1 && symbol.endsWith(WORD_START));
  }

  /** The text of labels, in normal form C; of word pieces it begins with a space where a word begins. @throws INVALID_LABEL for the blank and anything beyond the symbols */
  decode(indices: Iterable<number>): string {
    let text = "";
    for (const index of indices) text += this.symbols[index] ?? this.#refuse(index);
    return (this.hasPieces ? text.replaceAll(WORD_START, " ") : text).normalize("NFC");
  }

  #refuse(index: number): never {
    throw new EarshotError({
      code: "INVALID_LABEL",
      problem: `Label ${index} is ${index === this.blank ? "the blank" : "no symbol"}: the alphabet's symbols are 0 to ${this.blank - 1}.`,
      remedy:
        "Collapse repeats and remove blanks first (greedyDecode does), and use the alphabet of the model.",
    });
  }
}

function indexSymbols(
  symbols: readonly string[],
  places: readonly string[],
  check: (symbol: string, where: string) => void,
): Map<string, number> {
  const indices = new Map<string, number>();
  for (const [index, symbol] of symbols.entries()) {
    check(symbol, places[index]);
    const earlier = indices.get(symbol);
    if (earlier !== undefined) throw duplicateSymbol(symbol, places[index], places[earlier]);
    indices.set(symbol, index);
  }
  return indices;
}

/** `\u{67}\u{303}` is "g̃"; anything else is as it stands. */
function withoutEscapes(line: string): string {
  if (!/^(?:\\u\{(?!d[89a-f]..\})[0-9a-f]{1,5}\})+$/i.test(line)) return line; // halves of surrogate pairs are none
  return line.replaceAll(/\\u\{([0-9a-fA-F]+)\}/g, (_, code: string) =>
    String.fromCodePoint(parseInt(code, 16)),
  );
}

const isPiece = (symbol: string): boolean => splitCharacters(symbol.normalize("NFC")).length > 1;

function checkPiece(symbol: string, where: string): void {
  if (symbol === "") {
    throw new EarshotError({
      code: "EMPTY_SYMBOL",
      where,
      problem: "A symbol of the alphabet is empty.",
      remedy: "Remove the empty entry; the space symbol is one space, and the blank is added by itself.",
    });
  }
}

function checkSymbol(symbol: string, where: string): void {
  checkPiece(symbol, where);
  if (splitCharacters(symbol).length === 1 && (symbol === " " || symbol.trim() !== "")) return;
  throw new EarshotError({
    code: "INVALID_SYMBOL",
    where,
    problem: `A symbol is one character, and of white space only the space; ${describeCharacter(symbol)} came.`,
    remedy: "Give each character an entry of its own.",
  });
}

function duplicateSymbol(symbol: string, where: string, earlier: string): EarshotError {
  return new EarshotError({
    code: "DUPLICATE_SYMBOL",
    where,
    problem: `The symbol ${describeCharacter(symbol)} is in the alphabet already (${earlier}).`,
    remedy: "Remove one of the two; a model trained with both must keep its own alphabet.",
  });
}

function emptyAlphabet(where: string): EarshotError {
  return new EarshotError({
    code: "EMPTY_ALPHABET",
    where,
    problem: "The alphabet has no symbols.",
    remedy: "List at least one symbol, one a line.",
  });
}

function unknownSymbol(character: string, position: number, where?: string): EarshotError {
  return new EarshotError({
    code: "UNKNOWN_SYMBOL",
    where,
    problem: `The alphabet cannot spell ${describeCharacter(character)}, character ${position} of the text.`,
    remedy: `Normalize the text first (normalizeTranscript), or ${howToAdd(character)}`,
  });
}
