// The text of a grammar as its parsers read it: character by character, with line and column for whatever is wrong there.

import { EarshotError, type Fault } from "../errors.ts";

export class SourceText {
  readonly name: string;
  readonly text: string;

  /** @param name what errors call it, such as the path of its file */
  constructor(text: string, name: string) {
    this.text = text.replace(/^\uFEFF/, "").replaceAll(/\r\n?/g, "\n");
    this.name = name;
  }

  at(offset: number): SourcePlace {
    return new SourcePlace(this, offset);
  }
}

/** Where something stands in a source. */
export class SourcePlace {
  readonly #source: SourceText;
  readonly #offset: number;

  constructor(source: SourceText, offset: number) {
    this.#source = source;
    this.#offset = offset;
  }

  /** `name:line:column`, counted from 1. */
  get name(): string {
    const before = this.#source.text.slice(0, this.#offset);
    const line = before.split("\n").length;
    return `${this.#source.name}:${line}:${this.#offset - before.lastIndexOf("\n")}`;
  }

  fault(fault: Omit<Fault, "where">): EarshotError {
    return new EarshotError({ ...fault, where: this.name });
  }
}

/** How deep groups may lie in each other. */
const DEEPEST = 100;

/** Reads a source, or a part of it that begins at `offset`, from left to right. */
export class Scanner {
  at = 0;
  readonly #source: SourceText;
  readonly #text: string;
  readonly #offset: number;
  readonly #remedy: string;
  #depth = 0;

  /** @param remedy of what cannot be read */
  constructor(source: SourceText, remedy: string, text: string = source.text, offset = 0) {
    this.#source = source;
    this.#text = text;
    this.#offset = offset;
    this.#remedy = remedy;
  }

  /** Where it stands in the source. */
  get place(): SourcePlace {
    return this.#source.at(this.#offset + this.at);
  }

  get isAtEnd(): boolean {
    return this.at >= this.#text.length;
  }

  /** The next character, empty at the end. */
  get next(): string {
    return this.#text.charAt(this.at);
  }

  /** Takes the characters if they come next. */
  take(characters: string): boolean {
    if (!this.#text.startsWith(characters, this.at)) return false;
    this.at += characters.length;
    return true;
  }

  /** Takes what a sticky pattern matches here, if anything. */
  match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.#text);
    if (found) this.at += found[0].length;
    return found ?? undefined;
  }

  expect(characters: string, what: string): void {
    if (!this.take(characters)) throw this.fault(`Expected ${what}`);
  }

  /** Runs a parser one level deeper. */
  nested<Result>(parse: () => Result): Result {
    if (++this.#depth > DEEPEST) throw this.fault(`Groups lie more than ${DEEPEST} deep in each other`);
    const result = parse();
    this.#depth--;
    return result;
  }

  /** @param problem without its full stop, to which is added what was found */
  fault(problem: string): EarshotError {
    const found = this.isAtEnd ? "the end" : `"${this.#text.slice(this.at, this.at + 12).split("\n")[0]}"`;
    return this.place.fault({
      code: "INVALID_GRAMMAR",
      problem: `${problem}; found ${found}.`,
      remedy: this.#remedy,
    });
  }
}
