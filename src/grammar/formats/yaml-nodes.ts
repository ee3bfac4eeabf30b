// YAML with the place of every text, for errors that name line and column.

import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from "yaml";
import { EarshotError, nearestName } from "../../errors.ts";
import type { SourcePlace, SourceText } from "../source-text.ts";

const REMEDY = "Correct the YAML there; docs/grammars.md shows the format.";

/** A value of a YAML file. */
export class YamlNode {
  readonly #document: Document;
  readonly #source: SourceText;
  readonly #node: unknown;
  readonly #offset: number | undefined;
  /** Where it stands in the source. */
  readonly at: SourcePlace;
  /** What it is in errors, such as `lists.name`. */
  readonly path: string;

  constructor(document: Document, source: SourceText, node: unknown, path: string, fallback = source.at(0)) {
    this.#document = document;
    this.#source = source;
    this.#node = isAlias(node) ? node.resolve(document) : node;
    const offset = (node as Node | null)?.range?.[0];
    this.#offset = offset;
    this.at = offset === undefined ? fallback : source.at(offset);
    this.path = path;
  }

  /** @throws INVALID_GRAMMAR */
  static parse(source: SourceText): YamlNode {
    const lines = new LineCounter();
    try {
      const document = parseDocument(source.text, { lineCounter: lines, prettyErrors: false });
      const [error] = document.errors;
      if (error)
        throw source
          .at(error.pos[0])
          .fault({ code: "INVALID_GRAMMAR", problem: `It is no YAML: ${error.message}.`, remedy: REMEDY });
      return new YamlNode(document, source, document.contents, "");
    } catch (error) {
      if (error instanceof EarshotError) throw error;
      throw source.at(0).fault({
        code: "INVALID_GRAMMAR",
        problem: "It is nested too deeply to be read as YAML.",
        remedy: REMEDY,
      });
    }
  }

  /** The values by key, in their order; none where there is nothing. @throws INVALID_GRAMMAR */
  entries(): Map<string, YamlNode> {
    if (this.isEmpty) return new Map();
    if (!isMap(this.#node)) throw this.unexpected("names with values");
    return new Map(
      this.#node.items.map(({ key, value }) => {
        const name = String(isScalar(key) ? key.value : key);
        const keyAt = (key as Node).range?.[0];
        const at = keyAt === undefined ? this.at : this.#source.at(keyAt);
        return [name, new YamlNode(this.#document, this.#source, value, this.#below(name), at)] as const;
      }),
    );
  }

  /** @throws INVALID_GRAMMAR, with the nearest key where it lacks one that is needed */
  required(key: string): YamlNode {
    const entries = this.entries();
    const found = entries.get(key);
    if (found) return found;
    const near = nearestName(key, [...entries.keys()]);
    const problem = `Expected "${key}" ${this.path === "" ? "at the top" : `in ${this.path}`}.`;
    const remedy = near === undefined ? REMEDY : `Is "${near}" meant to be "${key}"?`;
    throw (entries.get(near ?? "") ?? this).at.fault({ code: "INVALID_GRAMMAR", problem, remedy });
  }

  /** @throws INVALID_GRAMMAR */
  items(): YamlNode[] {
    if (!isSeq(this.#node)) throw this.unexpected("a list");
    return this.#node.items.map(
      (item, i) => new YamlNode(this.#document, this.#source, item, `${this.path}[${i}]`, this.at),
    );
  }

  get isEmpty(): boolean {
    return this.#node == null || (isScalar(this.#node) && this.#node.value === null);
  }

  get isMap(): boolean {
    return isMap(this.#node);
  }

  /** Numbers and truth values as they are written. @throws INVALID_GRAMMAR */
  text(): string {
    if (!isScalar(this.#node) || this.#node.value === null) throw this.unexpected("a text");
    return String(this.#node.source ?? this.#node.value);
  }

  /** Where its text begins in the source: behind the quotation mark. */
  get textOffset(): number {
    const offset = this.#offset ?? 0;
    return offset + (/["']/.test(this.#source.text.charAt(offset)) ? 1 : 0);
  }

  value(): unknown {
    if (this.#node == null) return null;
    return (this.#node as Node).toJS(this.#document, { maxAliasCount: 100 });
  }

  unexpected(what: string): EarshotError {
    const problem = `Expected ${what}${this.path === "" ? "" : ` as ${this.path}`}.`;
    return this.at.fault({ code: "INVALID_GRAMMAR", problem, remedy: REMEDY });
  }

  #below(key: string): string {
    return this.path === "" ? key : `${this.path}.${key}`;
  }
}
