export interface Archive {
  /** The command without --out: node, its main file, transcribe, what. */
  readonly transcribe: readonly string[];
  /** For the outputs. */
  readonly folder: string;
  readonly recordings: number;
  /** From 0 to 1. */
  readonly random: () => number;
}

export interface Killed {
  /** The folders that were completed. */
  readonly outs: readonly string[];
  /** Those that came while it ran. */
  readonly kills: number;
}

export function undisturbed(archive: Archive): string;
export function differences(out: string, expected: string): string[];
export function killRanks(
  archive: Archive,
  options: { readonly ranks: number; readonly kills: number; readonly mpirun: readonly string[] },
): Promise<Killed>;
export function killWorkers(archive: Archive, options: { readonly kills: number }): Promise<Killed>;
