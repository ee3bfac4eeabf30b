// Blocks of samples, or of other numbers, as one array: what streams give bit by bit becomes the whole.

/** One signal after another. */
export function joinBlocks(blocks: readonly Float32Array[]): Float32Array {
  if (blocks.length === 1) return blocks[0];
  const joined = new Float32Array(blocks.reduce((sum, block) => sum + block.length, 0));
  let offset = 0;
  for (const block of blocks) {
    joined.set(block, offset);
    offset += block.length;
  }
  return joined;
}
