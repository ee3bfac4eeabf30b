// The part of zod that is bundled.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as zod from "zod";

/**
 * `z` of zod with those functions only that the sources name: of a namespace that is passed on, bundlers keep all,
 * which is three times as much.
 */
export function usedOfZod() {
  const files = readdirSync("src", { recursive: true }).filter((path) => path.endsWith(".ts"));
  const texts = files.map((path) => readFileSync(join("src", path), "utf8"));
  const names = texts.flatMap((text) => Array.from(text.matchAll(/\bz\s*\.(\w+)/g), ([, name]) => name));
  const used = [...new Set(names)].filter((name) => name in zod && name !== "core").toSorted(); // core: types alone
  const properties = used.map((name) => `${name}: zod.${name}`);
  return `import * as zod from "./node_modules/zod/index.js"; export const z = { ${properties.join(", ")} };`;
}
