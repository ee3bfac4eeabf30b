// Where the models are that come with the package, each in a folder of its name.

import { join } from "./path.ts";

/** EARSHOT_MODELS names another one. */
export const modelsFolder = (): string =>
  process.env.EARSHOT_MODELS ?? join(import.meta.dirname, "../../../models");
