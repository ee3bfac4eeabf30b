// The module of the training worker: programs, CTC and updates run there, so that the main thread keeps the progress bar,
// the data and Ctrl-C (a run of the engine blocks its event loop).

import { serve } from "../../platform/index.ts";
import { trainingFailed, trainingWork } from "./work.ts";

serve(trainingWork(), trainingFailed);
