// How many masks over time an utterance gets and how wide they may be: a policy is a row here. It knows no frames.

/** Masks over time, each of 0 to `widest` frames. */
interface TimeMasks {
  readonly masks: number;
  readonly widest: number;
}

/** What the settings say of them (settings.ts). */
interface CountSettings {
  readonly timeMasks: number;
  readonly timeMaskFrames: number;
  readonly timeMaskShare: number;
}

const SHARE = 0.04; // p_M and p_S
const MOST = 20;

export const maskPolicies = {
  /** As the settings say, whatever the utterance's length. */
  counts: ({ timeMasks, timeMaskFrames, timeMaskShare }: CountSettings, frames: number): TimeMasks => ({
    masks: timeMasks,
    widest: Math.min(timeMaskFrames, Math.floor(timeMaskShare * frames)),
  }),
  /** Number and width in proportion to the length: LibriFullAdapt of Park et al. 2019b (arXiv 1912.05533). */
  adaptive: (_: CountSettings, frames: number): TimeMasks => {
    const proportion = Math.floor(SHARE * frames);
    return { masks: Math.min(MOST, proportion), widest: proportion };
  },
} satisfies Record<string, (settings: CountSettings, frames: number) => TimeMasks>;

export type MaskPolicy = keyof typeof maskPolicies;
