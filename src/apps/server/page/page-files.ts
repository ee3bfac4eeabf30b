// The files of the page, as this package holds them: those of dist/page, beside them the library as ready-made modules for browsers, and
// the model in the box. They are served as they are here, or copied for another host.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { EarshotError } from "../../../errors.ts";

/** Of this package, from sources and from dist/ alike. */
const PACKAGE = fileURLToPath(new URL("../../../../", import.meta.url));
const BUILT = join(PACKAGE, "dist/page");
/** Folder below the page → folder of the package. */
const FOLDERS = { assets: "dist/page/assets", earshot: "dist/browser" } as const;
const MODEL = "models/commands-en/model.safetensors";
/** What browsers load; beside it lie types, and what Node loads. */
const LOADED = /(?<!\.node\.min|threaded)\.m?js$|\.(css|mp3|safetensors|svg|wasm)$/;

export interface PageFiles {
  /** index.html, in which `withMeta` fills in what it is to know. */
  readonly document: string;
  /** All others: by their names below the page, with "/" between folders, their paths on the disk. */
  readonly paths: ReadonlyMap<string, string>;
}

/** @throws EarshotError NO_PAGE */
export async function readPageFiles(): Promise<PageFiles> {
  try {
    const document = await readFile(join(BUILT, "index.html"), "utf8");
    const files = Object.entries(FOLDERS).map(([name, path]) => filesOf(name, join(PACKAGE, path)));
    const all = [
      ...(await Promise.all(files)).flat(),
      ["models/commands-en.safetensors", join(PACKAGE, MODEL)],
    ];
    return { document, paths: new Map(all as [string, string][]) };
  } catch {
    throw noPage();
  }
}

/** @returns names below the page, with their paths */
async function filesOf(name: string, folder: string): Promise<[string, string][]> {
  const found = await readdir(folder, { recursive: true });
  return found
    .filter((path) => LOADED.test(path))
    .map((path) => [`${name}/${path.replaceAll("\\", "/")}`, join(folder, path)]);
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
  return document.replace(new RegExp(`${empty}[^"]*"`), () => `${empty}${escapeHtml(content)}"`);
}

/** As text or as the value of an attribute. */
export const escapeHtml = (value: string): string =>
  value.replaceAll(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

function noPage(): EarshotError {
  return new EarshotError({
    code: "NO_PAGE",
    where: BUILT,
    problem: "The page has not been built.",
    remedy: "In a checkout: npm run build. Of the package: install it again.",
  });
}
