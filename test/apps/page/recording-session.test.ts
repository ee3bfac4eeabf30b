// What becomes of Pause while the microphone still opens.

import { expect, it, vi } from "vitest";

let opened: (microphone: unknown) => void = () => undefined;
const close = vi.fn(() => Promise.resolve());
vi.mock("../../../src/apps/page/earshot.ts", () => ({
  loadEarshot: () => Promise.resolve({ openMicrophone: () => new Promise((resolve) => (opened = resolve)) }),
}));

// The page has a TypeScript configuration of its own (JSX, DOM): no import that this one's would follow.
const path: string = "../../../src/apps/page/teach/recording-session.ts";
const { RecordingSession } = await import(path);

it("Pause while the microphone opens turns it off once it is there, and hears nothing", async () => {
  const session = new RecordingSession(
    () => "tea",
    () => Promise.resolve(),
  );
  const recording = session.start();
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(session.state.phase).toBe("opening");
  session.stop();
  const heard = vi.fn();
  opened({ sampleRateHz: 16_000, close, [Symbol.asyncIterator]: heard });
  await recording;
  expect(heard).not.toHaveBeenCalled();
  expect(close).toHaveBeenCalled();
  expect(session.state).toMatchObject({ phase: "idle", word: undefined, failure: undefined });
});
