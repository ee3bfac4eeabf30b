// Files whose sound is longer than the server takes, however small they are.

import { afterAll, describe, expect, it } from "vitest";
import { waveFile } from "../recognizer/wave-file.ts";
import { metricValue, startServing } from "./serving.ts";
import { SPOKEN, toneSpeech } from "./tone-model.ts";

const RATE_HZ = 16_000;
const FRAME_SAMPLES = 65_535;

describe("a file of six hours in 80 KB", async () => {
  const serving = await startServing();
  afterAll(() => serving.close());
  const flac = silentFlac(6 * 3_600) as Uint8Array<ArrayBuffer>;

  it("is refused in the form of each dialect, before it is held", async () => {
    expect(flac.length).toBeLessThan(80_000);
    const form = new FormData();
    form.set("file", new Blob([flac]), "a.flac");
    const [openAi, deepgram] = await Promise.all([
      fetch(`${serving.url}/v1/audio/transcriptions`, { method: "POST", body: form }),
      fetch(`${serving.url}/v1/listen`, { method: "POST", body: flac }),
    ]);
    const message = "The recording is longer than 7200 s. Send it in shorter parts.";
    const error = { message, type: "invalid_request_error", param: null, code: "long_audio" };
    expect([openAi.status, await openAi.json()]).toEqual([413, { error }]);
    expect([deepgram.status, await deepgram.json()]).toMatchObject([
      413,
      { err_code: "LONG_AUDIO", err_msg: message },
    ]);
    expect(metricValue(await serving.metrics(), 'earshot_refusals_total{reason="too_large"}')).toBe(2);
  });

  it("keeps nobody else from a text", async () => {
    const body = waveFile(toneSpeech(SPOKEN)) as Uint8Array<ArrayBuffer>;
    const answer = await fetch(`${serving.url}/v1/listen`, { method: "POST", body });
    expect(await answer.json()).toMatchObject({
      results: { channels: [{ alternatives: [{ transcript: SPOKEN }] }] },
    });
  });
});

/** FLAC (RFC 9639) of frames that each repeat one sample. */
function silentFlac(seconds: number): Uint8Array {
  const count = Math.ceil((seconds * RATE_HZ) / FRAME_SAMPLES);
  const info = Buffer.alloc(34);
  info.writeUInt16BE(FRAME_SAMPLES, 0);
  info.writeUInt16BE(FRAME_SAMPLES, 2);
  info.writeBigUInt64BE((BigInt(RATE_HZ) << 44n) | (15n << 36n) | BigInt(count * FRAME_SAMPLES), 10);
  return Buffer.concat([Buffer.from("fLaC"), Buffer.from([0x80, 0, 0, 34]), info, ...frames(count)]);
}

function frames(count: number): Buffer[] {
  return Array.from({ length: count }, (_, i) => {
    const number = i < 0x80 ? [i] : [0xc0 | (i >> 6), 0x80 | (i & 63)];
    const head = [0xff, 0xf8, 0x75, 0x08, ...number, (FRAME_SAMPLES - 1) >> 8, (FRAME_SAMPLES - 1) & 255];
    const frame = [...head, checksum(head, 0x07, 8), 0, 0, 0];
    const sum = checksum(frame, 0x8005, 16);
    return Buffer.from([...frame, sum >> 8, sum & 255]);
  });
}

/** CRC. */
function checksum(bytes: readonly number[], polynomial: number, bits: number): number {
  const [top, mask] = [1 << (bits - 1), (1 << bits) - 1];
  return bytes.reduce((sum, byte) => {
    let rest = sum ^ (byte << (bits - 8));
    for (let bit = 0; bit < 8; bit++) rest = (rest & top ? (rest << 1) ^ polynomial : rest << 1) & mask;
    return rest;
  }, 0);
}
