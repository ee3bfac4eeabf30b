// Reads TypeScript as text: what is code and what comments and strings, what is imported and what is exported.

import { posix } from "node:path";

/** Path under src/ (with `/`) → text. */
export type Sources = ReadonlyMap<string, string>;

const LEXEMES =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|(?<=(?:[(,=:[!&|?{};]|return)\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\n[])+\/|[`{}]/g;
const TEMPLATE_TEXT = /(?:\\[\s\S]|\$(?!\{)|[^`\\$])*(?:`|\$\{)/y;

/** The source with comments blanked, and the contents of strings too unless `keepStrings`; lines stay in place. */
export function code(source: string, { keepStrings = false } = {}): string {
  const braces: ("block" | "template")[] = [];
  let result = "";
  let at = 0;
  const blank = (end: number) => {
    result += source.slice(at, end).replaceAll(/[^\n]/g, " ");
    at = end;
  };
  const template = () => {
    TEMPLATE_TEXT.lastIndex = at;
    const text = TEMPLATE_TEXT.exec(source)?.[0] ?? source.slice(at);
    if (text.endsWith("${")) braces.push("template");
    blank(at + text.length);
  };
  const copy = (end: number) => {
    result += source.slice(at, end);
    at = end;
  };
  for (LEXEMES.lastIndex = 0; ; LEXEMES.lastIndex = at) {
    const match = LEXEMES.exec(source);
    if (!match) return result + source.slice(at);
    copy(match.index);
    const end = at + match[0].length;
    if (match[0] === "{") braces.push("block");
    if (match[0] === "`" || (match[0] === "}" && braces.pop() === "template")) {
      blank(end);
      template();
    } else if (match[0] === "{" || match[0] === "}" || (keepStrings && /^["']/.test(match[0]))) copy(end);
    else blank(end);
  }
}

/** The specifiers of static and dynamic imports and re-exports. */
export function importsOf(source: string): string[] {
  const text = code(source, { keepStrings: true });
  return [...text.matchAll(/\b(?:from|import)\s*\(?\s*["']([^"']+)["']/g)].map(([, specifier]) => specifier);
}

export function relativeImports(path: string, source: string): string[] {
  return importsOf(source)
    .filter((specifier) => specifier.startsWith("."))
    .map((specifier) => posix.join(posix.dirname(path), specifier));
}

export const roomOf = (path: string): string => (path.includes("/") ? path.split("/")[0] : "");

/** The specifiers of imports that are there when the program runs: those of types alone are not. */
export function runtimeImportsOf(source: string): string[] {
  const text = code(source, { keepStrings: true });
  const others = [...text.matchAll(/(?<!typeof\s+)\bimport\s*\(?\s*["']([^"']+)["']/g)];
  return [...importsAtOnce(source), ...others.map(([, specifier]) => specifier)];
}

/** Those of them that are loaded with the file itself. */
export function importsAtOnce(source: string): string[] {
  const text = code(source, { keepStrings: true });
  const clauses = [
    ...text.matchAll(/\b(?:import|export)\b(\s+type\b)?[\w\s{},*$]*?\bfrom\s*["']([^"']+)["']/g),
  ];
  const named = clauses.filter(([, isType]) => isType === undefined).map(([, , specifier]) => specifier);
  const bare = [...text.matchAll(/^import\s*["']([^"']+)["']/gm)].map(([, specifier]) => specifier);
  return [...named, ...bare];
}

/** The names that a file makes and exports, types too; what it passes on from other files is not its own. */
export function namesMadeIn(source: string): string[] {
  const text = code(source, { keepStrings: true });
  const kinds = "(?:async\\s+)?function\\*?|(?:abstract\\s+)?class|const|let|interface|type";
  const declared = [...text.matchAll(new RegExp(`\\bexport\\s+(?:${kinds})\\s+([\\w$]+)`, "g"))];
  const lists = [...text.matchAll(/\bexport\s+(?:type\s+)?\{([^}]*)\}(?!\s*from)/g)];
  const listed = lists.flatMap(([, list]) =>
    list.split(",").map((item) => item.trim().split(/\s+/).at(-1) ?? ""),
  );
  const imported = new Set(
    [...text.matchAll(/\bimport\b([^;"']*)\bfrom\b/g)].flatMap(([, list]) => list.match(/[\w$]+/g)),
  );
  const passedOn = listed.filter((name) => imported.has(name));
  const names = [...declared.map(([, name]) => name), ...listed];
  return [...new Set(names)].filter((name) => name !== "" && !passedOn.includes(name)); // one of overloads
}
