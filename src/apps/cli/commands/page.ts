// `earshot page`: the page as files that any web host takes. Its assets are written first, under names that change with their content,
// and the document last: who opens the page meanwhile has the old one or the new one.

import type { Command } from "commander";
import { EarshotError } from "../../../errors.ts";
import { megabytes } from "../../../figures.ts";
import {
  basename,
  extname,
  fileFacts,
  openFolder,
  readWholeFile,
  type Folder,
} from "../../../platform/index.ts";
import { examples, jsonOption } from "../options.ts";
import { usageFault } from "../session.ts";
import type { Session } from "../session.ts";

interface PageFlags {
  readonly out?: string;
  readonly model?: string;
}

const DOCUMENT = "index.html";

export function addPage(program: Command, session: Session): void {
  program
    .command("page")
    .description("Write the page that listens and learns in a browser, as files that any web host takes.")
    .option("--out <folder>", "where to write it: a new folder, or one with an earlier page (required)")
    .option(
      "-m, --model <file>",
      "the model that it listens with: its file, the folder of a run, or a name that `earshot models` lists",
      "commands-en",
    )
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `\nThe page asks nothing of the host but its own files. Browsers give it a microphone and storage over https, or on localhost.
\`earshot serve\` has the same page at /, which can recognize on the server, too.\n${examples(
        "earshot page --out site",
        "earshot page --out site -m runs/kitchen",
      )}`,
    )
    .action((flags: PageFlags) => writePage(flags, session));
}

async function writePage({ out, model }: PageFlags, { output, signal }: Session): Promise<void> {
  if (out === undefined)
    throw usageFault("There is no --out: the folder to write the page to.", "See: earshot page --help");
  const { readPageFiles, withMeta } = await import("../../server/index.ts");
  const { loadModelFile, modelPathOf } = await import("../../../model/index.ts");
  const source = await modelPathOf(model!);
  await loadModelFile(source); // a page with a damaged one would be useless
  const { document, paths } = await readPageFiles();
  const name = basename(model!, extname(model!)).replaceAll(/[^\w.-]+/g, "-");
  const files = new Map([...paths].filter(([each]) => !each.startsWith("models/")));
  files.set(`models/${name}.safetensors`, source);
  const folder = await pageFolder(out);
  const told = new TextEncoder().encode(withMeta(document, "earshot-model", name));
  const bytes = await copyInto(folder, files, told, signal);
  if (output.json) output.object({ path: out, files: files.size + 1, bytes, model: name });
  else output.note(`${out}: ${files.size + 1} files, ${megabytes(bytes)}, listening with ${name}`);
}

/** @throws EarshotError FOLDER_IN_USE */
async function pageFolder(out: string): Promise<Folder> {
  const kind = (await fileFacts(out))?.kind;
  const folder = openFolder(out);
  if (kind === undefined) return folder;
  if (kind !== "folder") throw inUse(out, "It is a file.");
  const document = await folder.read(DOCUMENT);
  const isPage =
    document !== undefined && new TextDecoder().decode(document).includes('name="earshot-server"');
  if (isPage || (await folder.list()).length === 0) return folder;
  throw inUse(out, "The folder holds files that are no page of Earshot's.");
}

/** @returns their bytes */
async function copyInto(
  folder: Folder,
  files: ReadonlyMap<string, string>,
  document: Uint8Array,
  signal: AbortSignal,
): Promise<number> {
  const earlier = (await folder.list()).map(({ name }) => name);
  let bytes = document.length;
  for (const [name, path] of files) {
    signal.throwIfAborted();
    const content = await readWholeFile(path);
    bytes += content.length;
    await folder.replace(name, content);
  }
  await folder.replace(DOCUMENT, document);
  const isOld = (name: string): boolean => /^(assets|earshot|models)\//.test(name) && !files.has(name);
  for (const name of earlier.filter(isOld)) await folder.remove(name);
  return bytes;
}

function inUse(where: string, problem: string): EarshotError {
  return new EarshotError({ code: "FOLDER_IN_USE", where, problem, remedy: "Give --out a new folder." });
}
