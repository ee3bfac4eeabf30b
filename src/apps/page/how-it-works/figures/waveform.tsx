// The samples of a recording, or of a piece of it: for each dot of width the range that they have there.

import { memo } from "preact/compat";
import { useEffect, useRef } from "preact/hooks";

const HEIGHT = 160;

interface WaveformProps {
  /** In [-1, 1]. */
  readonly samples: Float32Array;
  /** What fills the height. */
  readonly peak: number;
  readonly ink: string;
  /** In dots, about as many as it is shown with. */
  readonly width: number;
}

export const Waveform = memo(function Waveform({ samples, peak, ink, width }: WaveformProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    context.clearRect(0, 0, width, HEIGHT);
    context.fillStyle = ink;
    const y = (sample: number): number => (HEIGHT / 2) * (1 - (0.96 * sample) / Math.max(peak, 1e-6));
    for (let x = 0; x < width; x++) {
      const [low, high] = rangeOf(samples, (x * samples.length) / width, ((x + 1) * samples.length) / width);
      context.fillRect(x, y(high) - 1.5, 1, y(low) - y(high) + 3);
    }
  }, [samples, peak, ink, width]);
  return <canvas ref={canvas} class="waveform" width={width} height={HEIGHT} />;
});

/** The smallest and the largest from one place up to another, between samples the line that joins them. */
function rangeOf(samples: Float32Array, from: number, to: number): [low: number, high: number] {
  let [low, high] = [Infinity, -Infinity];
  for (const place of [from, to]) {
    const [before, share] = [Math.floor(place), place - Math.floor(place)];
    const value =
      (1 - share) * (samples[before] ?? 0) + share * (samples[before + 1] ?? samples[before] ?? 0);
    [low, high] = [Math.min(low, value), Math.max(high, value)];
  }
  for (let n = Math.ceil(from); n < to; n++) {
    low = Math.min(low, samples[n]);
    high = Math.max(high, samples[n]);
  }
  return [low, high];
}

export const loudest = (samples: Float32Array): number =>
  samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
