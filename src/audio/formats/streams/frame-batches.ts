// Coded frames in batches for a decoder, each of frames of one rate and as many channels.

const BATCH_FRAMES = 32;

export function* batchesOfOneKind<Frame>(
  frames: readonly Frame[],
  kindOf: (frame: Frame) => unknown,
): Generator<Frame[]> {
  let batch: Frame[] = [];
  let kind: unknown;
  for (const frame of frames) {
    const own = kindOf(frame);
    if (batch.length > 0 && (own !== kind || batch.length === BATCH_FRAMES)) {
      yield batch;
      batch = [];
    }
    kind = own;
    batch.push(frame);
  }
  if (batch.length > 0) yield batch;
}
