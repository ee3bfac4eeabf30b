// Causes before consequences: what is wrong earlier on the way from recording to update comes first, since everything
// behind it suffers; and on one stage, what makes the others meaningless. So the first finding is the one to mend. Each
// check says beside its codes where they stand.

/** The way from what was given to what is concluded. */
const STAGES = [
  /** What was given to look at. */
  "evidence",
  "recordings",
  /** Transcripts, and labels. */
  "labels",
  /** Recordings against their texts. */
  "pairs",
  "features",
  /** Axes, then lengths, then what an output depends on, then values. */
  "network",
  /** The loss, its gradient and the update. */
  "update",
  /** What is seen only in the end. */
  "outcome",
  /** What explains no loss, but what is concluded from it. */
  "measure",
] as const;

/** The stage of a fault, and its rank there: a lower one is the cause. Ranks are tens, so that others fit between. */
export type CausalPlace = readonly [stage: (typeof STAGES)[number], rank: number];

/** Negative where `a` comes first. */
export function byCause([stageA, rankA]: CausalPlace, [stageB, rankB]: CausalPlace): number {
  return STAGES.indexOf(stageA) - STAGES.indexOf(stageB) || rankA - rankB;
}
