// Another room: speech convolved with a room's impulse response (Ko et al. 2017, "A study on data augmentation of
// reverberant speech"). The direct sound keeps its place in time, and speech its loudness.

import { reverberate } from "../../../audio/index.ts";
import { z } from "../../../settings.ts";
import { fileName, probability, type Effect } from "./effect.ts";

export const reverberationSettings = z.strictObject({
  paths: z
    .array(z.string().min(1))
    .default([])
    .describe("Impulse responses of rooms: folders, or CSV lists with a column path; none = off"),
  probability: probability(0.3),
});

export const reverberation: Effect<z.output<typeof reverberationSettings>, { readonly path: string }> = {
  choose({ probability: often }, random, _own, rooms = []) {
    if (rooms.length === 0 || random.uniform() >= often) return undefined;
    return { path: rooms[random.integer(rooms.length)] };
  },
  describe: ({ path }) => ({ room: fileName(path) }),
  async apply(samples, { path }, library) {
    const { samples: response } = await library.read(path);
    return reverberate(samples, response, directSound(response));
  },
};

/** The tap at which a response is loudest. */
function directSound(response: Float32Array): number {
  return response.reduce((loudest, tap, n) => (Math.abs(tap) > Math.abs(response[loudest]) ? n : loudest), 0);
}
