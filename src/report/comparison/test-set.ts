// On which utterances models are compared: those of a manifest, or of the dev split of the first run among them; and what
// makes that unfair to some.

import { inSplit, readManifests, selectSplit, type Utterance } from "../../data/index.ts";
import { EarshotError, type Warning } from "../../errors.ts";
import type { Run } from "../run.ts";
import type { Entrant } from "./entrants.ts";

export interface TestSet {
  readonly manifests: readonly string[];
  /** null for every row. */
  readonly split: string | null;
  readonly utterances: readonly Utterance[];
  readonly warnings: readonly Warning[];
}

/**
 * @param manifest its split "test" by default, where it has one
 * @throws EarshotError NO_MANIFEST, UNKNOWN_SPLIT, and what `readManifests` throws
 */
export async function chooseTestSet(
  entrants: readonly Entrant[],
  { manifest, split }: { readonly manifest?: string; readonly split?: string },
): Promise<TestSet> {
  const set = manifest === undefined ? await devSplit(entrants, split) : await ofManifest(manifest, split);
  const learned = await Promise.all(entrants.map((entrant) => trainedOnTest(entrant, set.utterances)));
  return { ...set, warnings: [...set.warnings, ...learned.flat()] };
}

async function ofManifest(manifest: string, asked: string | undefined): Promise<TestSet> {
  const { utterances, warnings } = await readManifests([manifest]);
  return { manifests: [manifest], ...selectSplit(utterances, asked, "test", manifest), warnings };
}

async function devSplit(entrants: readonly Entrant[], asked: string | undefined): Promise<TestSet> {
  const runs = entrants.flatMap((entrant) => entrant.runs);
  if (runs.length === 0) throw noManifest();
  const [{ name, manifests, used }] = runs;
  const split = asked ?? used.devSplit;
  const { utterances, warnings } = await readManifests(manifests);
  const others = runs.filter((run) => devSplitName(run) !== devSplitName(runs[0]));
  const elsewhere = others.map((run): Warning => {
    const message = `${run.name} has another dev split, ${devSplitName(run)}; all are compared on that of ${name}, ${devSplitName(runs[0])}.`;
    return { code: "OTHER_DEV_SPLIT", message };
  });
  return {
    manifests,
    split,
    utterances: inSplit(utterances, split, manifests.join(", ")),
    warnings: [...warnings, ...(asked === undefined ? elsewhere : [])],
  };
}

const devSplitName = ({ manifests, used }: Run): string => `"${used.devSplit}" of ${manifests.join(", ")}`;

/** Figures on what a model was trained on say nothing of what it will do. */
async function trainedOnTest(
  { name, runs }: Entrant,
  utterances: readonly Utterance[],
): Promise<readonly Warning[]> {
  const paths = new Set<string>();
  for (const { manifests, used } of runs) {
    const trained = await readManifests(manifests).catch(() => undefined); // moved away since
    for (const { split, path } of trained?.utterances ?? []) if (split === used.trainSplit) paths.add(path);
  }
  const shared = utterances.filter(({ path }) => paths.has(path)).length;
  if (shared === 0) return [];
  const message = `${name} was trained on ${shared} of these ${utterances.length} recordings: its figures are too good.`;
  return [{ code: "TRAINED_ON_TEST", message }];
}

function noManifest(): EarshotError {
  return new EarshotError({
    code: "NO_MANIFEST",
    problem: "There is nothing to compare on: no manifest, and no run whose dev split could serve.",
    remedy: "Give a manifest behind the models.",
  });
}
