// Label sequences as a tree of shared beginnings, in typed arrays: an edge is found by hashing (node, symbol), whatever
// the size of the alphabet. Node 0 is the empty sequence.

import { enlarged } from "./hypothesis-scores.ts";

const LOAD = 0.5; // of the table at most

export class SymbolTrie {
  #parents = new Int32Array(64).fill(-1);
  #symbols = new Int32Array(64);
  #depths = new Int32Array(64);
  /** By node: a bit for each child's symbol modulo 32, which rules out most symbols that have no child. */
  #masks = new Int32Array(64);
  #table = new Int32Array(128).fill(-1);
  #size = 1;

  /** The number of nodes. */
  get size(): number {
    return this.#size;
  }

  /** How many labels the sequence of a node has. */
  depth(node: number): number {
    return this.#depths[node];
  }

  /** A bit for each symbol modulo 32: 0 only where there is no node after it. */
  childBits(node: number): number {
    return this.#masks[node];
  }

  /** The node after `symbol`, or −1. */
  child(node: number, symbol: number): number {
    const mayBe = (this.#masks[node] & (1 << (symbol & 31))) !== 0;
    return mayBe ? this.#table[this.#find(node, symbol)] : -1;
  }

  /** The node of a sequence, with those on the way to it. */
  insert(labels: Iterable<number>): number {
    let node = 0;
    for (const symbol of labels) {
      const at = this.#find(node, symbol);
      node = this.#table[at] >= 0 ? this.#table[at] : this.#add(node, symbol, at);
    }
    return node;
  }

  /** Where in the table the edge is, or where it would go. */
  #find(parent: number, symbol: number): number {
    const mask = this.#table.length - 1;
    let at = (Math.imul(parent, 0x9e3779b1) ^ Math.imul(symbol + 1, 0x85ebca77)) >>> 0;
    at = (at ^ (at >>> 15)) & mask;
    for (; ; at = (at + 1) & mask) {
      const node = this.#table[at];
      if (node < 0 || (this.#parents[node] === parent && this.#symbols[node] === symbol)) return at;
    }
  }

  #add(parent: number, symbol: number, at: number): number {
    const node = this.#size++;
    if (node === this.#parents.length) this.#grow();
    this.#parents[node] = parent;
    this.#symbols[node] = symbol;
    this.#depths[node] = this.#depths[parent] + 1;
    this.#masks[parent] |= 1 << (symbol & 31);
    this.#table[at] = node;
    if (this.#size > this.#table.length * LOAD) this.#rehash();
    return node;
  }

  #grow(): void {
    const size = 2 * this.#parents.length;
    this.#parents = enlarged(this.#parents, size);
    this.#symbols = enlarged(this.#symbols, size);
    this.#depths = enlarged(this.#depths, size);
    this.#masks = enlarged(this.#masks, size);
  }

  #rehash(): void {
    this.#table = new Int32Array(2 * this.#table.length).fill(-1);
    for (let node = 1; node < this.#size; node++)
      this.#table[this.#find(this.#parents[node], this.#symbols[node])] = node;
  }
}
