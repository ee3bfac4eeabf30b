// What the room shows of a file: what its decoder found, and the sound itself where nobody recognizes it.

import { afterEach, expect, it, vi } from "vitest";

const warnings = [{ code: "TRUNCATED_AUDIO", message: "The recording is cut." }];
vi.mock("../../../src/apps/page/earshot.ts", () => ({
  loadEarshot: () =>
    Promise.resolve({
      SAMPLE_RATE_HZ: 16_000,
      encodeWav: () => new Uint8Array(44),
      decodeAudio: () => Promise.resolve({ samples: new Float32Array(16_000), warnings }),
    }),
}));
vi.mock("../../../src/apps/page/served.ts", () => ({
  shippedModelName: () => "model",
  servedFacts: () => undefined,
}));

// The page has a TypeScript configuration of its own (JSX, DOM): no import that this one's would follow.
const path: string = "../../../src/apps/page/listen/session.ts";
const { ListenSession } = await import(path);

afterEach(() => vi.unstubAllGlobals());
const file = new File([new Uint8Array(44)], "word.wav");

async function opened(answer: () => Promise<unknown>) {
  vi.stubGlobal("fetch", answer);
  const session = new ListenSession("m");
  await session.choose({ place: "server" });
  await session.open(file);
  return session;
}

it("has the warnings of its decoder beside the text", async () => {
  const json = () => Promise.resolve({ text: "zero", duration: 1 });
  const { state } = await opened(() => Promise.resolve({ ok: true, json }));
  expect(state.take.transcription).toMatchObject({ text: "zero", warnings });
});

it.each([
  ["the server is gone", () => Promise.reject(new TypeError("Failed to fetch")), "notReached"],
  [
    "a proxy answers with a page",
    () => Promise.resolve({ ok: false, status: 502, json: () => Promise.reject(new SyntaxError("<")) }),
    "serverAnswers",
  ],
] as const)("keeps the sound where %s, to be recognized again", async (_, answer, says) => {
  const session = await opened(answer);
  expect(session.state).toMatchObject({ phase: "idle", failure: { says } });
  expect(session.state.take).toMatchObject({ name: "word", isUnrecognized: true });
  const json = () => Promise.resolve({ text: "zero", duration: 1 });
  vi.stubGlobal("fetch", () => Promise.resolve({ ok: true, json }));
  await session.again();
  expect(session.state.take.transcription.text).toBe("zero");
  expect(session.state.take.isUnrecognized).toBeUndefined();
});
