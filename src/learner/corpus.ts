// `corpus("an4/manifest.csv")`: manifests read as one, to be looked at and handed to a learner.

import { readManifests, type Manifest } from "../data/index.ts";
import { resolve } from "../platform/index.ts";

export interface Corpus extends Manifest {
  /** Absolute paths. */
  readonly manifests: readonly string[];
  /** How many utterances each split has. */
  readonly splits: Readonly<Record<string, number>>;
}

/** Reads manifests: tables, JSON lines or folders. @throws EarshotError as `readManifests` does */
export async function corpus(...manifests: readonly string[]): Promise<Corpus> {
  const paths = manifests.map((path) => resolve(path));
  const manifest = await readManifests(paths);
  const splits: Record<string, number> = {};
  for (const { split } of manifest.utterances) splits[split] = (splits[split] ?? 0) + 1;
  return { ...manifest, manifests: paths, splits };
}

/** Manifests are read; a corpus is taken as it is. */
export function corpusOf(data: Corpus | string | readonly string[]): Promise<Corpus> | Corpus {
  if (typeof data === "string") return corpus(data);
  return "manifests" in data ? data : corpus(...data);
}
