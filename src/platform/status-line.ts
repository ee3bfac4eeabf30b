// Output for a person: lines that stay, and one that is replaced as work goes on.

export interface StatusLine {
  /** Whether a person watches the moving line. */
  readonly interactive: boolean;
  /** A lasting line. */
  note(text: string): void;
  /** Replaces the moving line. */
  progress(text: string): void;
  /** A result, as it is. */
  write(text: string): void;
  /** Takes the moving line away. */
  clear(): void;
}
