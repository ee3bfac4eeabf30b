// Models beside each other on the same utterances, as figures and as a page. It resolves what was given; measuring is
// evaluation's.

import { compareSystems, type CompareSystemsOptions } from "../../evaluation/index.ts";
import { checkOutputs, replaceFile } from "../../platform/index.ts";
import { filesOf } from "../../data/index.ts";
import { comparisonPage } from "./comparison-page.ts";
import { openEntrants, type GivenModels } from "./entrants.ts";
import type { ModelComparison } from "./model-comparison.ts";
import { chooseTestSet } from "./test-set.ts";

export interface CompareOptions extends CompareSystemsOptions {
  /** The dev split of the first run among the models by default. */
  readonly manifest?: string;
  /** Of the manifest "test" where it has one, else all rows. */
  readonly split?: string;
  /** Where the page goes; none without. */
  readonly out?: string;
}

/**
 * Measures each model in a process of its own, one after the other, on the same utterances.
 * @param models paths of model files, of ONNX programs and of runs' folders; a list of several is an ensemble, with weights
 * as `{ models, weights }`
 * @throws EarshotError NO_MANIFEST, UNKNOWN_SPLIT, NO_MODEL_YET, NOTHING_TO_TEST, COMPARISON_FAILED, OUTPUT_IS_INPUT, and what
 * `Recognizer.load` throws; the signal's reason, leaving a page that is there as it was
 */
export async function compareModels(
  models: readonly GivenModels[],
  { manifest, split, out, ...options }: CompareOptions = {},
): Promise<ModelComparison> {
  const entrants = await openEntrants(models);
  const { utterances, warnings, ...set } = await chooseTestSet(entrants, { manifest, split });
  if (out !== undefined) {
    const inputs = [...set.manifests, ...filesOf(utterances), ...entrants.flatMap((each) => each.models)];
    await checkOutputs([out], { inputs });
  }
  const systems = entrants.map(({ name, models: paths, weights }) => ({
    name,
    models: paths,
    ...(weights && { weights }),
  }));
  const compared = await compareSystems(systems, utterances, options);
  const comparison: ModelComparison = {
    ...set,
    ...compared,
    systems: compared.systems.map((system, m) => ({
      ...system,
      trainingSeconds: entrants[m].trainingSeconds,
    })),
    warnings: [...warnings, ...compared.warnings],
  };
  if (out !== undefined) await replaceFile(out, new TextEncoder().encode(comparisonPage(comparison)));
  return comparison;
}
