// What may happen to a waveform: chosen as plain data, done to samples. The signal operations have their tests in test/audio.

import { describe, expect, it } from "vitest";
import { activePower } from "../../src/audio/index.ts";
import {
  addedSamples,
  applyEffects,
  augmentationSettings,
  chooseEffects,
  describeEffects,
  NO_AUGMENTATION,
  type Effects,
} from "../../src/data/augmentation/index.ts";
import { RandomStream } from "../../src/random.ts";

const sounds = {
  noise: ["rain", "street", "fan"],
  reverberation: ["hall"],
  babble: ["rain", "street", "fan"],
  joined: {
    among: () => [3, 4, 5],
    join: (own: { index: number }, other: number) =>
      other === 5
        ? undefined
        : { path: "fan", samples: 700, text: `${own.index} ${other}`, frames: 150, seconds: 1.5 },
  },
};
const all = augmentationSettings.parse({
  joined: { probability: 0.5, gapMs: [0, 100] },
  shiftMs: 5,
  reverberation: { probability: 0.5 },
  noise: { probability: 0.5, snrDb: [0, 20], tracks: 2 },
  gainDb: [-6, 6],
  band: { probability: 0.5 },
  codec: { probability: 0.5 },
  surroundings: { probability: 0.5, ms: [0, 500] },
  room: { probability: 0.5, t60Ms: [150, 300] },
  background: { probability: 0.5, snrDb: [10, 30] },
  events: { probability: 0.5 },
  clipping: { probability: 0.5 },
  coder: { probability: 0.5 },
  suppression: { probability: 0.5 },
  pitch: { probability: 0.5 },
  babble: { probability: 0.5, voices: 3 },
  packets: { probability: 0.5 },
});
const noiseAlone = augmentationSettings.parse({
  ...all,
  wordless: { probability: 0.3, levelDb: [-40, -20] },
});
const occasion = { seed: 1, epoch: 2, utterance: 3 };
const many = Array.from({ length: 500 }, (_, utterance) =>
  chooseEffects(all, sounds, { ...occasion, utterance }),
);

describe("the choice of effects", () => {
  it("is nothing by default, and nothing without sounds to take", () => {
    expect(chooseEffects(NO_AUGMENTATION, {}, occasion)).toEqual({});
  });

  it("depends on seed, epoch and utterance, and on nothing else", () => {
    expect(chooseEffects(all, sounds, { ...occasion })).toEqual(chooseEffects(all, sounds, occasion));
    for (const other of [{ seed: 2 }, { epoch: 3 }, { utterance: 4 }]) {
      expect(chooseEffects(all, sounds, { ...occasion, ...other })).not.toEqual(
        chooseEffects(all, sounds, occasion),
      );
    }
  });

  it("of one does not change with another", () => {
    const alone = augmentationSettings.parse({ noise: all.noise });
    for (const [utterance, { noise }] of many.entries()) {
      expect(chooseEffects(alone, { noise: sounds.noise }, { ...occasion, utterance }).noise).toEqual(noise);
    }
  });

  it("happens as often as asked, within the ranges, and crosses to another thread as it is", () => {
    const noises = many.flatMap(({ noise }) => noise ?? []);
    expect(Math.abs(noises.length - 250)).toBeLessThan(50);
    for (const { snrDb, tracks } of noises) {
      expect(snrDb >= 0 && snrDb < 20 && [1, 2].includes(tracks.length)).toBe(true);
    }
    expect(new Set(noises.flatMap(({ tracks }) => tracks.map(({ path }) => path))).size).toBe(3);
    expect(new Set(many.map(({ shiftMs }) => shiftMs?.samples)).size).toBeGreaterThan(100);
    for (const { shiftMs } of many) expect(Math.abs(shiftMs?.samples ?? 0)).toBeLessThanOrEqual(80);
    expect(structuredClone(many)).toEqual(many);
  });

  it("is noise alone as often as asked: then nobody follows or babbles, and else all is as without", () => {
    const chosen = many.map((_, utterance) => chooseEffects(noiseAlone, sounds, { ...occasion, utterance }));
    const wordless = chosen.filter((effects) => effects.wordless);
    expect(Math.abs(wordless.length - 150)).toBeLessThan(40);
    for (const [utterance, { wordless: noise, ...effects }] of chosen.entries()) {
      const { joined: _joined, babble: _babble, ...others } = many[utterance];
      expect(effects).toEqual(noise ? others : many[utterance]);
      expect(!noise || (noise.levelDb >= -40 && noise.levelDb < -20)).toBe(true);
    }
    expect(structuredClone(chosen)).toEqual(chosen);
  });

  it("leaves the others as recorded: all of them in the first epoch of a ramp, then fewer, down to the share", () => {
    const most = { ...all, share: 0.8 };
    const touched = [0, 1, 2, 4, 9].map((epoch) => {
      const chosen = many.map((_, utterance) =>
        chooseEffects(most, sounds, { ...occasion, epoch, utterance, rampEpochs: 4 }),
      );
      return chosen.filter((effects) => Object.keys(effects).length > 0).length / many.length;
    });
    expect(touched[0]).toBe(0);
    for (const [n, share] of [0, 0.2, 0.4, 0.8, 0.8].entries()) {
      expect(Math.abs(touched[n] - share)).toBeLessThan(0.08);
    }
  });
});

const hiss = (count: number, seed = 1): Float32Array => {
  const random = new RandomStream("effects", seed);
  return Float32Array.from({ length: count }, () => 0.2 * random.normal());
};
const recordings: Record<string, Float32Array> = {
  rain: hiss(5000, 2),
  street: hiss(50_000, 3),
  fan: hiss(700, 4),
  padded: Float32Array.from([...new Float32Array(900), ...hiss(700, 4), ...new Float32Array(3400)]),
  hall: hiss(4000, 5).map((value, n) =>
    n <= 100 ? Number(n === 100) : 0.2 * value * Math.exp((100 - n) / 800),
  ),
};
const library = {
  read: (path: string) =>
    Promise.resolve({ samples: recordings[path], activePower: activePower(recordings[path]) }),
};
const speech = hiss(16_000).map((value, n) => (n % 8000 < 4000 ? value : 0));
const apply = (effects: Effects) => applyEffects(speech, effects, library);
const correlation = (a: Float32Array, b: Float32Array): number => {
  const product = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, n) => sum + value * y[n], 0);
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
};

describe("effects", () => {
  it("keep the length but for what they say they add, and leave the recording as it was", async () => {
    const before = speech.slice();
    for (const effects of many.slice(0, 40)) {
      expect((await apply(effects)).length).toBe(speech.length + addedSamples(effects));
    }
    expect(many.some((effects) => addedSamples(effects) > 0)).toBe(true);
    expect(speech).toEqual(before);
    expect(await apply({})).toBe(speech);
  });

  it("wordless: noise as long as the recording and as loud as chosen, and nothing of the recording", async () => {
    const choices = many.map((_, utterance) => chooseEffects(noiseAlone, sounds, { ...occasion, utterance }));
    const [first, second] = choices.flatMap(({ wordless }) => wordless ?? []);
    const noise = await apply({ wordless: first });
    expect(noise.length).toBe(speech.length);
    expect(10 * Math.log10(activePower(noise))).toBeCloseTo(first.levelDb, 1);
    expect(await applyEffects(new Float32Array(speech.length), { wordless: first }, library)).toEqual(noise);
    expect(await apply({ wordless: second })).not.toEqual(noise);
  });

  it("joined: the recording, the gap, and another one to the sample, without digital silence around it", async () => {
    const gap = 320;
    const choice = { path: "padded", gap, samples: 5000, text: "one two", frames: 130, seconds: 1.3 };
    const heard = await apply({ joined: { ...choice, pace: { speed: 1, tempo: 1 } } });
    expect(heard).toEqual(Float32Array.from([...speech, ...new Float32Array(gap), ...recordings.fan]));
    const faster = await apply({ joined: { ...choice, pace: { speed: 1.25, tempo: 1 } } });
    expect(faster.length).toBe(speech.length + gap + recordings.fan.length / 1.25);
    expect(faster.subarray(0, speech.length + gap)).toEqual(heard.subarray(0, speech.length + gap));
  });

  it("joined: never with itself, not where the corpus joins nothing, and at the pace of the first", () => {
    const occasions = many.map((_, utterance) => ({
      ...occasion,
      utterance: utterance % 7,
      seed: utterance,
    }));
    const pace = { speed: 0.9, tempo: 1.1 };
    const choices = occasions.map((each) => chooseEffects(all, sounds, each, pace).joined);
    const joined = choices.flatMap((choice) => choice ?? []);
    for (const { text, gap, pace: own } of joined) {
      const [first, second] = text.split(" ");
      expect(first).not.toBe(second);
      expect(["3", "4"]).toContain(second);
      expect(gap >= 0 && gap <= 1600).toBe(true);
      expect(own).toEqual(pace);
    }
    expect(joined.length / choices.length).toBeGreaterThan(0.25); // half, a third of which the corpus refuses
    expect(joined.length / choices.length).toBeLessThan(0.4);
    const alone = { ...sounds, joined: { ...sounds.joined, among: () => [2] } };
    const lonely = occasions.filter(({ utterance }) => utterance === 2);
    expect(lonely.flatMap((each) => chooseEffects(all, alone, each).joined ?? [])).toEqual([]);
  });

  it("shift: later above 0, silence coming in", async () => {
    const later = await apply({ shiftMs: { samples: 3 } });
    expect([...later.subarray(0, 5)]).toEqual([0, 0, 0, speech[0], speech[1]]);
    const earlier = await apply({ shiftMs: { samples: -3 } });
    expect([...earlier.subarray(-4)]).toEqual([speech.at(-1), 0, 0, 0]);
  });

  it("gain: in dB", async () => {
    const louder = await apply({ gainDb: { db: 20 } });
    expect(louder[7]).toBeCloseTo(10 * speech[7], 5);
  });

  it("noise: at the ratio asked for, the recordings repeated where they are short", async () => {
    const tracks = [
      { path: "fan", start: 0.5 },
      { path: "rain", start: 0.99 },
    ];
    const heard = await apply({ noise: { snrDb: 10, tracks } });
    const added = heard.map((value, n) => value - speech[n]);
    expect(10 * Math.log10(activePower(speech) / activePower(added))).toBeCloseTo(10, 2);
    const one = await apply({ noise: { snrDb: 10, tracks: tracks.slice(0, 1) } });
    const fan = one.map((value, n) => value - speech[n]);
    const scale = fan[0] / recordings.fan[350];
    for (let n = 0; n < 2000; n++) expect(fan[n]).toBeCloseTo(scale * recordings.fan[(350 + n) % 700], 4);
  });

  it("reverberation: as loud as before, the direct sound at its time", async () => {
    const heard = await apply({ reverberation: { path: "hall" } });
    expect(activePower(heard)).toBeCloseTo(activePower(speech), 3);
    const [early, now, late] = [-1, 0, 1].map((delay) =>
      correlation(heard.subarray(100 + delay, -100 + delay), speech.subarray(100, -100)),
    );
    expect(now).toBeGreaterThan(0.3);
    expect(Math.max(Math.abs(early), Math.abs(late))).toBeLessThan(now / 2);
  });

  it("band and codec: less above the band", async () => {
    const roughness = (samples: Float32Array) =>
      activePower(samples.map((value, n) => value - (samples[n - 1] ?? 0)));
    const before = roughness(speech);
    for (const effects of [
      { band: { lowHz: 200, highHz: 3400 } },
      { codec: { codec: "mu-law" } },
      { codec: { codec: "adpcm" } },
    ] as const) {
      expect(roughness(await apply(effects))).toBeLessThan(before / 3);
    }
  });

  it("surroundings: silence before and after, and nothing else", async () => {
    const around = await apply({ surroundings: { before: 300, after: 200 } });
    expect(around.length).toBe(speech.length + 500);
    expect(around.subarray(300, 300 + speech.length)).toEqual(speech);
    expect(around.subarray(0, 300).every((value) => value === 0)).toBe(true);
    expect(around.subarray(-200).every((value) => value === 0)).toBe(true);
  });

  it("room: as loud as before, the direct sound at its time, and sound after it ended", async () => {
    const room = {
      size: [5, 4, 3],
      source: [1, 1, 1.5],
      microphone: [1.5, 1.5, 1.5],
      t60Ms: 300,
      seed: 1,
    } as const;
    const heard = await apply({ room });
    expect(activePower(heard)).toBeCloseTo(activePower(speech), 3);
    const [early, now, late] = [-1, 0, 1].map((delay) =>
      correlation(heard.subarray(100 + delay, -100 + delay), speech.subarray(100, -100)),
    );
    expect(now).toBeGreaterThan(0.3);
    expect(Math.max(Math.abs(early), Math.abs(late))).toBeLessThan(now / 2);
    expect(activePower(heard.subarray(4000, 4400))).toBeGreaterThan(1e-5); // where speech pauses
  });

  it("background: at the ratio asked for, with a hum where there is one, another each time", async () => {
    const colour = { poles: [0.995, 0.9, 0.2], weights: [0.2, 0.5, 0.3], swellDb: 6, seed: 1 };
    const hum = { hertz: 50, decay: 0.8, gain: 1, seed: 2 };
    for (const background of [
      { snrDb: 10, colour },
      { snrDb: -5, colour, hum },
    ]) {
      const heard = await apply({ background });
      const added = heard.map((value, n) => value - speech[n]);
      expect(10 * Math.log10(activePower(speech) / activePower(added))).toBeCloseTo(background.snrDb, 2);
    }
    const seeds = many.flatMap(({ background }) => background?.colour.seed ?? []);
    expect(new Set(seeds).size).toBe(seeds.length);
  });

  it("events: at the ratio asked for, and where nothing sounds the recording as it was", async () => {
    const heard = await apply({ events: { snrDb: 6, perSecond: 1, seed: 3 } });
    const added = heard.map((value, n) => value - speech[n]);
    expect(10 * Math.log10(activePower(speech) / activePower(added))).toBeCloseTo(6, 2);
    const seeds = many.flatMap(({ events }) => events?.seed ?? []);
    expect(new Set(seeds).size).toBe(seeds.length);
  });

  it("clipping: nothing above the ceiling, what is below as it was", async () => {
    const peak = speech.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const clipped = await apply({ clipping: { db: 6 } });
    const ceiling = peak * 10 ** (-6 / 20);
    clipped.forEach((value, n) =>
      expect(value).toBeCloseTo(Math.sign(speech[n]) * Math.min(Math.abs(speech[n]), ceiling), 6),
    );
  });

  it("suppression: softer the more is taken for noise, at the same length", async () => {
    const powerLeft = async (belowDb: number) =>
      activePower(await apply({ suppression: { belowDb, floorDb: 40 } }));
    expect(await powerLeft(100)).toBeCloseTo(activePower(speech), 6);
    expect(await powerLeft(5)).toBeLessThan(await powerLeft(30));
  });

  it("coder: less of it the lower the rate", async () => {
    const lost = async (kbps: number) => {
      const coded = await apply({ coder: { kbps } });
      return activePower(coded.map((value, n) => value - speech[n]));
    };
    expect(await lost(64)).toBeLessThan((await lost(8)) / 10);
  });

  it("pitch: a tone moves by its semitones, at the same length and tempo", async () => {
    const tone = Float32Array.from(
      { length: 16_000 },
      (_, n) => 0.3 * Math.sin((2 * Math.PI * 300 * n) / 16_000),
    );
    for (const semitones of [-2, 2, 4]) {
      const moved = await applyEffects(tone, { pitch: { semitones } }, library);
      expect(moved.length).toBe(tone.length);
      let crossings = 0; // upwards through 0, between 0.25 and 0.75 s: 150 at 300 Hz
      for (let n = 4001; n <= 12_000; n++) if (moved[n - 1] < 0 && moved[n] >= 0) crossings++;
      expect(Math.abs(crossings / (150 * 2 ** (semitones / 12)) - 1)).toBeLessThan(0.03);
    }
  });

  it("babble: other recordings of the corpus at the ratio asked for, never the utterance itself", async () => {
    const tracks = [{ path: "street", start: 0.1 }, { path: "rain", start: 0.7 }]; // prettier-ignore
    const added = (await apply({ babble: { snrDb: 6, tracks } })).map((value, n) => value - speech[n]);
    expect(10 * Math.log10(activePower(speech) / activePower(added))).toBeCloseTo(6, 2);
    const choices = Array.from({ length: 300 }, (_, epoch) =>
      [0, 1, 2].map(
        (utterance) => chooseEffects(all, sounds, { seed: 1, epoch, utterance }).babble?.tracks ?? [],
      ),
    );
    [0, 1, 2].forEach((utterance) => {
      const heard = new Set(choices.flatMap((each) => each[utterance].map(({ path }) => path)));
      expect(heard).toEqual(new Set(sounds.babble.filter((_, index) => index !== utterance)));
    });
    expect(chooseEffects(all, { babble: ["rain"] }, occasion).babble).toBeUndefined();
  });

  it("packets: as many are lost as asked for, silent or the last one softer, and the others as they were", async () => {
    const long = hiss(320 * 5000);
    for (const repeats of [false, true]) {
      const received = await applyEffects(long, { packets: { lost: 0.1, repeats, seed: 1 } }, library);
      let lost = 0;
      for (let packet = 1; packet < 5000; packet++) {
        const [at, before] = [320 * packet, 320 * (packet - 1)];
        if (received[at] === long[at] && received[at + 319] === long[at + 319]) continue;
        lost++;
        expect(received[at + 7]).toBeCloseTo(repeats ? received[before + 7] / 2 : 0, 6);
      }
      expect(Math.abs(lost / 5000 - 0.1)).toBeLessThan(0.02);
    }
  });

  it("are told in words, whatever was chosen", () => {
    for (const effects of many) {
      const told = describeEffects(effects);
      expect(told.length).toBeGreaterThanOrEqual(Object.keys(effects).length);
      for (const [name, value] of told) expect(`${name} ${value}`).not.toMatch(/undefined|NaN|object/);
    }
    expect(describeEffects({ surroundings: { before: 8000, after: 0 }, coder: { kbps: 12.3 } })).toEqual([
      ["silence around", "0.50 s and 0.00 s"],
      ["coder", "12 kbit/s"],
    ]);
  });
});
