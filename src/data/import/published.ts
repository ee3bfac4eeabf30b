// Corpora that are published as fixed archives: which of them a request means.

import { EarshotError, nearestName } from "../../errors.ts";
import { nameOf } from "./folder.ts";
import type { Archive, ArchiveRequest } from "./importer.ts";

export const isUrl = (source: string): boolean => /^https?:\/\//i.test(source);

/**
 * The archive at the URL that was given, else the published ones that were asked for.
 * @param usual names of those fetched unless asked otherwise; all by default.
 */
export function published(archives: readonly Archive[], usual = archives.map(({ name }) => name)) {
  return ({ source, parts }: ArchiveRequest): Promise<readonly Archive[]> => {
    if (source !== undefined) return ofUrl(source, archives);
    const names = archives.map(({ name }) => name);
    const unknown = parts.find((part) => !names.includes(part));
    if (unknown !== undefined) return Promise.reject(unknownPart(unknown, names));
    const chosen = parts.length > 0 ? parts : usual;
    return Promise.resolve(archives.filter(({ name }) => chosen.includes(name)));
  };
}

/** The checksum is known where the URL is one that the corpus itself publishes. */
function ofUrl(source: string, archives: readonly Archive[]): Promise<readonly Archive[]> {
  if (!isUrl(source)) return Promise.reject(unknownSource(source));
  const known = archives.find(({ url }) => url === source);
  return Promise.resolve([known ?? { url: source, name: archiveStem(new URL(source).pathname) }]);
}

/** `…/dev-clean.tar.gz` → `dev-clean` */
export function archiveStem(path: string): string {
  const stem = decodeURIComponent(nameOf(path)).replace(/(?:\.(?:tar|tgz|tbz2?|gz|bz2|zip|parquet))+$/i, "");
  return stem || "archive";
}

function unknownPart(part: string, names: readonly string[]): EarshotError {
  const near = nearestName(part, names);
  return new EarshotError({
    code: "UNKNOWN_PART",
    where: part,
    problem: "The corpus has no such part.",
    remedy: near === undefined ? `It has: ${names.join(", ")}.` : `Did you mean "${near}"?`,
  });
}

function unknownSource(source: string): EarshotError {
  return new EarshotError({
    code: "UNKNOWN_SOURCE",
    where: source,
    problem: "There is no such file or folder, and it is no URL.",
    remedy:
      "Give an archive, an unpacked folder or a URL; with none, the corpus is fetched from where it is published.",
  });
}
