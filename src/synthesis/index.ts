// The door of the room of synthesis: texts become recordings of voices made by machine.

export { chooseVoices } from "./choose-voices.ts";
export type { SpokenClip } from "./clip.ts";
export { openSpeechEngine, speechEngines } from "./engines.ts";
export { castSpeakers, planSpeech } from "./plan.ts";
export type { CastOptions, PlannedUtterance, PlanOptions, Speaker } from "./plan.ts";
export { gatherSentences } from "./sentences.ts";
export type { Sentences, SentenceSources } from "./sentences.ts";
export { speechFault } from "./sound-check.ts";
export type {
  SpeakOptions,
  SpeechEngine,
  SpeechEngineKind,
  SpeechEngineOptions,
  SpeechVoice,
  SpokenSound,
  VoiceMix,
} from "./speech-engine.ts";
export { SpeechJob } from "./speech-job.ts";
export type {
  SpeechAudit,
  SpeechEstimate,
  SpeechJobOptions,
  SpeechProgress,
  SpokenCorpus,
} from "./speech-job.ts";
export { spokenText } from "./spoken-text.ts";
export { unspellable } from "./unspellable.ts";
