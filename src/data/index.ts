// The room of data: manifests, prepared corpora, batches.

export { readManifests } from "./manifest.node.ts";
export { parseManifest } from "./manifest.ts";
export type { Manifest, Utterance } from "./manifest.ts";
export { findRecordings, MANIFEST_EXTENSIONS } from "./manifests/folder.node.ts";
export { augmentationSettings } from "./augmentation/index.ts";
export type { AugmentationSettings } from "./augmentation/index.ts";
export { anchorPaths, dataSettings } from "./settings.ts";
export type { DataSettings } from "./settings.ts";
export { FeatureStore } from "./feature-store.node.ts";
export type { Recording, StoreSettings } from "./feature-store.node.ts";
export { PreparedCorpus } from "./corpus.node.ts";
export type { CorpusOptions, EpochOptions } from "./corpus.node.ts";
export type { LabeledUtterance, PreparedUtterance, Variant } from "./prepare.ts";
export { inSplit, selectSplit } from "./splits.ts";
export type { Selection } from "./splits.ts";
export type { Batch } from "./loader.ts";
export { recordingFault } from "./recording-fault.ts";
