// The page's languages. Each part of the page has a table of its texts, a row for each text with a column for each language;
// a row that lacks one does not compile. A further language is a column here and in every table.

import { createContext, type ComponentChildren } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";

/** By their own names. */
export const LANGUAGES = { en: "English", de: "Deutsch" } as const;
export type Language = keyof typeof LANGUAGES;

/** One text in every language; `{name}` stands for a value. */
export type Said = Readonly<Record<Language, string>>;
export type TextTable = Readonly<Record<string, Said>>;
export type TextValues = Readonly<Record<string, string | number>>;
/** The text of a row, with its values put in. */
export type TextOf<Table extends TextTable> = (key: keyof Table & string, values?: TextValues) => string;

interface LanguageChoice {
  readonly language: Language;
  readonly choose: (language: Language) => void;
}

const Choice = createContext<LanguageChoice>({ language: "en", choose: () => undefined });
const KEPT_AS = "earshot language";

const isLanguage = (name: string | null | undefined): name is Language =>
  typeof name === "string" && Object.hasOwn(LANGUAGES, name);

/** Undefined where the browser keeps nothing for this page: even asking for its storage then throws. */
function withStorage<Result>(use: (storage: Storage) => Result): Result | undefined {
  try {
    return use(localStorage);
  } catch {
    return undefined;
  }
}

/** The one that was chosen before, else the first of the browser's that there is. */
export function firstLanguage(): Language {
  const kept = withStorage((storage) => storage.getItem(KEPT_AS));
  if (isLanguage(kept)) return kept;
  return navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage) ?? "en";
}

export function LanguageProvider({ children }: { readonly children: ComponentChildren }) {
  const [language, setLanguage] = useState(firstLanguage);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const choose = (chosen: Language): void => {
    withStorage((storage) => storage.setItem(KEPT_AS, chosen));
    setLanguage(chosen);
  };
  return <Choice.Provider value={{ language, choose }}>{children}</Choice.Provider>;
}

export const useLanguage = (): LanguageChoice => useContext(Choice);

/** The texts of a table in the language of the moment. */
export function useTexts<Table extends TextTable>(table: Table): TextOf<Table> {
  const { language } = useLanguage();
  return (key, values) => filled(table[key][language], values);
}

export function filled(text: string, values: TextValues = {}): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
