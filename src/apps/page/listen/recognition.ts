// The recognizer of this room: the model at hand, opened once, and decoders for what is expected.

import { loadEarshot, type Decoder, type Recognizer } from "../earshot.ts";
import { modelBytes, sameModel, type PageModel } from "../models.ts";
import type { Rows } from "../pictures/letters.ts";
import { hotWordsOf, withWarnings, type Expectations, type PlayableSound, type Take } from "./take.ts";

/** Texts that are told beside the likeliest. */
const TEXTS = 5;

export class Recognition {
  #opened: { readonly model: PageModel; readonly recognizer: Promise<Recognizer> } | undefined;

  /** One after the other: an engine's programs are opened one at a time. */
  recognizer(model: PageModel): Promise<Recognizer> {
    if (this.#opened && sameModel(this.#opened.model, model)) return this.#opened.recognizer;
    const before = this.#opened?.recognizer;
    const recognizer = open(model, before);
    this.#opened = { model, recognizer };
    recognizer.catch(() => (this.#opened = undefined)); // the next try begins anew
    return recognizer;
  }

  /** @throws what grammar and hot words throw */
  async decoder(recognizer: Recognizer, expected: Expectations): Promise<Decoder> {
    const { Grammar } = await loadEarshot();
    const grammar = expected.grammar.trim() === "" ? undefined : await Grammar.from(expected.grammar);
    const hotWords = hotWordsOf(expected.hotWords);
    return recognizer.decoderFor({
      nBest: TEXTS,
      ...(Object.keys(hotWords).length > 0 && { hotWords }),
      ...(grammar && { grammar }),
    });
  }

  async take(
    recognizer: Recognizer,
    decoder: Decoder,
    sound: PlayableSound,
    signal: AbortSignal,
    onProgress: (share: number) => void,
  ): Promise<Take> {
    const { SAMPLE_RATE_HZ } = await loadEarshot();
    const sources = [{ samples: sound.samples, sampleRateHz: SAMPLE_RATE_HZ }];
    const options = {
      signal,
      onProgress: ({ seconds, ofSeconds }: { seconds: number; ofSeconds: number }) =>
        onProgress(seconds / Math.max(1, ofSeconds)),
    };
    for await (const outcome of recognizer.logProbabilitiesAll(sources, options)) {
      if ("error" in outcome) throw outcome.error;
      const { recording } = outcome;
      const { symbols, size, blank } = recognizer.model.alphabet;
      const rows: Rows = { recording, symbols, size, blank };
      const transcription = withWarnings(recognizer.decode(recording, decoder), sound.warnings);
      return { ...sound, transcription, rows };
    }
    throw new RangeError("A recording without an outcome.");
  }

  /** The same recording with other expectations: the network need not run again. */
  async decodeAgain(recognizer: Recognizer, expected: Expectations, take: Take): Promise<Take> {
    if (!take.rows) return take;
    const decoder = await this.decoder(recognizer, expected);
    const transcription = recognizer.decode(take.rows.recording, decoder);
    return { ...take, transcription: withWarnings(transcription, take.warnings) };
  }
}

async function open(model: PageModel, before: Promise<Recognizer> | undefined): Promise<Recognizer> {
  await before?.then((recognizer) => recognizer.close()).catch(() => undefined); // it never opened
  const { Recognizer: Opened } = await loadEarshot();
  return Opened.load(await modelBytes(model));
}
