// What a model of one alphabet keeps in a network of another: the numbers that belong to symbols which both have, and to the
// blank. Which axes of which weights stand for symbols is asked of the network, by giving it one symbol more; no weight is
// known here by its name.

import { parameterShapes, type Architecture } from "../../network/index.ts";
import type { Alphabet } from "../../text/index.ts";
import { elementCount, type Float32Tensor } from "../../tensor.ts";

/**
 * The weights whose size depends on the number of symbols V, each with those of its axes that have a place for each symbol;
 * none where a size follows from V in another way, so that nobody can say what belongs to which symbol.
 */
export function symbolAxes(architecture: Architecture): ReadonlyMap<string, readonly number[]> {
  const V = architecture.symbols;
  const larger = parameterShapes({ ...architecture, symbols: V + 1 });
  const shapes = [...parameterShapes(architecture)].map(([name, dims]) => ({
    name,
    dims,
    more: larger.get(name) ?? [],
  }));
  const dependent = shapes.filter(({ dims, more }) => dims.join() !== more.join());
  return new Map(dependent.map(({ name, dims, more }) => [name, axesOfSymbols(dims, more, V)]));
}

function axesOfSymbols(dims: readonly number[], more: readonly number[], V: number): readonly number[] {
  const grown = [...dims.keys()].filter((axis) => dims[axis] !== more[axis]);
  const isClear = grown.every((axis) => dims[axis] === V && more[axis] === V + 1);
  return isClear && dims.length === more.length ? grown : [];
}

/** For each index of the new alphabet the one that it had in the old, where it had one; the blank is in both. */
export function indicesIn(old: Alphabet, alphabet: Alphabet): readonly (number | undefined)[] {
  const indices = new Map(old.symbols.map((symbol, index) => [symbol, index]));
  return [...alphabet.symbols.map((symbol) => indices.get(symbol)), old.blank];
}

/**
 * A fresh weight with the numbers of the old one wherever all its places on the axes of symbols are of symbols that both
 * alphabets have.
 * @param from for each index of the new alphabet the one in the old
 */
export function withSharedRows(
  fresh: Float32Tensor,
  old: Float32Tensor,
  axes: readonly number[],
  from: readonly (number | undefined)[],
): Float32Tensor {
  const data = fresh.data.slice();
  for (let i = 0; i < elementCount(fresh.dims); i++) {
    const place = placeOf(i, fresh.dims).map((index, axis) => (axes.includes(axis) ? from[index] : index));
    if (place.every((index) => index !== undefined)) data[i] = old.data[indexOf(place, old.dims)];
  }
  return { ...fresh, data };
}

function placeOf(index: number, dims: readonly number[]): number[] {
  const place = dims.map(() => 0);
  for (let axis = dims.length - 1, rest = index; axis >= 0; axis--) {
    place[axis] = rest % dims[axis];
    rest = Math.floor(rest / dims[axis]);
  }
  return place;
}

const indexOf = (place: readonly number[], dims: readonly number[]): number =>
  place.reduce((index, at, axis) => index * dims[axis] + at, 0);
