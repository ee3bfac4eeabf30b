// A strict little reader of HTML: every element that is opened is closed in its turn, every attribute is quoted and given
// once, every & begins an entity. It throws at the first place that is not so.

const VOID = new Set(["meta", "br", "!doctype"]);
const TAG = /<(\/?)([!a-zA-Z][\w-]*)((?:\s+[\w:-]+(?:="[^"<>]*")?)*)\s*(\/?)>/y;
const TEXT = /(?:[^<>&]|&(?:amp|lt|gt|quot|#39);)+/y;

export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
}

/** The elements of a page, in their order. */
export function readHtml(page: string): Element[] {
  const elements: Element[] = [];
  const open: string[] = [];
  for (let at = 0; at < page.length;) {
    const raw = /^(?:script|style)$/.test(open.at(-1) ?? "") ? page.indexOf(`</${open.at(-1)}>`, at) : at;
    const match = raw > at ? undefined : (matchAt(TAG, page, at) ?? matchAt(TEXT, page, at));
    if (raw <= at && !match) throw new Error(`Not well-formed: ${page.slice(at, at + 80)}`);
    if (match?.[0].startsWith("<")) visit(match, open, elements);
    at = match ? at + match[0].length : raw;
  }
  if (open.length > 0) throw new Error(`Not closed: ${open.join(" > ")}`);
  return elements;
}

function visit([, slash, written, fields, end]: RegExpExecArray, open: string[], elements: Element[]): void {
  const name = written.toLowerCase();
  if (slash) {
    if (open.pop() !== name) throw new Error(`</${name}> closes another element.`);
    return;
  }
  const attributes = new Map<string, string>();
  for (const [, key, value = ""] of fields.matchAll(/([\w:-]+)(?:="([^"]*)")?/g)) {
    if (attributes.has(key)) throw new Error(`<${name}> has ${key} twice.`);
    attributes.set(key, value);
  }
  elements.push({ name, attributes });
  if (!end && !VOID.has(name)) open.push(name);
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}
