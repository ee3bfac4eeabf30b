// Sentences in the way of AN4's that nobody said: each letter, digit, month and the like of a transcript is exchanged for one of
// its kind, drawn by a seed.

const list = (words) => words.split(" ");
const KINDS = [
  list("a b c d e f g h i j k l m n o p q r s t u v w x y z"),
  list("zero oh one two three four five six seven eight nine"),
  list("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"),
  list("twenty thirty forty fifty sixty seventy eighty ninety"),
  list(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth",
  ),
  list("january february march april may june july august september october november december"),
];
const kindOf = new Map(KINDS.flatMap((kind) => kind.map((word) => [word, kind])));

/** Without those of which nothing could be exchanged, each once. */
export function otherSentences(transcripts, seed) {
  const draw = drawsOf(seed);
  const exchanged = (word) => {
    const kind = kindOf.get(word);
    return kind ? kind[Math.floor(draw() * kind.length)] : word;
  };
  const others = transcripts.map((transcript) => list(transcript).map(exchanged).join(" "));
  return [...new Set(others.filter((other, i) => other !== transcripts[i]))];
}

/** From 0 to 1: Park and Miller's generator. @param seed from 1 on */
function drawsOf(seed) {
  let state = seed;
  const next = () => (state = (48271 * state) % 2147483647) / 2147483647;
  for (let i = 0; i < 20; i++) next(); // the first draws of small seeds are alike
  return next;
}
