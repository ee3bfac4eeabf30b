// A figure whose width is the recording's time: with the playhead over it, which follows the pointer.

import type { ComponentChildren } from "preact";
import type { Part } from "../time-axis.ts";
import type { WalkView } from "../walk-view.ts";

interface TimeFigureProps {
  readonly view: Pick<WalkView, "axis" | "seek">;
  /** What it shows, for those who do not see it. */
  readonly label: string;
  readonly class?: string;
  /** Left of the figure, at its height. */
  readonly names?: ComponentChildren;
  readonly children: ComponentChildren;
}

export function TimeFigure({ view, label, names, children, class: name = "" }: TimeFigureProps) {
  const seek = (event: PointerEvent): void => {
    if (event.buttons === 0 && event.type !== "pointerdown") return;
    const { left, width } = (event.currentTarget as Element).getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - left) / width));
    view.seek(share * view.axis.seconds);
  };
  return (
    <div class={`time-figure ${name}`}>
      {names && (
        <div class="figure-names" aria-hidden="true">
          {names}
        </div>
      )}
      <div class="time-plane" role="img" aria-label={label} onPointerDown={seek} onPointerMove={seek}>
        {children}
        <div class="playhead" />
      </div>
    </div>
  );
}

/** A part of a figure's time, as its style. */
export const placed = ({ from, to }: Part): { left: string; width: string } => ({
  left: `${(100 * from).toFixed(3)}%`,
  width: `${(100 * (to - from)).toFixed(3)}%`,
});
