// Numbers as people read them, the same on every screen: rates in percent, durations by the clock.

/** A rate: 12.3 %. */
export const percent = (fraction: number): string => `${(100 * fraction).toFixed(1)} %`;

/** A duration: 4.2 s, 3:05, 1:02:03; a dash where it is not known yet. */
export function duration(seconds: number | undefined): string {
  if (seconds === undefined || !Number.isFinite(seconds)) return "–";
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const clock = `${minutes}:${String(rest).padStart(2, "0")}`;
  return hours > 0 ? `${hours}:${clock.padStart(5, "0")}` : clock;
}

/** A number of things: 1 speaker, 2 speakers. */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;

/** The first few of a list, and how many there are besides: a, b and 3 more. */
export function inBrief(items: readonly string[], most = 20): string {
  const more = items.length > most ? ` and ${items.length - most} more` : "";
  return items.slice(0, most).join(", ") + more;
}

/** The least of 1, 2 or 5 times a power of ten that is no less, but for rounding: for axes and histograms. */
export function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5].find((candidate) => candidate * power >= least * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** A size: 4.7 MB. */
export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(bytes < 1e8 ? 1 : 0)} MB`;
