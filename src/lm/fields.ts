// A cursor over the lines of a text in bytes, and over the fields of a line, which spaces and tabs keep apart. Lines of
// white space are passed over. Numbers are read from the bytes: making a string of each would take most of the time.

const [TAB, NEWLINE, RETURN, SPACE, BACKSLASH] = [9, 10, 13, 32, 92];
const [PLUS, MINUS, POINT, ZERO, NINE, UPPER_E, LOWER_E] = [43, 45, 46, 48, 57, 69, 101];
/** A mantissa up to here stays exact with one digit more. */
const LARGEST_MANTISSA = 9e14;

const isBlank = (byte: number): boolean => byte === SPACE || byte === TAB || byte === RETURN;

export class FieldReader {
  readonly bytes: Uint8Array;
  /** The line, counted from 1. */
  line = 1;
  /** The field is at [start, end). */
  start = 0;
  end = 0;
  #lineStart = 0;
  #lineEnd = 0;
  #at = 0;
  readonly #decoder = new TextDecoder();

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#open(0);
  }

  get atEnd(): boolean {
    return this.#lineStart >= this.bytes.length;
  }

  get bytesLeft(): number {
    return this.bytes.length - this.#lineStart;
  }

  get startsWithBackslash(): boolean {
    return this.bytes[this.#lineStart] === BACKSLASH;
  }

  /** The whole line without the white space around it; of a very long one, the beginning. */
  text(): string {
    return this.#decoder
      .decode(this.bytes.subarray(this.#lineStart, Math.min(this.#lineEnd, this.#lineStart + 200)))
      .trim();
  }

  /** Goes to the next line that is not blank. */
  nextLine(): void {
    this.line++;
    this.#open(this.#lineEnd + 1);
  }

  /** Goes to the next field of the line; false where there is none. */
  nextField(): boolean {
    const { bytes } = this;
    let at = this.#at;
    while (at < this.#lineEnd && isBlank(bytes[at])) at++;
    this.start = at;
    while (at < this.#lineEnd && !isBlank(bytes[at])) at++;
    this.end = at;
    this.#at = at;
    return this.end > this.start;
  }

  fieldText(): string {
    return this.#decoder.decode(this.bytes.subarray(this.start, this.end));
  }

  /** The field as a number; NaN where it is none. */
  number(): number {
    const { bytes, end } = this;
    const sign = bytes[this.start] === MINUS ? -1 : 1;
    let at = bytes[this.start] === MINUS || bytes[this.start] === PLUS ? this.start + 1 : this.start;
    let [mantissa, scale, digits] = [0, 0, 0];
    for (let fraction = false; at < end; at++) {
      const byte = bytes[at];
      if (byte === POINT && !fraction) fraction = true;
      else if (byte < ZERO || byte > NINE) break;
      else {
        digits++;
        const kept = mantissa < LARGEST_MANTISSA;
        if (kept) mantissa = mantissa * 10 + (byte - ZERO);
        if (kept && fraction) scale--;
        if (!kept && !fraction) scale++;
      }
    }
    if (digits === 0) return this.#special();
    if (at < end) scale += this.#exponent(at);
    return sign * (scale < 0 ? mantissa / 10 ** -scale : mantissa * 10 ** scale);
  }

  /** The exponent from an "e" on; NaN where there is none. */
  #exponent(at: number): number {
    if (this.bytes[at] !== UPPER_E && this.bytes[at] !== LOWER_E) return Number.NaN;
    const text = this.#decoder.decode(this.bytes.subarray(at + 1, this.end));
    return /^[+-]?\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  }

  #special(): number {
    return this.fieldText().toLowerCase() === "-inf" ? Number.NEGATIVE_INFINITY : Number.NaN;
  }

  #open(from: number): void {
    const { bytes } = this;
    let at = from;
    while (at < bytes.length && (bytes[at] === NEWLINE || isBlank(bytes[at]))) {
      if (bytes[at] === NEWLINE) this.line++;
      at++;
    }
    this.#lineStart = at;
    this.#at = at;
    const end = bytes.indexOf(NEWLINE, at);
    this.#lineEnd = end < 0 ? bytes.length : end;
  }
}
