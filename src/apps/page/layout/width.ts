// How wide a part of the page is at the moment, so that what is drawn in it is as large as the text around.

import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** @param usual until it is known, in CSS pixels */
export function useWidth<Part extends Element>(usual: number): readonly [RefObject<Part>, number] {
  const part = useRef<Part>(null);
  const [width, setWidth] = useState(usual);
  useEffect(() => {
    const observer = new ResizeObserver(([{ contentRect }]) =>
      setWidth(Math.max(1, Math.floor(contentRect.width))),
    );
    observer.observe(part.current!);
    return () => observer.disconnect();
  }, []);
  return [part, width];
}
