// Amounts on the command line of `earshot plan`.

import { InvalidArgumentError } from "commander";

export function parseAmount(text: string): number {
  const amount = Number(text);
  if (text.trim() !== "" && Number.isFinite(amount) && amount >= 0) return amount;
  throw new InvalidArgumentError("It is a number, such as 1.5.");
}

export function parsePositiveAmount(text: string): number {
  const amount = parseAmount(text);
  if (amount > 0) return amount;
  throw new InvalidArgumentError("It is a number above 0, such as 1.5.");
}

export function parseShareOfStep(text: string): number {
  const share = parseAmount(text);
  if (share <= 1) return share;
  throw new InvalidArgumentError("It is a share from 0 to 1, such as 0.5.");
}

const MOST_RANKS = 65_536;

/** 8; 1,2,4; 1..512: the powers of two times the first, and the last. */
export function parseRanks(text: string): number[] {
  const [, from, to] = /^(\d+)\.\.(\d+)$/.exec(text) ?? [];
  const ranks = from === undefined ? text.split(",").map(Number) : doublings(Number(from), Number(to));
  if (ranks.length > 0 && ranks.every((n) => Number.isInteger(n) && n >= 1 && n <= MOST_RANKS)) return ranks;
  throw new InvalidArgumentError("It is a number of ranks, a list such as 1,2,4, or a range such as 1..512.");
}

function doublings(from: number, to: number): number[] {
  if (from < 1 || from > to || to > MOST_RANKS) return [];
  const ranks: number[] = [];
  for (let n = from; n < to; n *= 2) ranks.push(n);
  return [...ranks, to];
}

const PREFIXES = new Map([
  ["g", 1e9],
  ["m", 1e6],
]);

export function parseRate(text: string): number {
  const [, number = "", prefix = "g", unit = "B"] =
    /^([\d.]+)\s*(?:([gm])(b|bit)\/s)?$/i.exec(text.trim()) ?? [];
  const bytes = unit === "B" ? 1 : 1 / 8; // b is a bit, as in Gb/s
  const rate = Number(number) * PREFIXES.get(prefix.toLowerCase())! * bytes;
  if (number !== "" && rate > 0 && Number.isFinite(rate)) return rate;
  throw new InvalidArgumentError(
    "It is a rate in GB/s, such as 1.25, or with its unit, such as 10Gbit/s (b: bits, B: bytes).",
  );
}
