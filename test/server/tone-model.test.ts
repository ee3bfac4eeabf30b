// The model that the other tests of the server hear with.

import { expect, it } from "vitest";
import { Recognizer } from "../../src/recognizer/index.ts";
import { eventsOf, finalsOf } from "../recognizer/live-stream.ts";
import { waveFile } from "../recognizer/wave-file.ts";
import { SPOKEN, toneModel, toneSpeech } from "./tone-model.ts";

it("hears what tones say, at any rate, whole and as it is spoken", async () => {
  const recognizer = await Recognizer.load(toneModel(), { threads: 1 });
  for (const rateHz of [8_000, 24_000]) {
    const sound = toneSpeech(SPOKEN, rateHz);
    expect((await recognizer.transcribe(waveFile(sound, rateHz))).text).toBe(SPOKEN);
    const events = await eventsOf(recognizer, [sound], { sampleRateHz: rateHz });
    expect(finalsOf(events).map((event) => event.text)).toEqual([SPOKEN]);
  }
  await recognizer.close();
});
