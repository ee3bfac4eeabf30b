// Tokens of a model made elsewhere → our alphabet, and where each output belongs in it: its blank may be anywhere, ours is
// the last; a "▁" of SentencePiece is a space, and so is what "##" and "@@" leave open; tokens that spell nothing are as good
// as the blank.

import { EarshotError } from "../../errors.ts";
import { Alphabet } from "../../text/index.ts";
import type { OnnxDescription } from "./description.ts";

export interface TokenTable {
  readonly alphabet: Alphabet;
  /** [V of the program], the index in the alphabet that each output counts for; several may count for the blank. */
  readonly places: Int32Array;
}

const USUAL_BLANKS = ["<blk>", "<blank>", "<pad>", "[PAD]"];

/**
 * Reads tokens.txt as sherpa-onnx, icefall and NeMo write it, a token and its index on each line, or a token alone.
 * @throws INVALID_TOKENS
 */
export function parseTokens(text: string, where: string): string[] {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  while (lines.at(-1) === "") lines.pop();
  const numbered = lines.map((line) => /^(.*?)[ \t]+(\d+)$/u.exec(line));
  if (numbered.length === 0) throw invalidTokens(where, "The file is empty.");
  if (!numbered.every((match) => match !== null)) return lines;
  const tokens: string[] = [];
  for (const [line, [, token, index]] of numbered.entries()) {
    if (tokens[Number(index)] !== undefined)
      throw invalidTokens(`${where}:${line + 1}`, `The index ${index} was there before.`);
    tokens[Number(index)] = token === "" ? " " : token;
  }
  const missing = Array.from(tokens).indexOf(undefined as never);
  if (missing < 0) return tokens;
  throw invalidTokens(where, `There is no token with the index ${missing}.`);
}

/** @throws INVALID_TOKENS for the blank; what `Alphabet.fromPieces` throws */
export function tableOfTokens(
  tokens: readonly string[],
  description: Pick<OnnxDescription, "blank" | "silent" | "space" | "joiner" | "unit" | "lowercase">,
  where: string,
): TokenTable {
  const { blank, silent, lowercase } = description;
  const blankAt = blankOf(tokens, blank, where);
  const spells = tokens.map((token, index) => index !== blankAt && !silent.includes(token));
  const spelling = spellingOf(
    tokens.filter((_, index) => spells[index]),
    description,
  );
  const symbols = tokens.flatMap((token, index) => {
    if (!spells[index]) return [];
    const symbol = spelling(token);
    return [lowercase ? symbol.toLowerCase() : symbol];
  });
  const alphabet = Alphabet.fromPieces(symbols, where);
  let next = 0;
  const places = Int32Array.from(tokens, (_, index) => (spells[index] ? next++ : alphabet.blank));
  return { alphabet, places };
}

const USUAL_JOINERS = ["##", "@@"];

/** What a token is in a text, with a space where a word begins or ends. */
function spellingOf(
  tokens: readonly string[],
  { space, joiner, unit }: Pick<OnnxDescription, "space" | "joiner" | "unit">,
): (token: string) => string {
  if (unit === "word") return (token) => ` ${token}`;
  const withSpaces = (token: string): string => token.replaceAll(space, " ");
  const joins = joiner ?? (tokens.some((token) => token.includes(space)) ? undefined : joinerOf(tokens));
  if (joins === undefined) return withSpaces;
  const { length } = joins;
  if (tokens.some((token) => token.length > length && token.startsWith(joins)))
    return (token) => (token.startsWith(joins) ? token.slice(length) : ` ${token}`);
  return (token) => (token.endsWith(joins) ? token.slice(0, -length) : `${token} `);
}

const joinerOf = (tokens: readonly string[]): string | undefined =>
  USUAL_JOINERS.find((joiner) =>
    tokens.some(
      (token) => token.length > joiner.length && (token.startsWith(joiner) || token.endsWith(joiner)),
    ),
  );

function blankOf(tokens: readonly string[], blank: string | number | undefined, where: string): number {
  const candidates = blank === undefined ? USUAL_BLANKS : [blank];
  for (const candidate of candidates) {
    const at = typeof candidate === "number" ? candidate : tokens.indexOf(candidate);
    if (at >= 0 && at < tokens.length) return at;
  }
  throw invalidTokens(
    where,
    blank === undefined
      ? `None of its ${tokens.length} tokens is a blank that goes by a usual name (${USUAL_BLANKS.join(", ")}).`
      : `The blank ${JSON.stringify(blank)} is none of its ${tokens.length} tokens.`,
  );
}

function invalidTokens(where: string, problem: string): EarshotError {
  return new EarshotError({
    code: "INVALID_TOKENS",
    where,
    problem,
    remedy:
      "Take the tokens that came with the model, one for each of its outputs in their order, and say which is the blank (blank).",
  });
}
