// What a room says of its state: an empty state with what to do next, and notices of what is wrong or worth knowing.

import type { ComponentChildren } from "preact";

interface EmptyStateProps {
  readonly title: string;
  readonly children?: ComponentChildren;
  /** Buttons of what can be done. */
  readonly actions?: ComponentChildren;
}

export function EmptyState({ title, children, actions }: EmptyStateProps) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children && <p class="empty-text">{children}</p>}
      {actions && <div class="row center">{actions}</div>}
    </div>
  );
}

export interface NoticeProps {
  readonly kind: "note" | "warning" | "error";
  readonly title?: string;
  readonly children?: ComponentChildren;
}

/** Errors are read out at once, others when the reader pauses. */
export function Notice({ kind, title, children }: NoticeProps) {
  return (
    <div class={`notice ${kind}`} role={kind === "error" ? "alert" : "status"}>
      {title && <p class="notice-title">{title}</p>}
      {children && <div>{children}</div>}
    </div>
  );
}
