// A file that is chosen by a button, or dropped anywhere on what is inside.

import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { Icon } from "./icons.tsx";

interface FileButtonProps {
  readonly text: string;
  readonly accept?: string;
  /** Files of a folder, with their paths in it. */
  readonly folder?: boolean;
  readonly multiple?: boolean;
  readonly disabled?: boolean;
  readonly class?: string;
  readonly onFiles: (files: readonly File[]) => void;
}

export function FileButton({ text, accept, folder, multiple, disabled, onFiles, ...rest }: FileButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" disabled={disabled} class={rest.class} onClick={() => input.current?.click()}>
        <Icon name="file" />
        {text}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        accept={accept}
        multiple={multiple}
        {...(folder ? { webkitdirectory: true } : {})}
        onChange={({ currentTarget }) => {
          const files = [...(currentTarget.files ?? [])];
          currentTarget.value = ""; // the same file may be chosen again
          if (files.length > 0) onFiles(files);
        }}
      />
    </>
  );
}

interface DropAreaProps {
  readonly class?: string;
  readonly onDrop: (event: DragEvent) => void;
  readonly children: ComponentChildren;
}

/** What was dropped, as files by themselves. */
export const filesDropped = ({ dataTransfer }: DragEvent): File[] => [...(dataTransfer?.files ?? [])];

export function DropArea({ onDrop, children, ...rest }: DropAreaProps) {
  const [isOver, setIsOver] = useState(false);
  return (
    <div
      class={`drop ${rest.class ?? ""} ${isOver ? "over" : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setIsOver(false);
        onDrop(event);
      }}
    >
      {children}
    </div>
  );
}
