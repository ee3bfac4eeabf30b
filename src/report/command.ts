// The command that repeats a run, from the manifests and settings that it began with. Made of plain data: it does not
// know which settings there are, only which of them are as they would be if nobody had said anything.

import { isRecord } from "../settings.ts";

/** Where features are kept changes nothing of what is learned. */
const LEFT_OUT = new Set(["data.cacheDirectory"]);

/** @param defaults the settings when nothing is given; the command names those that differ */
export function trainCommand(
  manifests: readonly string[],
  settings: Readonly<Record<string, unknown>>,
  defaults: unknown,
): string {
  const assignments = differences(settings, defaults, "").map(
    ([path, value]) => `--set ${quoted(`${path}=${JSON.stringify(value)}`)}`,
  );
  return ["earshot train", ...manifests.map(quoted), ...assignments].join(" \\\n  ");
}

/** Table by table; a table of which there is none by default is one value. */
function differences(
  settings: Readonly<Record<string, unknown>>,
  defaults: unknown,
  table: string,
): [path: string, value: unknown][] {
  return Object.entries(settings).flatMap(([key, value]): [string, unknown][] => {
    const path = table ? `${table}.${key}` : key;
    const usual = isRecord(defaults) && Object.hasOwn(defaults, key) ? defaults[key] : undefined;
    if (LEFT_OUT.has(path) || JSON.stringify(value) === JSON.stringify(usual)) return [];
    const isTable = isRecord(value) && isRecord(usual) && Object.keys(usual).length > 0;
    return isTable ? differences(value, usual, path) : [[path, value]];
  });
}

/** As one word of a POSIX shell. */
function quoted(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
