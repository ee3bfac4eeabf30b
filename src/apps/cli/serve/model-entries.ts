// What -m of `earshot serve` says: a file or the folder of a run, and under which names it is served.

import { existsSync } from "node:fs";
import { basename, resolve } from "node:path";
import type { ModelEntry } from "../../server/index.ts";
import { usageFault } from "../session.ts";

/** Letters of any script, digits, and what names of models have between them; paths such as ./a and /a are none. */
const NAME = /^[\p{L}\p{N}_@][\p{L}\p{M}\p{N}_.@:/ -]{0,99}$/u;

/**
 * @param given a path, whose name is that of its file or of its run; or "a,b=path", unless such a file is there
 * @throws EarshotError USAGE for what is no name
 */
export function modelEntry(given: string): ModelEntry {
  const sign = given.indexOf("=");
  if (sign < 0 || existsSync(given)) return { names: [nameOf(given)], path: given };
  const names = given
    .slice(0, sign)
    .split(",")
    .map((name) => name.trim().normalize("NFC"));
  const wrong = names.find((name) => !NAME.test(name));
  if (wrong !== undefined)
    throw usageFault(
      `"${wrong}" in "-m ${given}" is no name of a model.`,
      "A name begins with a letter or digit, and may go on with . _ - @ : / and spaces; several have a comma between them.",
    );
  const path = given.slice(sign + 1);
  if (path === "") throw usageFault(`"-m ${given}" has no file behind the sign.`, "Give -m NAME=FILE.");
  return { names, path };
}

const nameOf = (path: string): string => basename(resolve(path)).replace(/\.(safetensors|onnx)$/i, "");
