// The units of a layer at one step, each a dot: empty when it is off, fuller the larger it is, with a ring at the clip.

import { useEffect, useRef } from "preact/hooks";
import { css, type Palette } from "./palette.ts";

const CELL = 26; // dots of the canvas, which the page shows at half of it or less

interface UnitGridProps {
  readonly values: Float32Array;
  readonly largest: number;
  readonly ceiling?: number;
  readonly isSigned: boolean;
  readonly palette: Palette;
  readonly label: string;
}

export function UnitGrid({ values, largest, ceiling, isSigned, palette, label }: UnitGridProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const columns = values.length > 256 ? 40 : values.length > 128 ? 28 : 16;
  const rows = Math.ceil(values.length / columns);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    context.clearRect(0, 0, columns * CELL, rows * CELL);
    for (const [i, value] of values.entries()) {
      const [x, y] = [((i % columns) + 0.5) * CELL, (Math.floor(i / columns) + 0.5) * CELL];
      const isClipped = ceiling !== undefined && value >= ceiling;
      const share = Math.min(1, Math.abs(value) / Math.max(1e-6, ceiling ?? largest));
      context.beginPath();
      context.arc(x, y, CELL * (0.14 + 0.24 * Math.sqrt(share)), 0, 2 * Math.PI);
      context.fillStyle = css(
        isSigned ? palette.signed(value, largest) : palette.unit(value, { largest, ceiling }),
      );
      context.fill();
      if (!isClipped) continue;
      context.beginPath();
      context.arc(x, y, CELL * 0.46, 0, 2 * Math.PI);
      context.lineWidth = 2.5;
      context.strokeStyle = css(palette.clip);
      context.stroke();
    }
  }, [values, largest, ceiling, isSigned, palette, columns, rows]);
  return (
    <canvas
      ref={canvas}
      class="unit-grid"
      width={columns * CELL}
      height={rows * CELL}
      role="img"
      aria-label={label}
    />
  );
}
