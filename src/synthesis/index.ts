// The door of the room of synthesis: texts become recordings of voices made by machine.

export { openSpeechEngine, speechEngines } from "./engines.ts";
export type {
  SpeakOptions,
  SpeechEngine,
  SpeechEngineKind,
  SpeechEngineOptions,
  SpokenSound,
  SpeechVoice,
  VoiceMix,
} from "./speech-engine.ts";
