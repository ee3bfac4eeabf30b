// The frame of a stage: its number and title, what happens there, its figures with the column at the playhead beside them, the equation
// and the file that computes it.

import type { ComponentChildren } from "preact";
import { useTexts } from "../../languages.tsx";
import { ScrollBox } from "../figures/scroll-box.tsx";
import { Panel } from "../../layout/panels.tsx";
import { ROOM_TEXTS } from "../texts.ts";

interface StageProps {
  readonly number: number;
  readonly title: string;
  /** What happens here. */
  readonly text: ComponentChildren;
  readonly children: ComponentChildren;
  /** What is there at the playhead. */
  readonly column?: ComponentChildren;
  readonly equation?: ComponentChildren;
  /** In the repository. */
  readonly files: readonly string[];
}

export function Stage({ number, title, text, children, column, equation, files }: StageProps) {
  const t = useTexts(ROOM_TEXTS);
  return (
    <Panel title={`${number}. ${title}`} class="stage">
      <p class="stage-text">{text}</p>
      <div class={column ? "stage-figures with-column" : "stage-figures"}>
        <div class="stack tight">{children}</div>
        {column && <div class="stage-column">{column}</div>}
      </div>
      <div class="stage-foot">
        {equation && (
          <ScrollBox class="equation" label={title}>
            {equation}
          </ScrollBox>
        )}
        <p class="hint">
          {t("computedBy")}{" "}
          {files.map((file, at) => (
            <>
              {at > 0 && ", "}
              <code key={file}>{file}</code>
            </>
          ))}
        </p>
      </div>
    </Panel>
  );
}

/** A small title over what is there at the playhead. */
export const ColumnTitle = ({ children }: { readonly children: ComponentChildren }) => (
  <p class="column-title">{children}</p>
);
