// The page: one document, three rooms, in the reader's language.

import { render } from "preact";
import { LanguageProvider } from "./languages.tsx";
import { Shell } from "./shell.tsx";
import "./page.css";

render(
  <LanguageProvider>
    <Shell />
  </LanguageProvider>,
  document.getElementById("page")!,
);
