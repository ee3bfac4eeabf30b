// The example of the Realtime client in docs/serving.md, as it stands there.

import { readFileSync } from "node:fs";
import OpenAI from "openai";
import { OpenAIRealtimeWS } from "openai/realtime/ws";
import { expect, it } from "vitest";
import { selfSigned, startServing } from "./serving.ts";
import { pcmOf, SPOKEN, toneSpeech } from "./tone-model.ts";

it("the Realtime example gives the text of what it sends", async () => {
  const tls = selfSigned();
  const serving = await startServing({ tls });
  const page = readFileSync(new URL("../../docs/serving.md", import.meta.url), "utf8");
  const [, example] = /```js\n([^`]*OpenAIRealtimeWS[^`]*)```/.exec(page)!;
  const script = example
    .replaceAll(/^import .*$/gm, "")
    .replace("https://localhost:8080", serving.url)
    .replace('model: "model"', 'model: "tones"');
  const pcm = pcmOf(toneSpeech(SPOKEN, 24_000));
  const text = await new Promise((log, error) => {
    const given = { OpenAI, OpenAIRealtimeWS, readFileSync: () => tls.cert, pcm, console: { log, error } };
    new Function(...Object.keys(given), script)(...Object.values(given));
  });
  expect(text).toBe(SPOKEN);
  await serving.close();
});
