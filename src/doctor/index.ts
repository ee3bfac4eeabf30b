// The door of the doctor's room: what is the matter with data, a model, a batch or a run.

export type { Check, Diagnosis, Finding, Severity } from "./finding.ts";
export { diagnose, type DiagnoseOptions } from "./diagnose.ts";
export { watchTraining } from "./watch.ts";
