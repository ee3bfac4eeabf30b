// HTML (and the SVG in it) as tagged templates: whatever is filled in is escaped, unless it is such a template itself.
// So a transcript or a path can never become markup. Knows nothing of reports.

/** Text that is markup already. */
export class Markup {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

/** What may be filled in; nothing for what is missing. */
export type Content = Markup | string | number | false | undefined | readonly Content[];

/** Holes may stand between tags and inside quoted attributes; not in a script, a style or a tag's name. */
export function markup(texts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  const filled = contents.map((content, i) => sourceOf(content) + texts[i + 1]);
  return new Markup(texts[0] + filled.join(""));
}

function sourceOf(content: Content): string {
  if (content === undefined || content === false) return "";
  if (content instanceof Markup) return content.source;
  if (typeof content === "object") return content.map(sourceOf).join("");
  return escaped(String(content));
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Control characters, which no page may hold, become the mark of what cannot be shown. */
function escaped(text: string): string {
  return text
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character])
    .replaceAll(/(?![\t\n\r])\p{Cc}|\p{Cs}/gu, "\u{FFFD}");
}
