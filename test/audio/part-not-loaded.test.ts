// A page that is offline cannot load the reader of a recording: that is no fault of the recording.

import { expect, it, vi } from "vitest";
import { decodeAudio } from "../../src/audio/index.ts";
import { waveFile } from "../recognizer/wave-file.ts";

vi.mock("../../src/audio/formats/wav.ts", () => {
  throw new TypeError("Failed to fetch dynamically imported module");
});

it("PART_NOT_LOADED, not DAMAGED_AUDIO", async () => {
  const wav = waveFile(new Float32Array(16_000).fill(0.1));
  await expect(decodeAudio(wav, "word.wav")).rejects.toMatchObject({ code: "PART_NOT_LOADED" });
});
