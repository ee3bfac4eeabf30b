// The parts of the library that the room works with, loaded when it is entered.

import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import { loadEarshot, type EarshotModule } from "../earshot.ts";

export type {
  CtcByHand,
  EveryPath,
  ForwardBackward,
  FrameValue,
  LayerWalk,
  SpellingPaths,
  Walk,
  Walkthrough,
  WatchedText,
} from "earshot/browser";

type WalkthroughModule = Awaited<ReturnType<EarshotModule["loadWalkthrough"]>>;
export type RoomLibrary = EarshotModule & WalkthroughModule;

/** Undefined until it is there. */
export function useLoadedLibrary(): { readonly library?: RoomLibrary; readonly failure?: unknown } {
  const [state, setState] = useState<{ readonly library?: RoomLibrary; readonly failure?: unknown }>({});
  useEffect(() => {
    const load = async (): Promise<RoomLibrary> => {
      const earshot = await loadEarshot();
      return { ...earshot, ...(await earshot.loadWalkthrough()) };
    };
    load().then(
      (library) => setState({ library }),
      (failure: unknown) => setState({ failure }),
    );
  }, []);
  return state;
}

export const LibraryContext = createContext<RoomLibrary | undefined>(undefined);

/** Below the room, where it is there. */
export function useLibrary(): RoomLibrary {
  const library = useContext(LibraryContext);
  if (!library) throw new Error("The library is not loaded yet.");
  return library;
}
