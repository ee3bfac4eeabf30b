// Runs an asynchronous function over a list, a few at a time. It does not know what the function does.

/** Results in the order of the items. After a failure no further item is started; it rejects when those under way have ended. */
export async function mapConcurrently<Item, Result>(
  items: readonly Item[],
  limit: number,
  map: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results = Array.from<Result>({ length: items.length });
  const failures: unknown[] = [];
  let next = 0;
  const run = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      results[index] = await map(items[index]);
    }
  };
  const stop = (error: unknown): void => {
    next = items.length;
    failures.push(error);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, () => run().catch(stop)));
  if (failures.length > 0) throw failures[0];
  return results;
}
