// What is to be spoken: sentences as they are given, those of a grammar, and the transcripts of a manifest. Each is
// spoken once for each voice that it is planned for, however often it is given.

import { readManifests, selectSplit } from "../data/index.ts";
import { EarshotError, type Warning } from "../errors.ts";
import { Grammar, type GrammarFormat } from "../grammar/index.ts";
import { isMissing, readWholeText } from "../platform/index.ts";
import { RandomStream } from "../random.ts";
import { collapseWhiteSpace } from "../text/index.ts";

export interface SentenceSources {
  readonly texts?: readonly string[];
  /** A text with one sentence a line. */
  readonly file?: string;
  /** Phrases, JSGF, or sentence templates (YAML), whose slots are filled. */
  readonly grammar?: string;
  /** Its transcripts, of `split` where given, else of train where there is one. */
  readonly manifest?: string;
  readonly split?: string;
  /** More than so many are drawn from, by the seed; of a grammar alone `GRAMMAR_SENTENCES` by default. */
  readonly most?: number;
  readonly seed: number;
}

export const GRAMMAR_SENTENCES = 500;

export interface Sentences {
  readonly sentences: readonly string[];
  readonly warnings: readonly Warning[];
}

/** Different ones, in their order. @throws EarshotError NO_SENTENCES, and those of grammars and manifests */
export async function gatherSentences(sources: SentenceSources): Promise<Sentences> {
  const { texts = [], file, grammar, most, seed } = sources;
  const spoken = await transcriptsOf(sources);
  const all = [
    ...texts,
    ...(file === undefined ? [] : (await readGrammar(file, "phrases")).sentences(Infinity, seed)),
    ...(grammar === undefined ? [] : (await readGrammar(grammar)).sentences(most ?? GRAMMAR_SENTENCES, seed)),
    ...spoken.transcripts,
  ];
  const different = [...new Set(all.map(sentenceOf))].filter((text) => text !== "");
  if (different.length === 0) throw noSentences();
  if (most === undefined || different.length <= most)
    return { sentences: different, warnings: spoken.warnings };
  const chosen = new Set(new RandomStream(seed, "sentences").shuffle(different).slice(0, most));
  return { sentences: different.filter((text) => chosen.has(text)), warnings: spoken.warnings };
}

/** On one line, and nothing in it that a program could take for an order. */
const sentenceOf = (text: string): string => collapseWhiteSpace(text.replaceAll(/\p{Cc}/gu, " ")).trim();

async function readGrammar(path: string, format?: GrammarFormat): Promise<Grammar> {
  try {
    return await Grammar.from(await readWholeText(path), { name: path, format });
  } catch (error) {
    if (!isMissing(error)) throw error;
    const problem = "There is no such file.";
    throw new EarshotError(
      { code: "FILE_SYSTEM", where: path, problem, remedy: "Give the path of a file with sentences." },
      { cause: error },
    );
  }
}

async function transcriptsOf({ manifest, split }: SentenceSources) {
  if (manifest === undefined) return { transcripts: [], warnings: [] };
  const { utterances, warnings } = await readManifests([manifest]);
  const chosen = selectSplit(utterances, split, "train", manifest);
  return { transcripts: chosen.utterances.map(({ transcript }) => transcript), warnings };
}

function noSentences(): EarshotError {
  return new EarshotError({
    code: "NO_SENTENCES",
    problem: "There is nothing to be spoken.",
    remedy: 'Give sentences, such as "turn on the light", or --file, --grammar or --manifest.',
  });
}
