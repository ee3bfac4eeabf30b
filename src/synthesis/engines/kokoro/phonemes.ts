// How a text sounds, in the symbols of Kokoro: eSpeak NG gives IPA, whose vowels and affricates are then written as in the
// model's training data (misaki 0.9, espeak.py, Apache 2.0). eSpeak NG is the npm package `phonemizer`, where it is installed
// (GPL 3, never part of Earshot; English only), else the program on the PATH.

import { importPackage, runExecutable } from "../../../platform/index.ts";
import { absentSpeechEngine, speechFailed } from "../../speech-engine.ts";

/** IPA of a text without punctuation. @param language as eSpeak NG calls it, such as "en-us" */
export type ToIpa = (text: string, language: string) => Promise<string>;

interface Phonemizer {
  phonemize(text: string, language: string): Promise<readonly string[]>;
}

/** Not written into the import, so that neither compilers nor bundlers ask for a package that may not be there. */
const PACKAGE: string = "phonemizer";
const PROGRAM = "espeak-ng";

/** @throws EarshotError SPEECH_ENGINE_ABSENT */
export async function openPhonemizer(language: string): Promise<ToIpa> {
  const isEnglish = /^en(?:-|$)/i.test(language);
  const found = isEnglish ? await importPhonemizer() : undefined;
  if (found) return async (text, accent) => (await found.phonemize(text, accent)).join(" ");
  if ((await askProgram("a", "en-us")) !== undefined)
    return async (text, accent) => {
      const sounds = await askProgram(text, accent);
      if (sounds === undefined) throw speechFailed("kokoro", text, `${PROGRAM} does not say how it sounds`);
      return sounds;
    };
  const remedy = isEnglish
    ? `Install the package (npm install ${PACKAGE}), or the program (apt-get install ${PROGRAM}).`
    : `Install the program: apt-get install ${PROGRAM}.`;
  throw absentSpeechEngine("kokoro", "There is no eSpeak NG, which says how words are pronounced.", remedy);
}

async function importPhonemizer(): Promise<Phonemizer | undefined> {
  try {
    return await importPackage(() => import(PACKAGE) as Promise<Phonemizer>);
  } catch {
    return undefined;
  }
}

async function askProgram(text: string, language: string): Promise<string | undefined> {
  const parameters = ["-q", "--ipa", "-v", language, "--stdin"];
  const answer = await runExecutable(PROGRAM, parameters, { input: text });
  return answer?.exitCode === 0
    ? new TextDecoder().decode(answer.stdout).trim().replaceAll("\n", " ")
    : undefined;
}

const PUNCTUATION = /(\s*[;:,.!?¡¿—…"«»“”()[\]{}]+\s*)/u;

/** Punctuation stays as it is: the model hears it. */
export async function phonemesOf(text: string, language: string, toIpa: ToIpa): Promise<string> {
  const parts: string[] = [];
  for (const part of text.split(PUNCTUATION)) {
    const isText = part.trim() !== "" && !PUNCTUATION.test(part);
    parts.push(isText ? asTrained(await toIpa(part, language), language) : part);
  }
  return parts.join("").trim();
}

type Rewriting = readonly (readonly [from: RegExp, to: string])[];

const OF_ALL: Rewriting = [
  [/[\u0361^-]/gu, ""],
  [/dʒ/gu, "ʤ"],
  [/tʃ/gu, "ʧ"],
  [/aɪ/gu, "I"],
  [/aʊ/gu, "W"],
  [/eɪ/gu, "A"],
  [/ɔɪ/gu, "Y"],
];

const OF_OTHERS: Rewriting = [...OF_ALL, [/dz/gu, "ʣ"], [/ts/gu, "ʦ"], [/oʊ/gu, "O"], [/əʊ/gu, "Q"]];

const OF_ENGLISH: Rewriting = [
  ...OF_ALL,
  [/ʔˌ?n\u0329?/gu, "tᵊn"],
  [/(\S)\u0329/gu, "ᵊ$1"],
  [/ʲ(?=[oə])/gu, "j"],
  [/ʲ/gu, ""],
  [/\u0303/gu, ""],
  [/ɚ/gu, "əɹ"],
  [/r/gu, "ɹ"],
  [/[xç]/gu, "k"],
  [/ɐ/gu, "ə"],
  [/ɬ/gu, "l"],
];

const OF_BRITISH: Rewriting = [...OF_ENGLISH, [/eə/gu, "ɛː"], [/iə/gu, "ɪə"], [/əʊ/gu, "Q"]];

const OF_AMERICAN: Rewriting = [...OF_ENGLISH, [/oʊ/gu, "O"], [/ɜːɹ?/gu, "ɜɹ"], [/ɪə/gu, "iə"], [/ː/gu, ""]];

/** After those of the accent. */
const LAST_OF_ENGLISH: Rewriting = [
  [/e/gu, "A"],
  [/o/gu, "ɔ"],
  [/ɾ/gu, "T"],
  [/ʔ/gu, "t"],
];

function asTrained(ipa: string, language: string): string {
  const isBritish = language === "en-gb";
  const rewriting = language.startsWith("en")
    ? [...(isBritish ? OF_BRITISH : OF_AMERICAN), ...LAST_OF_ENGLISH]
    : OF_OTHERS;
  return rewriting.reduce((text, [from, to]) => text.replaceAll(from, to), ipa);
}
