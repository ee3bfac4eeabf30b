// What becomes of Stop while the model of a trial still opens.

import { expect, it, vi } from "vitest";

let opened: (recognizer: unknown) => void = () => undefined;
const openMicrophone = vi.fn();
vi.mock("../../../src/apps/page/earshot.ts", () => ({
  loadEarshot: () =>
    Promise.resolve({
      openFolder: () => ({ read: () => Promise.resolve(new Uint8Array(1)) }),
      Grammar: { from: () => Promise.resolve({}) },
      Recognizer: { load: () => new Promise((resolve) => (opened = resolve)) },
      openMicrophone,
    }),
}));

// The page has a TypeScript configuration of its own (JSX, DOM): no import that this one's would follow.
const path: string = "../../../src/apps/page/teach/trial-session.ts";
const { TrialSession } = await import(path);

it("Stop while the model opens: the microphone is never asked for", async () => {
  const session = new TrialSession();
  const trial = session.start(["tea", "milk"]);
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(session.state.phase).toBe("opening");
  session.stop();
  const close = vi.fn(() => Promise.resolve());
  opened({ close, decoderFor: vi.fn() });
  await trial;
  expect(openMicrophone).not.toHaveBeenCalled();
  expect(close).toHaveBeenCalled();
  expect(session.state).toMatchObject({ phase: "idle", failure: undefined });
});
