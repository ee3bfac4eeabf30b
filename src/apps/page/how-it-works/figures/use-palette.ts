// The palette of the page's colour scheme, of the moment.

import { useEffect, useMemo, useState } from "preact/hooks";
import { paletteOf, type Palette } from "./palette.ts";

const QUERY = "(prefers-color-scheme: dark)";

export function usePalette(): Palette {
  const [isDark, setIsDark] = useState(() => matchMedia(QUERY).matches);
  useEffect(() => {
    const query = matchMedia(QUERY);
    const follow = (): void => setIsDark(query.matches);
    query.addEventListener("change", follow);
    return () => query.removeEventListener("change", follow);
  }, []);
  return useMemo(() => paletteOf(isDark), [isDark]);
}
