// Which recordings run together: neighbors in the stream, then similar lengths among them, so that little of a batch
// is padding, memory stays bounded however long the stream is, and results can be given back in order.
// It knows only how many frames an item has.

/** Padded frames of one batch by default: 80 s at a hop of 10 ms. */
export const BATCH_FRAMES = 8_000;

const GROUP_FRAMES = 64_000; // held at once: about 20 MB at 80 numbers a frame
const GROUP_ITEMS = 256; // so that items without frames come out too

/** Consecutive items, until their frames exceed a bound; the order of the stream is kept. */
export async function* groupByFrames<Item>(
  items: AsyncIterable<Item>,
  frameCount: (item: Item) => number,
): AsyncGenerator<Item[], void> {
  let group: Item[] = [];
  let frames = 0;
  for await (const item of items) {
    group.push(item);
    frames += frameCount(item);
    if (frames < GROUP_FRAMES && group.length < GROUP_ITEMS) continue;
    yield group;
    group = [];
    frames = 0;
  }
  if (group.length > 0) yield group;
}

/** Batches of similar length whose padded frames stay within the budget; a longer item runs alone. */
export function packByLength<Item>(
  items: readonly Item[],
  frameCount: (item: Item) => number,
  batchFrames: number,
): Item[][] {
  const batches: Item[][] = [];
  for (const item of items.toSorted((a, b) => frameCount(a) - frameCount(b))) {
    const batch = batches.at(-1);
    // Sorted, so this item is the longest yet: it sets the padded length.
    if (batch && (batch.length + 1) * frameCount(item) <= batchFrames) batch.push(item);
    else batches.push([item]);
  }
  return batches;
}
