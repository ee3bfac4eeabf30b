// The door of effects: the table of all that may happen to a waveform, in the order in which it happens on the way from a
// mouth to a file. A new effect is a new file in effects/ and an entry here.

import { babble, babbleSettings } from "./effects/babble.ts";
import { background, backgroundSettings } from "./effects/background.ts";
import { band, bandSettings } from "./effects/band.ts";
import { clipping, clippingSettings } from "./effects/clipping.ts";
import { coder, coderSettings } from "./effects/coder.ts";
import { codec, codecSettings } from "./effects/codec.ts";
import type { Effect, Library } from "./effects/effect.ts";
import { events, eventsSettings } from "./effects/events.ts";
import { gain, gainSettings } from "./effects/gain.ts";
import { joinedSettings, joining } from "./effects/joined.ts";
import { noise, noiseSettings } from "./effects/noise.ts";
import { packets, packetsSettings } from "./effects/packets.ts";
import { pitch, pitchSettings } from "./effects/pitch.ts";
import { reverberation, reverberationSettings } from "./effects/reverberation.ts";
import { room, roomSettings } from "./effects/room.ts";
import { shift, shiftSettings } from "./effects/shift.ts";
import { suppression, suppressionSettings } from "./effects/suppression.ts";
import { surroundings, surroundingsSettings } from "./effects/surroundings.ts";
import { wordless, wordlessSettings } from "./effects/wordless.ts";
import { randomFor, type Occasion } from "./occasion.ts";
import { z } from "../../settings.ts";
import { AS_RECORDED, type Pace } from "../features/pace.ts";

/** By the name of the setting. */
const EFFECTS = {
  wordless,
  joined: joining,
  shiftMs: shift,
  pitch,
  surroundings,
  reverberation,
  room,
  noise,
  babble,
  background,
  events,
  gainDb: gain,
  clipping,
  suppression,
  band,
  codec,
  coder,
  packets,
};

type EffectName = keyof typeof EFFECTS;
type EffectRow = [EffectName, Effect<unknown, unknown, unknown>];

/** The table's rows, of which each has settings and choices of its own. */
const EACH = Object.entries(EFFECTS) as EffectRow[];

/** Those that decide by how much a recording grows. */
const LENGTHENING = EACH.filter(([name, { addedSamples }]) => addedSamples || name === "wordless");

export const effectSettings = z.strictObject({
  share: z
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe(
      "Share of utterances to whose sound anything of what follows may happen; the others are heard as recorded",
    ),
  ramp: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe(
      "Share of the epochs over which `share` grows from nothing: first the words, then the world; 0 = at once. It begins anew with each run, also one from a model (-m), and with each fit of a learner: set 0 for those. None of them is the best epoch once one behind them is complete",
    ),
  wordless: wordlessSettings.prefault({}),
  joined: joinedSettings.prefault({}),
  shiftMs: shiftSettings,
  pitch: pitchSettings.prefault({}),
  surroundings: surroundingsSettings.prefault({}),
  reverberation: reverberationSettings.prefault({}),
  room: roomSettings.prefault({}),
  noise: noiseSettings.prefault({}),
  babble: babbleSettings.prefault({}),
  background: backgroundSettings.prefault({}),
  events: eventsSettings.prefault({}),
  gainDb: gainSettings,
  clipping: clippingSettings.prefault({}),
  suppression: suppressionSettings.prefault({}),
  band: bandSettings.prefault({}),
  codec: codecSettings.prefault({}),
  coder: coderSettings.prefault({}),
  packets: packetsSettings.prefault({}),
});
export type EffectSettings = z.output<typeof effectSettings>;

/**
 * Recordings that effects take, by the name of the setting that names them; those of babble in the order of the corpus, and
 * those that may be joined as the corpus knows them.
 */
export type Sounds = { readonly [Name in EffectName]?: Parameters<(typeof EFFECTS)[Name]["choose"]>[3] };

type ChoiceOf<Name extends EffectName> = Exclude<ReturnType<(typeof EFFECTS)[Name]["choose"]>, undefined>;

/** What happens to one utterance on one occasion: plain data, empty when nothing does. */
export type Effects = { readonly [Name in EffectName]?: ChoiceOf<Name> };

/** Chooses what happens to an utterance at its pace, each effect by random numbers of its own. */
export function chooseEffects(
  settings: EffectSettings,
  sounds: Sounds,
  occasion: Occasion,
  pace: Pace = AS_RECORDED,
): Effects {
  return choose(EACH, settings, sounds, occasion, pace);
}

/** Of the same, those alone that decide by how much the utterance grows: all utterances of an epoch are asked before it begins. */
export function chooseLengthening(
  settings: EffectSettings,
  sounds: Sounds,
  occasion: Occasion,
  pace: Pace = AS_RECORDED,
): Effects {
  return choose(LENGTHENING, settings, sounds, occasion, pace);
}

function choose(
  rows: readonly EffectRow[],
  settings: EffectSettings,
  sounds: Sounds,
  occasion: Occasion,
  pace: Pace,
): Effects {
  const { epoch, utterance: index, rampEpochs = 0 } = occasion;
  const grown = epoch < rampEpochs ? epoch / rampEpochs : 1;
  if (randomFor("share", occasion).uniform() >= settings.share * grown) return {};
  const effects: Record<string, unknown> = {};
  for (const [name, effect] of rows) {
    const choice = effect.choose(settings[name], randomFor(name, occasion), { index, pace }, sounds[name]);
    if (choice !== undefined) effects[name] = choice;
  }
  return withoutWords(effects as Effects);
}

/** Where noise is learned as noise, nobody else speaks. */
function withoutWords(effects: Effects): Effects {
  if (!effects.wordless) return effects;
  const { joined: _joined, babble: _babble, ...others } = effects;
  return others;
}

/** What was chosen, in words, in the order in which it happens. */
export function describeEffects(effects: Effects): [name: string, value: string][] {
  return EACH.flatMap(([name, effect]) =>
    effects[name] === undefined ? [] : Object.entries(effect.describe(effects[name])),
  );
}

/** By how many samples a recording grows, at most. */
export function addedSamples(effects: Effects): number {
  return LENGTHENING.reduce(
    (sum, [name, { addedSamples }]) =>
      sum + (effects[name] === undefined ? 0 : (addedSamples?.(effects[name]) ?? 0)),
    0,
  );
}

/** Applies what was chosen, in the order of the table. @returns as many samples, and those added */
export async function applyEffects(
  samples: Float32Array,
  effects: Effects,
  library: Library,
): Promise<Float32Array> {
  let changed = samples;
  for (const [name, effect] of EACH) {
    if (effects[name] !== undefined) changed = await effect.apply(changed, effects[name], library);
  }
  return changed;
}
