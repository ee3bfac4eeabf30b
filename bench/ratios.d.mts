export const LARGEST_FALL: number;

export function compareRatios(
  kept: Readonly<Record<string, number>>,
  measured: Readonly<Record<string, number>>,
): {
  readonly fallen: readonly { readonly name: string; readonly from: number; readonly to: number }[];
  readonly skipped: readonly string[];
  readonly added: readonly string[];
};

export function timesAsFast(ours: readonly number[], theirs: readonly number[]): number;
