// The drawing of the picture: curves of letters above the spectrogram, a scale of time below. Of a long recording only what is in sight is
// drawn. It knows canvases and numbers, no page.

import type { PictureColours } from "../pictures/colours.ts";
import type { LetterCurve } from "../pictures/letters.ts";

export interface Spectrogram {
  /** Log energies [T, F], lowest filter first. */
  readonly data: Float32Array;
  readonly frames: number;
  readonly size: number;
  readonly hopMs: number;
}

export interface PictureView {
  readonly width: number;
  readonly pixelsPerSecond: number;
  /** At the left edge. */
  readonly fromMs: number;
  readonly timeMs: number | undefined;
  /** Height of the curves; 0 where there are none. */
  readonly letters: number;
}

const [SOUND, SCALE] = [150, 24];
/** Above the sound, where letters are known. */
export const LETTERS = 92;

export const pictureHeight = ({ letters }: Pick<PictureView, "letters">): number => letters + SOUND + SCALE;

/** What is quieter than the loudest by more is background, in nats of energy: 52 dB. */
const RANGE = 12;

/** Browsers draw nothing of a canvas that is wider than 65535. */
export const TILE_FRAMES = 4096;

/** The spectrogram as pixels, a column for each frame: tile n, drawn when it first comes in sight. */
export type SpectrogramTiles = (n: number) => OffscreenCanvas | undefined;

export function spectrogramTiles(spectrogram: Spectrogram, colours: PictureColours): SpectrogramTiles {
  const tiles = new Map<number, OffscreenCanvas>();
  const top = spectrogram.data.reduce((most, value) => Math.max(most, value), -Infinity);
  return (n) => {
    if (n < 0 || n * TILE_FRAMES >= spectrogram.frames) return undefined;
    const tile = tiles.get(n) ?? tileOf(spectrogram, n * TILE_FRAMES, top, colours);
    tiles.set(n, tile);
    return tile;
  };
}

/** @param top the loudest of the whole */
function tileOf(
  { data, frames, size }: Spectrogram,
  first: number,
  top: number,
  { surface, text }: PictureColours,
): OffscreenCanvas {
  const canvas = new OffscreenCanvas(Math.min(TILE_FRAMES, frames - first), size);
  const context = canvas.getContext("2d")!;
  const image = context.createImageData(canvas.width, size);
  const [low, high] = [rgbOf(surface), rgbOf(text)];
  for (let x = 0; x < canvas.width; x++)
    for (let bin = 0; bin < size; bin++) {
      const energy = data[(first + x) * size + bin];
      const share = Math.min(1, Math.max(0, (energy - top + RANGE) / RANGE)) ** 1.3;
      const at = 4 * ((size - 1 - bin) * canvas.width + x);
      for (let c = 0; c < 3; c++) image.data[at + c] = low[c] + share * (high[c] - low[c]);
      image.data[at + 3] = 255;
    }
  context.putImageData(image, 0, 0);
  return canvas;
}

/** @param colour "#rrggbb" */
const rgbOf = (colour: string): number[] =>
  [1, 3, 5].map((at) => Number.parseInt(colour.trim().slice(at, at + 2), 16));

export function drawPicture(
  context: CanvasRenderingContext2D,
  {
    tiles,
    hopMs,
    curves,
  }: { readonly tiles: SpectrogramTiles; readonly hopMs: number; readonly curves: readonly LetterCurve[] },
  view: PictureView,
  colours: PictureColours,
): void {
  context.clearRect(0, 0, view.width, pictureHeight(view));
  drawSound(context, tiles, hopMs, view);
  drawScale(context, view, colours);
  for (const curve of curves) drawCurve(context, curve, view, colours);
  drawLetters(context, curves, view, colours);
  if (view.timeMs === undefined) return;
  context.fillStyle = colours.accent;
  context.fillRect(xOf(view.timeMs, view) - 1, 0, 2, view.letters + SOUND);
}

const xOf = (ms: number, { fromMs, pixelsPerSecond }: PictureView): number =>
  ((ms - fromMs) / 1000) * pixelsPerSecond;

function drawSound(
  context: CanvasRenderingContext2D,
  tiles: SpectrogramTiles,
  hopMs: number,
  view: PictureView,
): void {
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = "high";
  for (const { n, from, count, x, width } of tilesInSight(view, hopMs)) {
    const tile = tiles(n);
    if (tile) context.drawImage(tile, from, 0, count, tile.height, x, view.letters, width, SOUND);
  }
}

/** Which part of each tile is in sight (frames of its own), and where it stands (pixels). */
export function tilesInSight(
  { fromMs, width, pixelsPerSecond }: Pick<PictureView, "fromMs" | "width" | "pixelsPerSecond">,
  hopMs: number,
): { n: number; from: number; count: number; x: number; width: number }[] {
  const pixels = (pixelsPerSecond * hopMs) / 1000; // of a frame
  const [first, last] = [fromMs / hopMs, fromMs / hopMs + width / pixels];
  const numbers = Array.from({ length: Math.ceil(last / TILE_FRAMES) }, (_, n) => n);
  return numbers.slice(Math.floor(first / TILE_FRAMES)).map((n) => {
    const begin = Math.max(first, n * TILE_FRAMES);
    const count = Math.min(last, (n + 1) * TILE_FRAMES) - begin;
    return { n, from: begin - n * TILE_FRAMES, count, x: (begin - first) * pixels, width: count * pixels };
  });
}

function drawScale(
  context: CanvasRenderingContext2D,
  view: PictureView,
  { muted, line }: PictureColours,
): void {
  const top = view.letters + SOUND;
  const everyMs = view.pixelsPerSecond >= 150 ? 250 : view.pixelsPerSecond >= 60 ? 500 : 1000;
  context.font = "11px system-ui, sans-serif";
  context.textAlign = "center";
  const last = view.fromMs + (1000 * view.width) / view.pixelsPerSecond;
  for (let ms = Math.ceil(view.fromMs / everyMs) * everyMs; ms <= last; ms += everyMs) {
    const x = xOf(ms, view);
    context.fillStyle = line;
    context.fillRect(Math.round(x), top, 1, ms % 1000 === 0 ? 6 : 3);
    context.fillStyle = muted;
    if (ms % 1000 === 0 && x > 8 && x < view.width - 8) context.fillText(`${ms / 1000} s`, x, top + 18);
  }
}

const curveY = (probability: number): number => LETTERS - 6 - probability * (LETTERS - 34);

function isInSight({ startMs, stepMs, probabilities }: LetterCurve, view: PictureView): boolean {
  const end = startMs + stepMs * probabilities.length;
  return xOf(end, view) >= -20 && xOf(startMs, view) <= view.width + 20;
}

function drawCurve(
  context: CanvasRenderingContext2D,
  curve: LetterCurve,
  view: PictureView,
  { accent }: PictureColours,
): void {
  if (!isInSight(curve, view)) return;
  const { startMs, stepMs, probabilities } = curve;
  context.beginPath();
  context.moveTo(xOf(startMs - stepMs / 2, view), curveY(0));
  for (const [i, probability] of probabilities.entries())
    context.lineTo(xOf(startMs + (i + 0.5) * stepMs, view), curveY(probability));
  context.lineTo(xOf(startMs + (probabilities.length + 0.5) * stepMs, view), curveY(0));
  context.closePath();
  context.globalAlpha = 0.16;
  context.fillStyle = accent;
  context.fill();
  context.globalAlpha = 0.9;
  context.lineWidth = 1.25;
  context.strokeStyle = accent;
  context.stroke();
  context.globalAlpha = 1;
}

/** The likeliest first: another letter that would stand on one is left out. */
function drawLetters(
  context: CanvasRenderingContext2D,
  curves: readonly LetterCurve[],
  view: PictureView,
  { text }: PictureColours,
): void {
  context.font = "600 14px system-ui, sans-serif";
  context.textAlign = "center";
  context.fillStyle = text;
  const taken: { x: number; y: number }[] = [];
  for (const { symbol, peak, peakMs, stepMs } of curves
    .filter((curve) => isInSight(curve, view))
    .toSorted((a, b) => b.peak - a.peak)) {
    const [x, y] = [xOf(peakMs + stepMs / 2, view), curveY(peak) - 6];
    if (taken.some((other) => Math.abs(other.x - x) < 9 && Math.abs(other.y - y) < 14)) continue;
    taken.push({ x, y });
    context.globalAlpha = 0.35 + 0.65 * peak;
    context.fillText(symbol === " " ? "␣" : symbol, x, y);
  }
  context.globalAlpha = 1;
}
