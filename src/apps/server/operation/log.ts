// What happens, as one line of JSON each. Texts of what was said are in it only where somebody asked for them, keys never.

export interface LogFields {
  readonly [field: string]: string | number | boolean | undefined;
}

/** @param write takes a line, with its break */
export class ServerLog {
  readonly #write: (line: string) => void;
  readonly #hasTexts: boolean;

  constructor(write: (line: string) => void, options: { readonly texts?: boolean } = {}) {
    this.#write = write;
    this.#hasTexts = options.texts === true;
  }

  info(event: string, fields: LogFields = {}): void {
    this.#line("info", event, fields);
  }

  warn(event: string, fields: LogFields = {}): void {
    this.#line("warning", event, fields);
  }

  /** What of a line may hold what was said. */
  said(text: string): LogFields {
    return this.#hasTexts ? { text } : {};
  }

  #line(level: string, event: string, fields: LogFields): void {
    this.#write(`${JSON.stringify({ time: new Date().toISOString(), level, event, ...fields })}\n`);
  }
}
