// What happens, as numbers that Prometheus reads (text exposition format 0.0.4). Labels are words of the server's own,
// never a client's, so that nobody can make more series.

export type Labels = Readonly<Record<string, string>>;

/** Seconds. */
const BOUNDS = [0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 2, 5, 10, 30, 60];

abstract class Metric {
  readonly name: string;
  readonly help: string;
  abstract readonly kind: string;

  constructor(name: string, help: string) {
    this.name = name;
    this.help = help;
  }

  abstract lines(): string[];
}

export class CounterMetric extends Metric {
  readonly kind: string = "counter";
  readonly #values = new Map<string, number>();

  add(labels: Labels = {}, amount = 1): void {
    const key = labelText(labels);
    this.#values.set(key, (this.#values.get(key) ?? 0) + amount);
  }

  value(labels: Labels = {}): number {
    return this.#values.get(labelText(labels)) ?? 0;
  }

  lines(): string[] {
    return Array.from(this.#values, ([labels, value]) => `${this.name}${labels} ${value}`);
  }
}

/** A number that is kept elsewhere. */
type WatchedKind = "gauge" | "counter";

export class WatchedMetric extends Metric {
  readonly kind: WatchedKind;
  readonly #read: () => number;

  /** @param read is asked when somebody looks */
  constructor(kind: WatchedKind, name: string, help: string, read: () => number) {
    super(name, help);
    this.kind = kind;
    this.#read = read;
  }

  lines(): string[] {
    return [`${this.name} ${this.#read()}`];
  }
}

export class HistogramMetric extends Metric {
  readonly kind = "histogram";
  readonly #series = new Map<string, { readonly labels: Labels; readonly counts: number[]; sum: number }>();

  observe(labels: Labels, value: number): void {
    const key = labelText(labels);
    const series = this.#series.get(key) ?? {
      labels,
      counts: Array<number>(BOUNDS.length + 1).fill(0),
      sum: 0,
    };
    this.#series.set(key, series);
    const bucket = BOUNDS.findIndex((bound) => value <= bound);
    series.counts[bucket < 0 ? BOUNDS.length : bucket]++;
    series.sum += value;
  }

  lines(): string[] {
    return [...this.#series.values()].flatMap(({ labels, counts, sum }) => {
      let below = 0;
      const buckets = counts.map((count, i) => {
        below += count;
        const le = i < BOUNDS.length ? String(BOUNDS[i]) : "+Inf";
        return `${this.name}_bucket${labelText({ ...labels, le })} ${below}`;
      });
      const own = labelText(labels);
      return [...buckets, `${this.name}_sum${own} ${sum}`, `${this.name}_count${own} ${below}`];
    });
  }
}

/** Everything that the server counts. */
export class ServerMetrics {
  readonly requests = new CounterMetric("earshot_requests_total", "Requests over HTTP, by route and status.");
  readonly streams = new CounterMetric("earshot_streams_total", "Live streams that were opened, by dialect.");
  readonly refusals = new CounterMetric(
    "earshot_refusals_total",
    "Requests and streams that were refused or broken off, by reason.",
  );
  readonly hotWordsLeftOut = new CounterMetric(
    "earshot_hot_words_left_out_total",
    "Hot words of clients that a model cannot spell or that are beyond the limits, by dialect.",
  );
  readonly audioSeconds = new CounterMetric(
    "earshot_audio_seconds_total",
    "Sound that was recognized, by kind and model.",
  );
  readonly busySeconds = new CounterMetric(
    "earshot_file_busy_seconds_total",
    "Time in which files were transcribed, without their waiting, by model.",
  );
  readonly reloads = new CounterMetric(
    "earshot_model_reloads_total",
    "Models that were loaded again, by outcome.",
  );
  readonly finalSeconds = new HistogramMetric(
    "earshot_final_text_seconds",
    "From the last sound of an utterance to its final text, by dialect.",
  );
  readonly fileSeconds = new HistogramMetric(
    "earshot_file_seconds",
    "From the end of a file's upload to its text.",
  );
  readonly fileRealTimeFactor = new HistogramMetric(
    "earshot_file_real_time_factor",
    "Time for a second of a file's sound.",
  );
  readonly #watched: WatchedMetric[] = [];

  watch(kind: WatchedKind, name: string, help: string, read: () => number): void {
    this.#watched.push(new WatchedMetric(kind, name, help, read));
  }

  /** The page that Prometheus reads. */
  text(): string {
    const own = Object.values(this).filter((value): value is Metric => value instanceof Metric);
    return [...own, ...this.#watched].map(sectionOf).join("");
  }
}

function sectionOf(metric: Metric): string {
  const head = [`# HELP ${metric.name} ${metric.help}`, `# TYPE ${metric.name} ${metric.kind}`];
  return `${[...head, ...metric.lines()].join("\n")}\n`;
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

const escaped = (value: string): string =>
  value
    .replaceAll("\\", "\\\\")
    .replaceAll('"', String.raw`\"`)
    .replaceAll("\n", String.raw`\n`);
