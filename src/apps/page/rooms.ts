// The rooms of the page, in the order of its navigation: a room is a folder and a row here. It is loaded when it is entered.

import type { ComponentType } from "preact";
import type { Said } from "./languages.tsx";

export interface PageRoom {
  /** Behind the `#` of the address. */
  readonly id: string;
  readonly title: Said;
  readonly load: () => Promise<{ readonly default: ComponentType }>;
}

export const ROOMS: readonly PageRoom[] = [
  { id: "listen", title: { en: "Listen", de: "Zuhören" }, load: () => import("./listen/room.tsx") },
  { id: "teach", title: { en: "Teach", de: "Beibringen" }, load: () => import("./teach/room.tsx") },
  {
    id: "how-it-works",
    title: { en: "How it works", de: "So geht’s" },
    load: () => import("./how-it-works/room.tsx"),
  },
];
