// Where the pieces of a long picture stand: without a gap, none wider than a canvas can be.

import { expect, it } from "vitest";

// The page has a TypeScript configuration of its own (JSX, DOM): no import that this one's would follow.
const path: string = "../../src/apps/page/listen/picture-drawing.ts";
const { tilesInSight, TILE_FRAMES } = await import(path);

it.each([0, 40_000, 655_350, 3_599_000])("the tiles in sight from %i ms cover the view", (fromMs) => {
  const view = { fromMs, width: 900, pixelsPerSecond: 220 };
  const tiles = tilesInSight(view, 10);
  expect(tiles[0].x).toBe(0);
  expect(tiles[0].n * TILE_FRAMES + tiles[0].from).toBeCloseTo(fromMs / 10);
  let x = 0;
  for (const tile of tiles) {
    expect(tile.x).toBeCloseTo(x);
    expect(tile.from + tile.count).toBeLessThanOrEqual(TILE_FRAMES + 1e-9);
    x += tile.width;
  }
  expect(x).toBeCloseTo(900);
  expect(TILE_FRAMES).toBeLessThan(65_535);
});
