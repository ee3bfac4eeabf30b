// What looks for what is the matter with data, settings, a run or a model; `loadDoctor` loads it.

export { diagnose, watchTraining } from "../doctor/index.ts";
