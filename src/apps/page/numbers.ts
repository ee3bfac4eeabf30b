// Numbers as the reader's language writes them.

import { useMemo } from "preact/hooks";
import { useLanguage } from "./languages.tsx";

export interface Numbers {
  readonly whole: (value: number) => string;
  readonly fixed: (value: number, digits: number) => string;
  /** A share from 0 to 1, in percent. */
  readonly percent: (share: number) => string;
  /** The same of what may be very small, as a number. */
  readonly probability: (share: number) => string;
  /** As "2.5 × 10³¹", of its logarithm to base 10. */
  readonly ofLog10: (log: number) => string;
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const raised = (power: number): string =>
  String(power).replaceAll(/[-\d]/g, (digit) => (digit === "-" ? "⁻" : SUPERSCRIPTS[Number(digit)]));

export function numbersOf(language: string): Numbers {
  const format = (value: number, digits: number): string =>
    value.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const ofLog10 = (log: number): string => {
    if (log > -3 && log < 6) return format(10 ** log, log < 1 ? 3 : 0);
    const power = Math.floor(log);
    return `${format(10 ** (log - power), 1)} × 10${raised(power)}`;
  };
  return {
    whole: (value) => format(value, 0),
    fixed: format,
    percent: (share) => {
      if (share > 0 && share < 0.001) return `< ${format(0.1, 1)} %`;
      return `${format(100 * share, share > 0 && share < 0.995 ? 1 : 0)} %`;
    },
    probability: (share) => (share > 0 ? ofLog10(Math.log10(share)) : "0"),
    ofLog10,
  };
}

export function useNumbers(): Numbers {
  const { language } = useLanguage();
  return useMemo(() => numbersOf(language), [language]);
}
