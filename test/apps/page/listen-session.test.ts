// What becomes of Stop while the microphone still opens.

import { expect, it, vi } from "vitest";

let opened: (microphone: unknown) => void = () => undefined;
const close = vi.fn(() => Promise.resolve());
vi.mock("../../../src/apps/page/earshot.ts", () => ({
  loadEarshot: () => Promise.resolve({ openMicrophone: () => new Promise((resolve) => (opened = resolve)) }),
}));

vi.mock("../../../src/apps/page/served.ts", () => ({
  shippedModelName: () => "model",
  servedFacts: () => undefined,
}));

// The page has a TypeScript configuration of its own (JSX, DOM): no import that this one's would follow.
const path: string = "../../../src/apps/page/listen/session.ts";
const { ListenSession } = await import(path);

it("Stop while the microphone opens turns it off once it is there, without a failure", async () => {
  const session = new ListenSession();
  await session.choose({ place: "server" });
  const recording = session.record();
  await vi.waitFor(() => expect(session.state.phase).toBe("opening"));
  await new Promise((resolve) => setTimeout(resolve, 0));
  session.stop();
  opened({ sampleRateHz: 16_000, close });
  await recording;
  expect(close).toHaveBeenCalled();
  expect(session.state).toMatchObject({ phase: "idle", failure: undefined });
  expect(session.state.live).toBeUndefined();
});
