// What a learner begins with beside its data: a model, with fresh weights or with those of a file.

import { loadModelFile, type ModelFile } from "../model/index.ts";
import {
  initialState,
  networkOf,
  traceTrainingLoop,
  type LoopTrace,
  type TrainingSettings,
} from "../training/index.ts";

export interface Beginning {
  readonly model: ModelFile;
  /** Whether the weights are other than those that the settings give. */
  readonly isTrained: boolean;
  /** The training loop as `showTrainingLoop` prints it. */
  readonly loop: LoopTrace;
}

/** Fresh weights, or those of the model that the settings name. @throws EarshotError of the settings, of the model */
export async function freshBeginning(settings: TrainingSettings): Promise<Beginning> {
  const { alphabet, architecture } = networkOf(settings);
  const { features, transcript } = settings;
  const { weights } = (await initialState(settings, architecture, alphabet)).state;
  const model = { alphabet, architecture, features, transcript, weights, metrics: {}, training: {} };
  return { model, isTrained: false, loop: await traceTrainingLoop() };
}

/** The weights of a model file. @throws as `loadModelFile` */
export async function loadedBeginning(path: string): Promise<Beginning> {
  return { model: await loadModelFile(path), isTrained: true, loop: await traceTrainingLoop() };
}
