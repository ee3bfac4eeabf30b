// The colours of figures drawn on a canvas, for light and dark pages. Lightness rises or falls evenly, so that gray prints and readers
// who see colours otherwise keep the order; what is at the clip is also marked by its shape where it is drawn large.

export type Color = readonly [red: number, green: number, blue: number];

export interface Palette {
  readonly ink: string;
  readonly muted: string;
  /** A share from 0 to 1. */
  readonly share: (value: number) => Color;
  /** A unit that is 0 or more. */
  readonly unit: (value: number, of: { readonly largest: number; readonly ceiling?: number }) => Color;
  /** A unit of either sign. */
  readonly signed: (value: number, largest: number) => Color;
  /** A normalized energy, about -2 to 2. */
  readonly energy: (value: number) => Color;
  readonly clip: Color;
}

interface Scheme {
  readonly ink: string;
  readonly muted: string;
  readonly off: Color;
  readonly on: Color;
  readonly below: Color;
  readonly clip: Color;
}

const LIGHT: Scheme = {
  ink: "#0f6b63",
  muted: "#8b9096",
  off: [239, 239, 236],
  on: [11, 94, 86],
  below: [96, 66, 158],
  clip: [224, 108, 0],
};
const DARK: Scheme = {
  ink: "#6cc9ba",
  muted: "#767d83",
  off: [36, 40, 42],
  on: [122, 219, 204],
  below: [176, 150, 255],
  clip: [255, 167, 66],
};

/** From dark blue over red to pale yellow, as in the reports. */
const ENERGY: readonly Color[] = [
  [8, 8, 24],
  [56, 20, 92],
  [142, 36, 104],
  [220, 78, 66],
  [250, 160, 54],
  [252, 246, 190],
];
/** Normalized energies that look silent and loudest. */
const [QUIET, LOUD] = [-1.6, 2.2];

export function paletteOf(isDark: boolean): Palette {
  const { ink, muted, off, on, below, clip } = isDark ? DARK : LIGHT;
  const toOn = (share: number): Color => mix(off, on, Math.sqrt(limited(share)));
  return {
    ink,
    muted,
    clip,
    share: toOn,
    unit: (value, { largest, ceiling }) =>
      ceiling !== undefined && value >= ceiling ? clip : toOn(value / (ceiling ?? largest)),
    signed: (value, largest) =>
      mix(off, value < 0 ? below : on, Math.sqrt(limited(Math.abs(value) / largest))),
    energy: (value) => along(ENERGY, limited((value - QUIET) / (LOUD - QUIET))),
  };
}

export const css = ([red, green, blue]: Color): string => `rgb(${red} ${green} ${blue})`;

/** NaN where a layer is 0 throughout. */
const limited = (share: number): number => (share > 0 ? Math.min(1, share) : 0);

const mix = (from: Color, to: Color, share: number): Color => [
  Math.round(from[0] + share * (to[0] - from[0])),
  Math.round(from[1] + share * (to[1] - from[1])),
  Math.round(from[2] + share * (to[2] - from[2])),
];

function along(stops: readonly Color[], share: number): Color {
  const at = Math.min(stops.length - 2, Math.floor(share * (stops.length - 1)));
  return mix(stops[at], stops[at + 1], share * (stops.length - 1) - at);
}
