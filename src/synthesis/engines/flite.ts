// Flite (Black & Lenzo 2001, "Flite: a small fast run-time synthesis engine"): a handful of English voices.

import { languageNotSpoken, type SpeechEngineKind, type SpeechVoice } from "../speech-engine.ts";
import { askProgram, programEngine } from "./program-speech.ts";

const NAME = "flite";

export const flite: SpeechEngineKind = {
  name: NAME,
  description: "Flite on the PATH (BSD-like licence): fast, a handful of English voices",
  async open({ language, signal }) {
    if (!/^en(?:-us)?$/i.test(language)) throw languageNotSpoken(NAME, language, ["en", "en-us"]);
    const listed = await askProgram(NAME, ["-lv"], { signal });
    const names = listed.replace(/^.*:/, "").trim().split(/\s+/);
    return programEngine({
      name: NAME,
      voices: names.filter((name) => name !== TELLS_THE_TIME).map(voiceOf),
      command: ({ text, voice, speed }, out) => {
        const stretch = `duration_stretch=${(1 / speed).toFixed(4)}`;
        return { parameters: ["-voice", voice, "--setf", stretch, "-t", text, "-o", out] };
      },
    });
  },
};

const TELLS_THE_TIME = "awb_time"; // and nothing else

/** "kal" and "kal16" are recordings of one person. */
const voiceOf = (name: string): SpeechVoice => ({
  name,
  speaker: name.replace(/\d+$/, ""),
  language: "en-us",
});
