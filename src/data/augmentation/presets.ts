// What one word in the settings stands for: the values of each preset, which single settings beside it replace. Everything
// that a preset does not name keeps its own default.

import { isRecord } from "../../settings.ts";

export const augmentationPresets = {
  /** Left to whoever knows the corpus (training/run/settings-for-corpus.ts); by itself it is none. */
  auto: {},
  /** Every recording as it is. */
  none: {},
  /** As people are heard: in rooms, from a distance, over telephones, by other microphones, with silence and noise around. */
  "real-world": {
    share: 0.7,
    ramp: 0.3,
    speeds: [0.87, 1, 1.15],
    microphoneDb: 6,
    wordless: { probability: 0.05 },
    joined: { probability: 0.15 },
    pitch: { probability: 0.1 },
    surroundings: { probability: 0.5, ms: [0, 2000] },
    room: { probability: 0.25, t60Ms: [150, 1000] },
    babble: { probability: 0.15, snrDb: [5, 30] },
    background: { probability: 0.5, snrDb: [0, 55] },
    events: { probability: 0.3 },
    clipping: { probability: 0.05 },
    band: { probability: 0.15 },
    codec: { probability: 0.12 },
    coder: { probability: 0.15, kbps: [6, 32] },
    packets: { probability: 0.05 },
  },
} as const;

/** A preset's name alone, or a table that may name one: the table with the preset's values where it has none of its own. */
export function withPreset(input: unknown): unknown {
  const table = typeof input === "string" ? { preset: input } : input;
  if (!isRecord(table) || typeof table.preset !== "string") return table;
  const known: Readonly<Record<string, Readonly<Record<string, unknown>>>> = augmentationPresets;
  return Object.hasOwn(known, table.preset) ? overlaid(known[table.preset], table) : table;
}

/** `over` on top of `under`, tables within tables too; lists are replaced as a whole. */
function overlaid(under: Readonly<Record<string, unknown>>, over: Readonly<Record<string, unknown>>) {
  const both = Object.entries(over).map(([key, value]) => {
    const below = Object.hasOwn(under, key) ? under[key] : undefined;
    return [key, isRecord(value) && isRecord(below) ? { ...below, ...value } : value] as const;
  });
  return { ...under, ...Object.fromEntries(both) };
}
