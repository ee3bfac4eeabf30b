// The door of the doctor's room: what is the matter with data, a model, a batch or a run.

export type { Check, Diagnosis, Finding, Severity } from "./finding.ts";
