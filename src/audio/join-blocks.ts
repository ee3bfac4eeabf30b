// The blocks of numbers that a stream gives, as one array.

/** One block after another. A single block is given back itself, not copied. */
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
