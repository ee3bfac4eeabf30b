// How fast a recording is played: at another speed, which moves the pitch (Ko et al. 2015), then at another tempo, which
// does not. Both change the length, so that batches are planned by pace.

import { changeSpeed, changeTempo } from "../../audio/index.ts";

export interface Pace {
  /** Factor; 1 = as recorded. */
  readonly speed: number;
  /** Factor; 1 = as recorded. */
  readonly tempo: number;
}

export const AS_RECORDED: Pace = { speed: 1, tempo: 1 };

/** Every speed with every tempo. */
export function pacesOf({ speeds, tempos }: Record<"speeds" | "tempos", readonly number[]>): Pace[] {
  return speeds.flatMap((speed) => tempos.map((tempo) => ({ speed, tempo })));
}

/** How far from the recording's own pace. */
export function paceChange({ speed, tempo }: Pace): number {
  return Math.abs(speed - 1) + Math.abs(tempo - 1);
}

/** @throws EarshotError `INVALID_SPEED` */
export async function changePace(samples: Float32Array, { speed, tempo }: Pace): Promise<Float32Array> {
  return changeTempo(await changeSpeed(samples, speed), tempo);
}
