// The take as a picture that scrolls and plays: the canvas stays in sight, and what it shows moves.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { loadEarshot } from "../earshot.ts";
import { useTexts } from "../languages.tsx";
import { useNumbers } from "../numbers.ts";
import { useColours } from "../pictures/colours.ts";
import { letterCurves } from "../pictures/letters.ts";
import {
  drawPicture,
  LETTERS,
  pictureHeight,
  spectrogramTiles,
  type Spectrogram,
} from "./picture-drawing.ts";
import type { Take } from "./take.ts";
import { LISTEN_TEXTS } from "./texts.ts";

const HOP_MS = 10;
const PIXELS_PER_SECOND = 220;

interface TakePictureProps {
  readonly take: Take;
  readonly timeMs: number | undefined;
  readonly isPlaying: boolean;
  readonly onSeek: (ms: number) => void;
}

export function TakePicture({ take, timeMs, isPlaying, onSeek }: TakePictureProps) {
  const t = useTexts(LISTEN_TEXTS);
  const { fixed } = useNumbers();
  const { samples, transcription, rows } = take;
  const spectrogram = useSpectrogram(samples);
  const curves = useMemo(() => (rows ? letterCurves(rows) : []), [rows]);
  const colours = useColours();
  const tiles = useMemo(() => spectrogram && spectrogramTiles(spectrogram, colours), [spectrogram, colours]);
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const [scrolled, setScrolled] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver(([{ contentRect }]) => setWidth(Math.floor(contentRect.width)));
    observer.observe(scroller.current!);
    return () => observer.disconnect();
  }, []);
  const pixelsPerSecond = Math.max(PIXELS_PER_SECOND, width / Math.max(0.1, transcription.seconds));
  useEffect(() => {
    const letters = rows ? LETTERS : 0;
    const context = prepared(canvas.current!, width, pictureHeight({ letters }));
    if (!tiles || width === 0) return;
    const fromMs = (1000 * scrolled) / pixelsPerSecond;
    drawPicture(
      context,
      { tiles, hopMs: HOP_MS, curves },
      { width, pixelsPerSecond, fromMs, timeMs, letters },
      colours,
    );
  }, [tiles, curves, rows, width, scrolled, timeMs, colours, pixelsPerSecond]);
  useEffect(() => {
    if (isPlaying && timeMs !== undefined) keepInSight(scroller.current!, (timeMs / 1000) * pixelsPerSecond);
  }, [isPlaying, timeMs, pixelsPerSecond]);
  const seconds = fixed(transcription.seconds, 1);
  return (
    <div
      class="picture"
      ref={scroller}
      tabIndex={0}
      role="group"
      aria-label={t(rows ? "letters" : "soundOnly")}
      onScroll={({ currentTarget }) => setScrolled(currentTarget.scrollLeft)}
    >
      <div class="picture-length">
        <SizedBox width={transcription.seconds * pixelsPerSecond} />
        <canvas
          ref={canvas}
          role="img"
          aria-label={t("picture", { seconds, text: transcription.text })}
          onClick={({ offsetX }) => onSeek((1000 * (scrolled + offsetX)) / pixelsPerSecond)}
        />
      </div>
    </div>
  );
}

/** The policy of the page allows no style in the document: it is set by script. */
function SizedBox({ width }: { readonly width: number }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current!.style.width = `${Math.ceil(width)}px`;
  }, [width]);
  return <div ref={box} class="picture-box" />;
}

/** As fine as the screen. */
function prepared(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const scale = devicePixelRatio;
  const size = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== size[0] || canvas.height !== size[1]) {
    [canvas.width, canvas.height] = size;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext("2d")!;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  return context;
}

function keepInSight(scroller: HTMLElement, x: number): void {
  const { scrollLeft, clientWidth } = scroller;
  if (x < scrollLeft || x > scrollLeft + 0.85 * clientWidth) scroller.scrollLeft = x - 0.15 * clientWidth;
}

function useSpectrogram(samples: Float32Array): Spectrogram | undefined {
  const [spectrogram, setSpectrogram] = useState<Spectrogram>();
  useEffect(() => {
    let isWanted = true;
    void loadEarshot().then(({ computeFeatures, featureSettings }) => {
      const settings = featureSettings.parse({ bins: 80, hopMs: HOP_MS, windowMs: 25 });
      if (isWanted) setSpectrogram({ ...computeFeatures(samples, settings), hopMs: HOP_MS });
    });
    return () => {
      isWanted = false;
    };
  }, [samples]);
  return spectrogram;
}
