// The colours of the stylesheet for what is drawn by script, in the colour scheme of the moment.

import { useEffect, useState } from "preact/hooks";

/** As CSS writes them, "#rrggbb". */
export interface PictureColours {
  readonly surface: string;
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly accent: string;
}

export function useColours(): PictureColours {
  const [colours, setColours] = useState(readColours);
  useEffect(() => {
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    const follow = (): void => setColours(readColours());
    scheme.addEventListener("change", follow);
    return () => scheme.removeEventListener("change", follow);
  }, []);
  return colours;
}

function readColours(): PictureColours {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    surface: of("surface"),
    text: of("text"),
    muted: of("muted"),
    line: of("line-strong"),
    accent: of("accent"),
  };
}
