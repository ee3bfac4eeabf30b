// Kokoro-82M (hexgrad, Apache 2.0): a neural voice, StyleTTS 2 with iSTFTNet, in the runtime of Earshot's own networks. A
// voice is a style; styles mix. Voices of other languages speak with an accent. It computes in threads of its own.

import { EarshotError } from "../../../errors.ts";
import { coreCount, startWorker, ThreadExit, WorkerPool, type PoolFaults } from "../../../platform/index.ts";
import {
  languageNotSpoken,
  type SpeechEngine,
  type SpeechEngineKind,
  type SpeechVoice,
} from "../../speech-engine.ts";
import { fetchKokoro, findKokoro, usualKokoroFolder, type KokoroFiles } from "./files.ts";
import type { KokoroWork } from "./work.ts";

const NAME = "kokoro";

/** By the first letter of a voice's name. */
const LANGUAGES: Readonly<Record<string, string>> = {
  a: "en-us",
  b: "en-gb",
  e: "es",
  f: "fr",
  h: "hi",
  i: "it",
  j: "ja",
  p: "pt-br",
  z: "zh",
};

/** Those that eSpeak NG has the right sounds for. */
const SPOKEN = ["en", "en-us", "en-gb", "es", "fr", "hi", "it", "pt-br"];

/** Each holds the model: 1.2 GB at its most. */
const MOST_THREADS = 4;

const ENTRY = new URL(import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js", import.meta.url);

export const kokoro: SpeechEngineKind = {
  name: NAME,
  description:
    "Kokoro-82M (Apache 2.0): neural voices that can be mixed; 120 MB, and eSpeak NG for the sounds of words",
  fetchFiles: (folder = usualKokoroFolder(), options) => fetchKokoro(folder, options),
  async open({ language, signal, folder = usualKokoroFolder() }) {
    if (!SPOKEN.includes(language.toLowerCase())) throw languageNotSpoken(NAME, language, SPOKEN);
    const files = await findKokoro(folder);
    const pool = new WorkerPool<KokoroWork>({
      start: () => startWorker(ENTRY),
      size: SIZE,
      faults: KOKORO_FAULTS,
    });
    const engine = kokoroEngine(files, language.toLowerCase(), pool);
    try {
      await pool.call("prepare", [accentOf(language.toLowerCase(), "")], { subject: "", signal });
      return engine;
    } catch (error) {
      await pool.close();
      throw error;
    }
  },
};

const SIZE = Math.min(MOST_THREADS, coreCount());

function kokoroEngine(
  { model, voices, voicePath }: KokoroFiles,
  language: string,
  pool: WorkerPool<KokoroWork>,
): SpeechEngine {
  const threads = Math.max(1, Math.floor(coreCount() / SIZE));
  const paths = Object.fromEntries(voices.map((name) => [name, voicePath(name)]));
  return {
    name: NAME,
    mixes: true,
    parallel: SIZE,
    voices: voices.map(voiceOf),
    speak: async (text, mix, { speed, signal }) => {
      signal?.throwIfAborted();
      const accent = accentOf(language, mix[0].voice);
      const job = { model, voices: paths, mix, text, language: accent, speed, threads };
      return pool.call("speak", [job], { subject: text }); // to its end: a thread that is ended amid a run takes the process with it
    },
    close: () => pool.close(),
  };
}

const voiceOf = (name: string): SpeechVoice => {
  return { name, speaker: name, language: LANGUAGES[name[0]] ?? "en-us" };
};

/** British voices speak English in their way, all others as Americans do, unless an accent is asked for. */
const accentOf = (language: string, voice: string): string => {
  if (language !== "en") return language;
  return voice.startsWith("b") ? "en-gb" : "en-us";
};

/** When a thread ends, or the engine is closed too early. */
export const KOKORO_FAULTS: PoolFaults = {
  died(text, cause) {
    const reason = cause instanceof ThreadExit ? "it ended without a message" : cause.message;
    return new EarshotError(
      {
        code: "SPEECH_ENGINE_DIED",
        where: NAME,
        problem: `The thread that spoke "${text}" died: ${reason}.`,
        remedy: "Run the command again: it goes on; each thread needs 1.2 GB of memory.",
      },
      { cause },
    );
  },
  closed: (text) =>
    new EarshotError({
      code: "SPEECH_ENGINE_CLOSED",
      where: NAME,
      problem: `The engine is closed, and was to speak "${text}".`,
      remedy: "Close it only when all is spoken.",
    }),
};
