// Music of a machine: chords, a melody and drums, in any key and pace, of tones with overtones.

const MAJOR = [0, 2, 4, 5, 7, 9, 11];
const MINOR = [0, 2, 3, 5, 7, 8, 10];
const TURN = 2 * Math.PI;

export function music(seconds, random, rateHz) {
  const sound = new Float32Array(Math.round(seconds * rateHz));
  const uniform = (low, high) => low + (high - low) * random.uniform();
  const beat = 60 / uniform(70, 160);
  const scale = random.uniform() < 0.5 ? MAJOR : MINOR;
  const root = 40 + random.integer(12); // of MIDI
  const [hasDrums, hasChords] = [random.uniform() < 0.6, random.uniform() < 0.8];
  const hasMelody = !hasChords || random.uniform() < 0.8;
  const [chordBrightness, melodyBrightness] = [uniform(0.3, 0.8), uniform(0.3, 0.9)];
  const degree = (of) => scale[of % 7] + 12 * Math.floor(of / 7);
  for (let step = 0; (step * beat) / 2 < seconds; step++) {
    const at = (step * beat) / 2;
    if (hasChords && step % 8 === 0) {
      const chord = random.integer(7);
      for (const third of [0, 2, 4])
        note(at, 4 * beat, root + 12 + degree(chord + third), 0.25, chordBrightness);
      note(at, 4 * beat, root + degree(chord), 0.5, 0.4);
    }
    if (hasMelody && random.uniform() < 0.7)
      note(
        at,
        beat * (random.uniform() < 0.3 ? 1 : 0.5),
        root + 24 + degree(random.integer(7)),
        0.4,
        melodyBrightness,
      );
    if (hasDrums) {
      if (step % 4 === 0) thud(at);
      if (step % 4 === 2) hiss(at, 0.15, 0.6);
      hiss(at, 0.04, 0.25);
    }
  }
  const peak = sound.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const gain = 10 ** (uniform(-28, -3) / 20) / peak;
  return sound.map((value) => gain * value);

  function note(start, length, midi, gain, brightness) {
    const hertz = 440 * 2 ** ((midi - 69) / 12);
    const attack = uniform(0.003, 0.08) * rateHz;
    const decay = uniform(1, 5);
    const overtones = [];
    for (let k = 1; k <= 12 && k * hertz < 7800; k++)
      overtones.push({ k, gain: brightness ** (k - 1) * uniform(0.3, 1.3), phase: TURN * random.uniform() });
    each(start, length, (n, share) => {
      const phase = (TURN * hertz * n) / rateHz;
      const tone = overtones.reduce((sum, one) => sum + one.gain * Math.sin(one.k * phase + one.phase), 0);
      return gain * Math.min(1, n / attack) * Math.exp(-decay * share) * tone;
    });
  }

  function thud(start) {
    each(start, 0.2, (n, share) => {
      const hertz = 50 + 60 * Math.exp((-30 * n) / rateHz);
      return 1.8 * Math.exp(-6 * share) * Math.sin((TURN * hertz * n) / rateHz);
    });
  }

  function hiss(start, length, gain) {
    each(start, length, (_, share) => gain * Math.exp(-6 * share) * (2 * random.uniform() - 1));
  }

  function each(start, length, valueAt) {
    const [first, count] = [Math.floor(start * rateHz), Math.floor(length * rateHz)];
    for (let n = 0; n < count && first + n < sound.length; n++) sound[first + n] += valueAt(n, n / count);
  }
}
