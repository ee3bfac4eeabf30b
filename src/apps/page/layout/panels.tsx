// The parts that rooms are laid out with.

import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

/** The title of a room, and a sentence that says what it is for. */
export function RoomTitle({
  title,
  children,
}: {
  readonly title: string;
  readonly children?: ComponentChildren;
}) {
  return (
    <div class="room-title">
      <h1>{title}</h1>
      {children && <p class="lead">{children}</p>}
    </div>
  );
}

export interface PanelProps {
  readonly title?: string;
  /** Beside the title. */
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
  readonly class?: string;
}

/** A framed part of a room, a region of its own for screen readers. */
export function Panel({ title, actions, children, class: name = "" }: PanelProps) {
  const id = useId();
  return (
    <section class={`panel ${name}`} aria-labelledby={title ? id : undefined}>
      {(title || actions) && (
        <div class="panel-head">
          {title && <h2 id={id}>{title}</h2>}
          {actions && <div class="row">{actions}</div>}
        </div>
      )}
      {children}
    </section>
  );
}

export interface FieldProps {
  readonly label: string;
  /** Below the input. */
  readonly hint?: ComponentChildren;
  readonly error?: string;
  /** Given the attributes that tie it to its label and its hint. */
  readonly children: (attributes: {
    readonly id: string;
    readonly "aria-describedby"?: string;
    readonly "aria-invalid"?: boolean;
  }) => ComponentChildren;
}

export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const described = hint || error ? `${id}-hint` : undefined;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, "aria-describedby": described, "aria-invalid": error ? true : undefined })}
      {described && (
        <p id={described} class={error ? "hint error" : "hint"}>
          {error ?? hint}
        </p>
      )}
    </div>
  );
}

export interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly (readonly [value: Value, text: string])[];
  readonly onChoose: (value: Value) => void;
  readonly disabled?: boolean;
}

/** One of a few, all in sight. */
export function Choice<Value extends string>({
  label,
  value,
  options,
  onChoose,
  disabled,
}: ChoiceProps<Value>) {
  const name = useId();
  return (
    <fieldset class="choice" disabled={disabled}>
      <legend class="visually-hidden">{label}</legend>
      {options.map(([each, text]) => (
        <label key={each}>
          <input type="radio" name={name} checked={each === value} onChange={() => onChoose(each)} />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}
