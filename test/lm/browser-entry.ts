// What browser.test.ts bundles: the doors that a page which recognizes speech opens for texts.

export { alignText, BeamDecoder } from "../../src/ctc/index.ts";
export { openLanguageModel, scoreSentence } from "../../src/lm/index.ts";
export { Alphabet } from "../../src/text/index.ts";
