// How what was left out of a manifest is listed in one message.

const LISTED = 20;

/** The first few of a list, and how many more there are. */
export function inBrief(items: readonly string[]): string {
  const more = items.length > LISTED ? ` and ${items.length - LISTED} more` : "";
  return items.slice(0, LISTED).join(", ") + more;
}
