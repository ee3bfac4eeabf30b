// The frame around every room: name, navigation, language, and the room itself, which is loaded when it is first entered. Rooms that
// were entered stay as they are while another is shown: a recording or a training goes on.

import type { ComponentType } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { LANGUAGES, useLanguage, useTexts, type Language } from "./languages.tsx";
import { EmptyState, Notice } from "./layout/notices.tsx";
import { ROOMS, type PageRoom } from "./rooms.ts";
import { useRoute } from "./route.ts";
import { servedFacts } from "./served.ts";
import { SHELL_TEXTS } from "./texts.ts";

export function Shell() {
  const route = useRoute();
  const t = useTexts(SHELL_TEXTS);
  const { language } = useLanguage();
  const open = ROOMS.find(({ id }) => id === route.room) ?? ROOMS[0];
  const [entered, setEntered] = useState<readonly PageRoom[]>([open]);
  if (!entered.includes(open)) setEntered([...entered, open]);
  useEffect(() => {
    document.title = `${open.title[language]} · Earshot`;
  }, [open, language]);
  return (
    <>
      <a class="skip" href="#content" onClick={focusContent}>
        {t("skip")}
      </a>
      <Header open={open} />
      <main id="content" tabIndex={-1}>
        {entered.map((room) => (
          <section key={room.id} class="room" hidden={room !== open} aria-label={room.title[language]}>
            <LoadedRoom room={room} />
          </section>
        ))}
      </main>
      <footer class="page-footer">
        <span>{t(servedFacts() ? "privateServed" : "private")}</span>
        {servedFacts() && <a href="./connect">{t("connect")}</a>}
      </footer>
    </>
  );
}

/** The address keeps its room. */
function focusContent(event: Event): void {
  event.preventDefault();
  document.getElementById("content")?.focus();
}

function Header({ open }: { readonly open: PageRoom }) {
  const t = useTexts(SHELL_TEXTS);
  const { language, choose } = useLanguage();
  return (
    <header class="page-header">
      <a class="wordmark" href={`#${ROOMS[0].id}`}>
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M3 10.5v3M7.5 7v10M12 3v18M16.5 8v8M21 10.5v3" />
        </svg>
        Earshot
      </a>
      <nav aria-label={t("rooms")}>
        {ROOMS.map((room) => (
          <a key={room.id} href={`#${room.id}`} aria-current={room === open ? "page" : undefined}>
            {room.title[language]}
          </a>
        ))}
      </nav>
      <label class="language">
        <span class="visually-hidden">{t("language")}</span>
        <select value={language} onChange={(event) => choose(event.currentTarget.value as Language)}>
          {Object.entries(LANGUAGES).map(([code, name]) => (
            <option key={code} value={code} lang={code}>
              {name}
            </option>
          ))}
        </select>
      </label>
    </header>
  );
}

function LoadedRoom({ room }: { readonly room: PageRoom }) {
  const t = useTexts(SHELL_TEXTS);
  const [failure, setFailure] = useState<Error>();
  const Room = useRef<ComponentType>();
  const [, setIsLoaded] = useState(false);
  const load = (): void => {
    setFailure(undefined);
    room.load().then((module) => {
      Room.current = module.default;
      setIsLoaded(true);
    }, setFailure);
  };
  useEffect(load, [room]);
  if (failure)
    return (
      <Notice kind="error" title={t("brokenTitle")}>
        <p>{t("broken")}</p>
        <div class="row">
          <button type="button" onClick={load}>
            {t("tryAgain")}
          </button>
        </div>
      </Notice>
    );
  return Room.current ? <Room.current /> : <EmptyState title={t("loading")} />;
}
