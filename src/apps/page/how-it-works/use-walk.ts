// A recording walked through a network, anew whenever either changes. The last walk stays while the next is computed.

import { useEffect, useRef, useState } from "preact/hooks";
import { useLibrary, type RoomLibrary, type Walk, type Walkthrough } from "./library.ts";
import { readShownRecording, type LazyBytes, type ShownRecording } from "./sources.ts";

export interface DoneWalk {
  readonly network: Walkthrough;
  readonly walk: Walk;
  readonly recording: ShownRecording;
}

export interface WalkState {
  readonly done?: DoneWalk;
  readonly isWorking: boolean;
  readonly failure?: unknown;
}

/** Without language model and without a price for words, so that the beam's numbers are probabilities. */
const DECODER = { alpha: 0, beta: 0 };
const TEXTS = 5;

export function useWalk(model: LazyBytes, sound: LazyBytes): WalkState {
  const library = useLibrary();
  const [state, setState] = useState<WalkState>({ isWorking: true });
  const opened = useRef<{ readonly model: LazyBytes; readonly network: Promise<Walkthrough> }>();
  useEffect(() => {
    let isCurrent = true;
    setState(({ done }) => ({ done, isWorking: true }));
    walkOf().then(
      (done) => isCurrent && setState({ done, isWorking: false }),
      (failure: unknown) => isCurrent && setState({ failure, isWorking: false }),
    );
    return () => void (isCurrent = false);

    async function walkOf(): Promise<DoneWalk> {
      if (opened.current?.model !== model) {
        opened.current?.network.then((network) => network.close()).catch(() => undefined);
        opened.current = { model, network: openNetwork(library, model) };
      }
      const network = await opened.current.network;
      const recording = await readShownRecording(library, sound);
      const walk = await network.walk(recording.samples, { decoder: DECODER, texts: TEXTS });
      return { network, walk, recording };
    }
  }, [model, sound]);
  return state;
}

const openNetwork = async (
  { Walkthrough: Opened, readModelFile }: RoomLibrary,
  { name, load }: LazyBytes,
): Promise<Walkthrough> => Opened.open(readModelFile(await load(), name), { threads: 1 });
