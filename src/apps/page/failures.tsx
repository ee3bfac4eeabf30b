// What went wrong, in the reader's language where the page has a text for it, else as the library says it.

import { LIBRARY_TEXTS, PAGE_TEXTS } from "./failure-texts.ts";
import { filled, useLanguage, type Language, type Said } from "./languages.tsx";
import { Notice } from "./layout/notices.tsx";
import { PageFailure } from "./page-failure.ts";

const TITLE: Said = { en: "That did not work", de: "Das ging nicht" };

/** Around what is known in English only. */
const UNTRANSLATED: Said = { en: "{said}", de: "Mehr ist nur auf Englisch bekannt: {said}" };

/** What browsers say of a module that cannot be loaded or a server that cannot be reached, each in its own words. */
const isUnreached = (error: unknown): boolean =>
  error instanceof TypeError &&
  /\b(fetch|imported module|module script|network|load failed)/i.test(error.message);

/** What an error or a warning says, whoever made it. */
export function failureText(error: unknown, language: Language): string {
  if (error instanceof PageFailure) return filled(PAGE_TEXTS[error.says][language], error.values);
  const { code, where, problem, remedy, message } = error as Partial<Record<string, unknown>>;
  const own = typeof code === "string" ? LIBRARY_TEXTS[code]?.[language] : undefined;
  if (own !== undefined) return filled(own, { place: String(where ?? "") });
  if (isUnreached(error)) return PAGE_TEXTS.partNotLoaded[language];
  const parts = [problem, remedy].filter((part) => typeof part === "string" && part !== "");
  const said = parts.length > 0 ? parts.join(" ") : typeof message === "string" ? message : String(error);
  return filled(UNTRANSLATED[language], { said });
}

export function useFailureText(): (error: unknown) => string {
  const { language } = useLanguage();
  return (error) => failureText(error, language);
}

export function FailureNotice({ error }: { readonly error: unknown }) {
  const { language } = useLanguage();
  if (error === undefined) return null;
  return (
    <Notice kind="error" title={TITLE[language]}>
      {failureText(error, language)}
    </Notice>
  );
}
