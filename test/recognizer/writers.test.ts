import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { textGrid, writers } from "../../src/recognizer/index.ts";
import type { TranscriptRecord } from "../../src/recognizer/index.ts";

const record: TranscriptRecord = {
  path: 'a "b", c.wav',
  text: "it's two\nlines",
  words: [
    { text: "it's", startMs: 40, endMs: 300, confidence: 0.98765 },
    { text: "two", startMs: 320, endMs: 640, confidence: 1 },
    { text: "lines", startMs: 700, endMs: 1460, confidence: 0.5 },
  ],
  alternatives: [],
  warnings: [{ code: "X", message: "m" }],
  seconds: 1.6,
};

/** A word every `everyMs`, each half of it long. */
function speech(words: readonly string[], everyMs: number): TranscriptRecord {
  const timed = words.map((text, n) => {
    return { text, startMs: n * everyMs, endMs: n * everyMs + everyMs / 2, confidence: 1 };
  });
  return { ...record, text: words.join(" "), words: timed, seconds: (words.length * everyMs) / 1000 };
}

describe("transcript writers", () => {
  it("txt gives the text alone, and beside its path among others", () => {
    expect(writers.txt.record(record, true)).toBe("it's two\nlines\n");
    expect(writers.txt.record({ ...record, text: "yes" }, false)).toBe('a "b", c.wav\tyes\n');
  });

  it("json tells how sure a calibrated model is, or why it gives no text; others have nothing to write of that", () => {
    const rejected = { reason: "noise", best: "a", confidence: 0.123456 } as const;
    const none = { ...record, text: "", words: [], confidence: 0.123456, rejected };
    const lines = [{ ...record, confidence: 0.98765 }, none].map((one) =>
      JSON.parse(writers.json.record(one, false)),
    );
    expect(lines[0]).toMatchObject({ text: record.text, confidence: 0.9877 });
    expect(lines[1]).toMatchObject({
      text: "",
      words: [],
      rejected: { reason: "noise", best: "a", confidence: 0.1235 },
    });
    expect(lines[1]).not.toHaveProperty("confidence");
    expect([writers.srt, writers.vtt, writers.txt].map((writer) => writer.record(none, true))).toEqual([
      "",
      "",
      "\n",
    ]);
    expect(writers.csv.record({ ...none, path: "a.wav" }, false)).toBe("a.wav,\n");
    expect(writers.textgrid.record(none, true)).not.toContain('text = "a"');
  });

  it("json gives one object a line", () => {
    const line = writers.json.record(record, false);
    expect(line.split("\n")).toHaveLength(2);
    const { path, text, words, warnings } = record;
    const rounded = [{ ...words[0], confidence: 0.9877 }, words[1], words[2]];
    expect(JSON.parse(line)).toEqual({ path, text, words: rounded, warnings });
  });

  it("json gives other texts where there are any", () => {
    const alternatives = ["it is", "its"].map((text, n) => ({ text, words: [], score: -n - 0.12345 }));
    const line = writers.json.record({ ...record, alternatives }, false);
    expect((JSON.parse(line) as TranscriptRecord).alternatives).toEqual([
      { text: "it is", score: -0.1235, words: [] },
      { text: "its", score: -1.1235, words: [] },
    ]);
  });

  it("csv quotes what RFC 4180 says, as csv-parse 7 reads it", () => {
    const text = writers.csv.header + writers.csv.record(record, false);
    expect(parse(text)).toEqual([
      ["path", "transcript"],
      [record.path, record.text],
    ]);
  });
});

describe("words that come one after the other", () => {
  const said = speech(
    "the quick brown fox jumps over the lazy dog and is not seen again by anybody".split(" "),
    700,
  );
  const pauses = said.words.map((word, n) => ({
    ...word,
    startMs: word.startMs + 900 * (n >> 2),
    endMs: word.endMs + 900 * (n >> 2),
  }));

  it.each(["txt", "srt", "vtt"] as const)("give the record of all of them: %s", (name) => {
    const whole = { ...said, words: pauses };
    for (const early of [0, 1, 7, pauses.length])
      for (const size of [1, 3, 100]) {
        const stream = writers[name].open!(" ");
        let text = "";
        for (let at = 0; at < early; at += size)
          text += stream.words(pauses.slice(at, Math.min(early, at + size)));
        if (early === 7 && size === 1) expect(text).not.toBe("");
        expect(text + stream.finish(whole)).toBe(writers[name].record(whole, true));
      }
  });

  it("name the channel where each has a transcript of its own", () => {
    expect(writers.txt.record({ ...record, text: "yes", channel: 2 }, false)).toBe(
      'a "b", c.wav (channel 2)\tyes\n',
    );
    expect(JSON.parse(writers.json.record({ ...record, channel: 2 }, false))).toMatchObject({ channel: 2 });
    expect(writers.csv.record({ ...record, path: "a.wav", text: "yes", channel: 1 }, false)).toBe(
      "a.wav (channel 1),yes\n",
    );
  });
});

describe("subtitles", () => {
  it("are numbered cues with times in SubRip", () => {
    expect(writers.srt.record(speech(["well", "well"], 3_600_000), true)).toBe(
      "1\n00:00:00,000 --> 00:30:00,000\nwell\n\n2\n01:00:00,000 --> 01:30:00,000\nwell\n",
    );
  });

  it("are cues with other points in WebVTT, without tags", () => {
    const said = { ...speech(["<b>", "&"], 500), words: speech(["<b>", "&"], 500).words };
    expect(writers.vtt.header + writers.vtt.record(said, true)).toBe(
      "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\n&lt;b&gt; &amp;\n",
    );
  });

  it("have two lines of 42 characters at most, and 7 s, and end at pauses", () => {
    const cues = (record: TranscriptRecord) => writers.srt.record(record, true).trim().split("\n\n");
    const fast = cues(speech(Array.from({ length: 60 }, (_, n) => `word${n}`), 200)); // prettier-ignore
    for (const cue of fast) {
      const [, , ...lines] = cue.split("\n");
      expect(lines.length).toBeLessThanOrEqual(2);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(42);
    }
    expect(fast.map((cue) => cue.split("\n").slice(2).join(" ")).join(" ").split(" ")).toHaveLength(60); // prettier-ignore
    expect(cues(speech(Array.from({ length: 20 }, () => "slow"), 1000))).toHaveLength(3); // prettier-ignore
    expect(cues(speech(["one", "two"], 1500))).toHaveLength(2);
  });

  it("stay as long as one can read, but not longer than until the next", () => {
    const { words } = speech(["a", "b"], 1500);
    const times = /--> (\S+)/g;
    const short = {
      ...record,
      words: [
        { ...words[0], endMs: 50 },
        { ...words[1], startMs: 800, endMs: 810 },
      ],
    };
    const ends = [...writers.srt.record(short, true).matchAll(times)].map(([, end]) => end);
    expect(ends).toEqual(["00:00:00,800", "00:00:01,800"]);
  });

  it("of silence are none", () => {
    const silent = { ...record, text: "", words: [] };
    expect(writers.srt.record(silent, true)).toBe("");
    expect(writers.vtt.header + writers.vtt.record(silent, true)).toBe("WEBVTT\n");
  });

  it("join the symbols of an alphabet without space", () => {
    const { words } = speech(["天", "人"], 200);
    expect(writers.srt.record({ ...record, text: "天人", words }, true)).toMatch(/\n天人\n$/);
  });
});

describe("a TextGrid", () => {
  it("covers the recording with intervals, in the words of Praat's manual", () => {
    const words = [
      { text: 'a "b"', startMs: 40, endMs: 300 },
      { text: "c", startMs: 300, endMs: 400 },
    ];
    expect(textGrid({ words }, 0.5)).toBe(
      `File type = "ooTextFile"
Object class = "TextGrid"

xmin = 0
xmax = 0.5
tiers? <exists>
size = 1
item []:
    item [1]:
        class = "IntervalTier"
        name = "words"
        xmin = 0
        xmax = 0.5
        intervals: size = 4
        intervals [1]:
            xmin = 0
            xmax = 0.04
            text = ""
        intervals [2]:
            xmin = 0.04
            xmax = 0.3
            text = "a ""b"""
        intervals [3]:
            xmin = 0.3
            xmax = 0.4
            text = "c"
        intervals [4]:
            xmin = 0.4
            xmax = 0.5
            text = ""
`,
    );
  });

  it("ends exactly where the recording does", () => {
    const ends = (seconds: number) =>
      [...writers.textgrid.record({ ...record, seconds }, true).matchAll(/xmax = (\S+)/g)].at(-1)![1];
    expect(ends(1.4604)).toBe("1.4604");
    expect(ends(2)).toBe("2");
    expect(textGrid({ words: [] }, 1)).toContain("intervals: size = 1");
  });
});
