// What a page that explains needs beside the recognizer: a recording at every stage of a network, and CTC by hand. `loadWalkthrough`
// loads it.

export {
  ctcByHand,
  longestByHand,
  secondsOf,
  spellingPaths,
  Walkthrough,
  type CtcByHand,
  type EveryPath,
  type ForwardBackward,
  type FrameValue,
  type LayerWalk,
  type SpellingPaths,
  type Walk,
  type WalkOptions,
  type WatchedText,
} from "../walkthrough/index.ts";
