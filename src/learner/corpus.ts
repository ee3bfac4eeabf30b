// `corpus("an4/manifest.csv")`: manifests read as one, to be looked at, filtered or extended, and handed to a learner.

import { readManifests, type Manifest, type Utterance } from "../data/index.ts";
import { resolve } from "../platform/index.ts";

/** A learner trains on its utterances as they are at that time, whatever the manifests say. */
export interface Corpus extends Manifest {
  /** Absolute paths. */
  readonly manifests: readonly string[];
  /** How many utterances each split had as it was read. */
  readonly splits: Readonly<Record<string, number>>;
  /** The utterances of the manifests; of a copy with others, still those. */
  readonly asRead?: readonly Utterance[];
}

/** Reads manifests: tables, JSON lines or folders. @throws EarshotError as `readManifests` does */
export async function corpus(...manifests: readonly string[]): Promise<Corpus> {
  const paths = manifests.map((path) => resolve(path));
  const manifest = await readManifests(paths);
  const splits: Record<string, number> = {};
  for (const { split } of manifest.utterances) splits[split] = (splits[split] ?? 0) + 1;
  return { ...manifest, manifests: paths, splits, asRead: [...manifest.utterances] };
}

/** Manifests are read; a corpus is taken as it is. */
export function corpusOf(data: Corpus | string | readonly string[]): Promise<Corpus> | Corpus {
  if (typeof data === "string") return corpus(data);
  return "manifests" in data ? data : corpus(...data);
}

/** Whether the manifests say the same as the corpus in memory. */
export function isAsRead({ utterances, asRead }: Corpus): boolean {
  return asRead !== undefined && sameItems(utterances, asRead);
}

export function sameItems<Item>(a: readonly Item[], b: readonly Item[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}
