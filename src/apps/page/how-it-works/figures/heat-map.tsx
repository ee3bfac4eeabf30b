// Numbers over time as a picture: a column for each frame or step, a row for each number. The canvas has a dot for each; the
// page's style makes it as large as it is shown.

import { memo } from "preact/compat";
import { useEffect, useRef } from "preact/hooks";
import type { Part } from "../time-axis.ts";
import type { Color } from "./palette.ts";
import { placed } from "./time-figure.tsx";

interface HeatMapProps {
  /** [columns, rows]: one column of the picture after the other. */
  readonly values: ArrayLike<number>;
  readonly columns: number;
  /** The colour of a value; made anew where the palette is another. */
  readonly color: (value: number) => Color;
  /** What of the figure's width it takes up; all without. */
  readonly part?: Part;
  /** The first row at the bottom instead of the top. */
  readonly upward?: boolean;
}

export const HeatMap = memo(function HeatMap({ values, columns, color, part, upward }: HeatMapProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const rows = columns === 0 ? 0 : values.length / columns;
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context || rows === 0) return;
    const image = context.createImageData(columns, rows);
    for (let column = 0; column < columns; column++)
      for (let row = 0; row < rows; row++) {
        const at = 4 * ((upward ? rows - 1 - row : row) * columns + column);
        image.data.set(color(values[column * rows + row]), at);
        image.data[at + 3] = 255;
      }
    context.putImageData(image, 0, 0);
  }, [values, columns, rows, color, upward]);
  return (
    <canvas
      ref={canvas}
      class="heat-map"
      width={columns}
      height={rows}
      style={placed(part ?? { from: 0, to: 1 })}
    />
  );
});
