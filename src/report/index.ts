// The door of the report room: a run's page. What makes pages here (markup, pictures, sounds) serves others too.

export { compareModels, type CompareOptions } from "./comparison/compare.ts";
export type { GivenModels, WeightedModels } from "./comparison/entrants.ts";
export { columnsOf, rowOf, verdictOf, wordList } from "./comparison/figures.ts";
export type { ComparedModel, ModelComparison } from "./comparison/model-comparison.ts";
export { pictureUri, soundUri } from "./data-uri.ts";
export { markup, Markup, type Content } from "./markup.ts";
export { writePreview, type PreviewOptions, type PreviewResult } from "./preview.ts";
export { rejectionPage } from "./rejection-page.ts";
export { spectrogram } from "./spectrogram.ts";
export { writeReport, type ReportOptions } from "./write-report.ts";
