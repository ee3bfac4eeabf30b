// Commands as a person would type them.

/** As a shell reads it. */
export const shellQuoted = (word: string): string =>
  /^[\w./:\\@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;

export const commandLine = (words: readonly string[]): string => words.map(shellQuoted).join(" ");
