// Train steps on noise, batch by batch, by the library of whoever asks: that of a tab, or of Node.

export const [CLIPS, SECONDS, RATE_HZ, UTTERANCES, EPOCHS] = [24, 2, 16_000, 8, 5];
const TRANSCRIPT = "turn the light on in the kitchen";

const STRIDE = 2;

/** Steps of a clip: its hops of 10 ms, every second one. */
export const stepsOfClip = (SECONDS * 100) / STRIDE;

/** @param network its settings besides these */
export const settingsOf = (network) => ({
  features: { bins: 40 },
  network: { name: "deep-speech", stride: STRIDE, ...network },
});

/** Clips of noise, each with the same text. @param write keeps a clip under a name and gives its path */
export async function noiseRows(RandomStream, write) {
  const rows = [];
  for (let n = 0; n < CLIPS; n++) {
    const random = new RandomStream("bench", n);
    const samples = Float32Array.from({ length: SECONDS * RATE_HZ }, () => random.uniform() - 0.5);
    const path = await write(`${n}.wav`, samples);
    rows.push({ path, transcript: TRANSCRIPT, speaker: "noise", split: "train", where: "bench" });
  }
  return rows;
}

/** @returns times in ms (of the first epochs, which load programs and find them slow yet, nothing), and the model's file at `path` */
export async function stepTimes({ Learner }, { data, settings, path }) {
  const start = performance.now();
  const ends = [];
  const onEvent = ({ type, epoch }) => type === "batch" && ends.push({ epoch, at: performance.now() });
  const own = { data: { maxUtterances: UTTERANCES, augmentation: { preset: "none" } }, report: false };
  const all = { ...own, ...settings, epochs: EPOCHS, threads: 1 };
  const learner = await Learner.create({ data, settings: all, quiet: true, onEvent });
  await learner.fit(EPOCHS);
  await learner.save(path);
  await learner.close();
  const steps = ends.flatMap(({ epoch, at }, i) =>
    epoch > 2 && ends[i - 1].epoch === epoch ? [at - ends[i - 1].at] : [],
  );
  const sorted = steps.toSorted((a, b) => a - b);
  return { firstStep: ends[0].at - start, medianStep: sorted[sorted.length >> 1], fastestStep: sorted[0] };
}
