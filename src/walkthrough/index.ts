// The door of the walkthrough room: one recording seen at every stage of a network, and CTC by hand.

export { ctcByHand, longestByHand, type CtcByHand, type EveryPath } from "./ctc-by-hand.ts";
export type { LayerWalk } from "./layer-walk.ts";
export { spellingPaths, type SpellingPaths } from "./spelling-paths.ts";
export { secondsOf, Walkthrough, type Walk, type WalkOptions } from "./walkthrough.ts";
export type { FrameValue } from "../audio/index.ts";
export type { ForwardBackward, WatchedText } from "../ctc/index.ts";
