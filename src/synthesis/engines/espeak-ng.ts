// eSpeak NG (GPL 3, a program that the user installs): formant synthesis, a hundred languages, each in the voices of about a
// hundred variants. A variant is a speaker, whose accents are the voices "en-gb+f3", "en-us+f3" and so on.

import { languageNotSpoken, type SpeechEngineKind, type SpeechVoice } from "../speech-engine.ts";
import { askProgram, programEngine } from "./program-speech.ts";

const NAME = "espeak-ng";

const WORDS_PER_MINUTE = 175; // its own default
const SLOWEST = 80;
const FASTEST = 450;

interface Row {
  readonly language: string;
  /** Below its data, such as "gmw/en-US" or "!v/f3". */
  readonly file: string;
}

export const espeakNg: SpeechEngineKind = {
  name: NAME,
  description: "eSpeak NG on the PATH (GPL 3): fast, machine-like, many languages and variants",
  async open({ language, signal }) {
    const ask = async (which: string) => readRows(await askProgram(NAME, [`--voices=${which}`], { signal }));
    const [spoken, variants] = [await ask(language), await ask("variant")];
    const languages = spoken.filter(speaks(language)).map((row) => row.language);
    if (languages.length === 0) {
      const all = (await ask("")).filter(isItsOwn).map((row) => row.language);
      throw languageNotSpoken(NAME, language, [...new Set(all)]);
    }
    return programEngine({
      name: NAME,
      voices: variants
        .filter(isVariant)
        .flatMap(({ file }) => voicesOf(file.slice(VARIANTS.length), languages)),
      command: ({ text, voice, speed }) => {
        const rate = Math.max(SLOWEST, Math.min(FASTEST, Math.round(WORDS_PER_MINUTE * speed)));
        return { parameters: ["-v", voice, "-s", `${rate}`, "--stdin", "--stdout"], input: text };
      },
    });
  },
};

const VARIANTS = "!v/";
const isVariant = ({ file }: Row): boolean => file.startsWith(VARIANTS);
/** Voices of MBROLA need a program and data of their own. */
const isItsOwn = ({ file }: Row): boolean => !/^(?:!v|mb)\//.test(file);

/** Of "en" all its accents; of "en-gb" that one. */
const speaks =
  (wanted: string) =>
  (row: Row): boolean =>
    isItsOwn(row) && `${row.language}-`.startsWith(`${wanted.toLowerCase()}-`);

const voicesOf = (speaker: string, languages: readonly string[]): SpeechVoice[] =>
  [...new Set(languages)].map((language) => ({ name: `${language}+${speaker}`, speaker, language }));

/** Rows such as " 5  en-us  --/M  English_(America)  gmw/en-US  (en 3)"; a file's name may hold spaces. */
function readRows(text: string): Row[] {
  const rows = [...text.matchAll(/^\s*\d+\s+(\S+)\s+\S+\s+\S+\s+(\S.*?)\s*(?:\(.*)?$/gm)];
  return rows.map(([, language, file]) => ({ language: language.toLowerCase(), file }));
}
