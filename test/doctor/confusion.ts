// The confusion table of planted faults: what was planted against what was found first. Only what is off the diagonal
// is listed by name.

export interface Trial {
  readonly fault: string;
  /** Undefined for a healthy set-up. */
  readonly expected: string | undefined;
  readonly found: string | undefined;
}

export function confusionTable(title: string, trials: readonly Trial[]): string {
  const right = trials.filter(({ expected, found }) => expected === found);
  const rows = [...new Set(trials.map(({ expected = "(healthy)" }) => expected))].map((expected) => {
    const of = trials.filter((trial) => (trial.expected ?? "(healthy)") === expected);
    const found = [...new Set(of.map((trial) => trial.found ?? "(healthy)"))].map(
      (code) => `${code} ${of.filter((trial) => (trial.found ?? "(healthy)") === code).length}`,
    );
    return `  ${expected.padEnd(30)} → ${found.join(", ")}`;
  });
  const wrong = trials
    .filter((trial) => !right.includes(trial))
    .map(
      ({ fault, expected, found }) =>
        `  ${fault}: ${expected ?? "(healthy)"} expected, ${found ?? "(healthy)"} found`,
    );
  return [`${title}: ${right.length} of ${trials.length} right`, ...rows, ...wrong].join("\n");
}
