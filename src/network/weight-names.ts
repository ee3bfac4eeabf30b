// Names of weights as settings and maps give them: a star stands for any characters.

/** Whether one of the patterns is the name. */
export const isNamedBy = (patterns: readonly string[], name: string): boolean =>
  patterns.some((pattern) => expressionOf(pattern).test(name));

const expressionOf = (pattern: string): RegExp =>
  new RegExp(`^${pattern.split("*").map(escaped).join(".*")}$`, "su");

const escaped = (text: string): string => text.replaceAll(/[\\^$.|?+()[\]{}]/g, String.raw`\$&`);
