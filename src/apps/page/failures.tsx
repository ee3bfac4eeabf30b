// What went wrong, in the reader's language where the page has a text for it, else as the library says it.

import { LIBRARY_TEXTS, PAGE_TEXTS } from "./failure-texts.ts";
import { filled, useLanguage, type Language, type Said } from "./languages.tsx";
import { Notice } from "./layout/notices.tsx";
import { PageFailure } from "./page-failure.ts";

const TITLE: Said = { en: "That did not work", de: "Das ging nicht" };

/** What an error or a warning says, whoever made it. */
export function failureText(error: unknown, language: Language): string {
  if (error instanceof PageFailure) return filled(PAGE_TEXTS[error.says][language], error.values);
  const { code, where, problem, remedy, message } = error as Partial<Record<string, unknown>>;
  const own = typeof code === "string" ? LIBRARY_TEXTS[code]?.[language] : undefined;
  if (own !== undefined) return filled(own, { place: String(where ?? "") });
  const said = [problem, remedy].filter((part) => typeof part === "string" && part !== "");
  return said.length > 0 ? said.join(" ") : typeof message === "string" ? message : String(error);
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
