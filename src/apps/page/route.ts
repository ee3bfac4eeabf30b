// Which room is open: the part of the address behind `#`, up to a "/" behind which a room may keep what it shows.

import { useEffect, useState } from "preact/hooks";

export interface Route {
  readonly room: string;
  /** Behind the "/", decoded; "" without. */
  readonly rest: string;
}

export function routeOfHash(hash: string): Route {
  const [room = "", ...rest] = hash.replace(/^#\/?/, "").split("/");
  return { room: decoded(room), rest: decoded(rest.join("/")) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a "%" typed by hand
  }
}

export function useRoute(): Route {
  const [route, setRoute] = useState(() => routeOfHash(location.hash));
  useEffect(() => {
    const follow = (): void => setRoute(routeOfHash(location.hash));
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return route;
}
