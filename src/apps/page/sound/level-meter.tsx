// The level of the microphone, as a bar: too quiet, good, too loud. It is decoration to screen readers, which are told in words.

import type { Store } from "../store.ts";
import { useStore } from "../store.ts";
import { meterShare } from "./level.ts";

export interface MicrophoneLevel {
  /** In dB of full scale. */
  readonly db: number;
}

/** Below, hardly anything is heard; above, it may soon be clipped. */
const QUIET_DB = -40;
const LOUD_DB = -6;

export function LevelMeter({ level }: { readonly level: Store<MicrophoneLevel> }) {
  const { db } = useStore(level);
  const share = meterShare(db);
  const state = db < QUIET_DB ? "quiet" : db > LOUD_DB ? "loud" : "good";
  return (
    <svg class={`meter ${state}`} viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
      <rect class="meter-back" width="100" height="6" />
      <rect class="meter-bar" width={100 * share} height="6" />
      <path class="meter-marks" d={`M${100 * meterShare(QUIET_DB)} 0v6M${100 * meterShare(LOUD_DB)} 0v6`} />
    </svg>
  );
}
