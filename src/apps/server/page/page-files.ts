// The files of the page, as this package holds them: those of dist/page, and those that its files.json places elsewhere in the
// package (the engine's WebAssembly, the model in the box). They are served as they are here, or copied for another host.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { EarshotError } from "../../../errors.ts";

/** Of this package, from sources and from dist/ alike. */
const PACKAGE = fileURLToPath(new URL("../../../../", import.meta.url));
const BUILT = join(PACKAGE, "dist/page");
const ELSEWHERE = "files.json";

export interface PageFiles {
  /** index.html, in which `withMeta` fills in what it is to know. */
  readonly document: string;
  /** All others: by their names below the page, with "/" between folders, their paths on the disk. */
  readonly paths: ReadonlyMap<string, string>;
}

/** @throws EarshotError NO_PAGE */
export async function readPageFiles(): Promise<PageFiles> {
  const read = (name: string): Promise<string> =>
    readFile(join(BUILT, name), "utf8").catch(() => {
      throw noPage();
    });
  const elsewhere = Object.entries(JSON.parse(await read(ELSEWHERE)) as Record<string, string>);
  const names = await readdir(join(BUILT, "assets"));
  return {
    document: await read("index.html"),
    paths: new Map([
      ...names.map((name) => [`assets/${name}`, join(BUILT, "assets", name)] as const),
      ...elsewhere.map(([name, path]) => [name, join(PACKAGE, path)] as const),
    ]),
  };
}

/** The policy that the document has for itself, which a server sends along. */
export function policyOf(document: string): string {
  return (
    /http-equiv="content-security-policy"\s+content="([^"]*)"/.exec(document)?.[1] ?? "default-src 'self'"
  );
}

/** The document with the content of one of its `<meta>`. */
export function withMeta(document: string, name: string, content: string): string {
  const empty = `<meta name="${name}" content="`;
  return document.replace(new RegExp(`${empty}[^"]*"`), () => `${empty}${attribute(content)}"`);
}

const attribute = (value: string): string =>
  value.replaceAll(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

function noPage(): EarshotError {
  return new EarshotError({
    code: "NO_PAGE",
    where: BUILT,
    problem: "The page has not been built.",
    remedy: "In a checkout: npm run build. Of the package: install it again.",
  });
}
