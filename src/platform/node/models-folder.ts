// Where the models are that come with the package, each in a folder of its name.

import { fileURLToPath } from "node:url";

/** EARSHOT_MODELS names another one. */
export const modelsFolder = (): string =>
  process.env.EARSHOT_MODELS ?? fileURLToPath(new URL("../../../models", import.meta.url));
