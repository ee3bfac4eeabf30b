// The room of data: manifests, prepared corpora, batches.

export { readManifests } from "./manifests/read-manifests.ts";
export { parseManifest } from "./manifests/manifest.ts";
export type { Manifest, Utterance } from "./manifests/manifest.ts";
export { findRecordings, MANIFEST_EXTENSIONS } from "./manifests/folder.ts";
export { augmentationSettings } from "./augmentation/index.ts";
export type { AugmentationSettings, FrameTransform, Occasion } from "./augmentation/index.ts";
export { AugmentationPreview } from "./augmentation/preview.ts";
export type {
  AugmentationPreviewOptions,
  AugmentedSound,
  PreviewedRecording,
  PreviewedTexts,
  SoundWithFrames,
} from "./augmentation/preview.ts";
export { anchorPaths, dataSettings } from "./settings.ts";
export type { DataSettings } from "./settings.ts";
export { FeatureStore } from "./features/feature-store.ts";
export type { FeatureStoreOptions, Recording, StoreSettings } from "./features/feature-store.ts";
export { PreparedCorpus } from "./corpus/corpus.ts";
export type { CorpusOptions, EpochOptions } from "./corpus/corpus.ts";
export type { LabeledUtterance, PreparedUtterance, Variant } from "./corpus/prepare.ts";
export { inSplit, selectSplit } from "./corpus/splits.ts";
export type { Selection } from "./corpus/splits.ts";
export type { Batch } from "./corpus/loader.ts";
export { featuresInThisThread } from "./features/feature-pool.ts";
export { recordingFault } from "./features/recording-fault.ts";
export { importCorpus } from "./import/import.ts";
export type { ImportedCorpus, ImportOptions, ImportProgress } from "./import/import.ts";
export { importers } from "./import/importers.ts";
export type { Importer } from "./import/importer.ts";
export { putManifest, writeManifest } from "./manifests/manifest-writer.ts";
export { assignSplits } from "./corpus/speaker-splits.ts";
export { measureRecordings } from "./statistics/measure.ts";
export type { Measured, Unreadable } from "./statistics/measure.ts";
export { describeCorpus } from "./statistics/statistics.ts";
export type { CorpusStatistics, Overlap, SplitStatistics } from "./statistics/statistics.ts";
export { distributionOf } from "./statistics/distribution.ts";
export type { Distribution } from "./statistics/distribution.ts";
export { foldTranscript, unknownWords, vocabularyOf } from "./statistics/vocabulary.ts";
export type { UnknownWords, TranscriptVocabulary } from "./statistics/vocabulary.ts";
