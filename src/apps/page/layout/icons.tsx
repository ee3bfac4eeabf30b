// The few pictures on buttons; beside a text they say nothing to screen readers.

const PATHS = {
  microphone: "M12 3a3 3 0 0 0-3 3v6a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3ZM5 11a7 7 0 0 0 14 0M12 18v3",
  stop: "M7 7h10v10H7z",
  play: "M8 5.5v13l10.5-6.5z",
  pause: "M9 6v12M15 6v12",
  file: "M7 3h7l4 4v14H7zM14 3v4h4",
  save: "M12 4v11M7.5 11 12 15.5 16.5 11M5 20h14",
  again: "M5 12a7 7 0 1 0 2.3-5.2M5 4v4h4",
  check: "M5 12.5 10 17.5 19 7.5",
  cross: "M6 6 18 18M18 6 6 18",
  share: "M12 15V4M8 7.5 12 3.5 16 7.5M5 12v8h14v-8",
} as const;
export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
