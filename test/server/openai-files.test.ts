// OpenAI's transcription of files, with OpenAI's own client as it is.

import OpenAI, { toFile } from "openai";
import { afterAll, describe, expect, it } from "vitest";
import { waveFile } from "../recognizer/wave-file.ts";
import { startServing } from "./serving.ts";
import { SPOKEN, toneSpeech } from "./tone-model.ts";

describe("the openai client", async () => {
  const serving = await startServing();
  afterAll(() => serving.close());
  const client = new OpenAI({ apiKey: "none needed", baseURL: `${serving.url}/v1`, maxRetries: 0 });
  const sound = waveFile(toneSpeech(SPOKEN));
  const file = () => toFile(Buffer.from(sound), "said.wav");
  const create = client.audio.transcriptions.create.bind(client.audio.transcriptions);

  it("lists the models, finds one, and is told of one that is not there", async () => {
    const names = [];
    for await (const model of client.models.list()) names.push(model.id);
    expect(names).toEqual(["tones"]);
    expect(await client.models.retrieve("tones")).toMatchObject({ object: "model", owned_by: "earshot" });
    await expect(client.models.retrieve("tonse")).rejects.toMatchObject({
      status: 404,
      code: "model_not_found",
      error: { message: expect.stringContaining('Did you mean "tones"?'), param: "model" },
      requestID: expect.stringMatching(/^req_/),
    });
  });

  it("gets json, with the length and probabilities", async () => {
    const answer = await create({ file: await file(), model: "tones", include: ["logprobs"] });
    expect(answer).toMatchObject({ text: SPOKEN, usage: { type: "duration", seconds: 3.52 } });
    expect(answer.logprobs!.map(({ token }) => token).join("")).toBe(SPOKEN);
    expect(answer.logprobs!.every(({ logprob }) => logprob! <= 0 && logprob! > -5)).toBe(true);
  });

  it("gets text, subtitles and verbose json", async () => {
    const formats = ["text", "srt", "vtt"] as const;
    const [text, srt, vtt] = await Promise.all(
      formats.map(async (response_format) => create({ file: await file(), model: "tones", response_format })),
    );
    expect(text).toBe(`${SPOKEN}\n`);
    expect(srt).toMatch(new RegExp(`^1\n00:00:00,\\d{3} --> 00:00:0\\d,\\d{3}\n${SPOKEN}\n$`));
    expect(vtt).toMatch(/^WEBVTT\n/);
    const verbose = await create({
      file: await file(),
      model: "tones",
      language: "nl",
      response_format: "verbose_json",
      timestamp_granularities: ["word", "segment"],
    });
    expect(verbose).toMatchObject({ text: SPOKEN, language: "nl", duration: 3.52, task: "transcribe" });
    expect(verbose.words!.map(({ word }) => word).join(" ")).toBe(SPOKEN);
    expect(verbose.segments).toMatchObject([{ id: 0, text: SPOKEN, tokens: [] }]);
  });

  it("streams the text", async () => {
    const events = [];
    const stream = await create({ file: await file(), model: "tones", stream: true });
    for await (const event of stream) events.push(event);
    const deltas = events.flatMap((event) => (event.type === "transcript.text.delta" ? event.delta : []));
    expect(deltas.join("")).toBe(SPOKEN);
    expect(events.at(-1)).toMatchObject({ type: "transcript.text.done", text: SPOKEN });
  });

  it("is heard when it asks for hot words, a grammar or several texts", async () => {
    const more = { grammar: "ten notes on a stone\nten stones", n_best: "2", keywords: ["stoat:3"] };
    const answer = await create({
      file: await file(),
      model: "tones",
      prompt: "tea, toast",
      ...more,
    } as never);
    expect(answer).toMatchObject({ text: SPOKEN, alternatives: [{ text: SPOKEN }, {}] });
    const other = await create({ file: await file(), model: "tones", grammar: "seat\nset" } as never);
    expect(other.text).not.toBe(SPOKEN);
  });

  it.each([
    [{ response_format: "diarized_json" }, "unsupported_value", "response_format"],
    [{ response_format: "sonnet" }, "invalid_value", "response_format"],
    [{ grammar: "#JSGF V1.0; public <a> = (b" }, "invalid_grammar", null],
    [{ n_best: "1000" }, "invalid_value", null],
    [{ model: "another" }, "model_not_found", "model"],
  ])("is told what is wrong with %j", async (fields, code, param) => {
    const asked = create({ file: await file(), model: "tones", ...fields } as never);
    await expect(asked).rejects.toMatchObject({
      status: code === "model_not_found" ? 404 : 400,
      code,
      param,
    });
  });

  it("is told of what is no sound, and of no file, in few words and without a path", async () => {
    const noise = toFile(Buffer.from("<html>no sound</html>".repeat(50)), "x.mp3");
    const failure = await create({ file: await noise, model: "tones" }).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      status: 400,
      code: "unknown_audio_format",
      type: "invalid_request_error",
    });
    expect(String(failure)).not.toMatch(/\/tmp|worker|stack/);
    const form = new FormData();
    form.set("model", "tones");
    const answer = await fetch(`${serving.url}/v1/audio/transcriptions`, { method: "POST", body: form });
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: { param: "file" } }]);
  });

  it("leaves no word of what was said in the log", () => {
    const files = serving.log.filter(({ event }) => event === "file");
    expect(files.length).toBeGreaterThan(5);
    expect(files[0]).toMatchObject({ dialect: "openai", model: "tones", key: "anybody", seconds: 3.52 });
    expect(JSON.stringify(serving.log)).not.toMatch(/notes|stone|sonnet/);
  });
});
