// The fuzzer's seeds in text: manifests of every format, settings, alphabets, and the files that a run keeps.

export const manifests = [
  'path,transcript,speaker,split\na.wav,hello world,ann,train\nb/c d.flac,"yes, ""no""",,test\n',
  "\ufeffwav_filename,wav_filesize,transcript\r\n/x/a.wav,3244,one two\r\nb.wav,12,three\r\n",
  "file_name,transcription\na.mp3,été naïve\n",
  'path,transcript\na.wav,"two\nlines"\nb.wav,x,y\n\nc.wav,"open\n',
  'client_id\tpath\tsentence\tup_votes\nab12\tclip_1.mp3\tHe said "no".\t2\ncd34\tclip_2.mp3\t"It\'s, well"\t0\n',
  '{"audio_filepath": "a.wav", "duration": 1.5, "text": "hello"}\n{"audio_filepath": "b.wav", "offset": 0, "text": "x"}\n',
  '{"audio_filepath": "l.wav", "offset": 3.5, "duration": 2, "text": "part", "speaker": 17}\n{"text": "no path"}\n[1]\n',
  "path;transcript\na.wav;hello\n",
];

export const transcriptLists = [
  "84-121123-0000 GO DO YOU HEAR\n84-121123-0001 BUT IN LESS THAN FIVE MINUTES\n",
  "a hello world\n\n  b\tx  y \r\nc\n",
];

const yaml = `epochs: 3
alphabet: [a, b, " "]
transcript: { unknown: map, map: { "é": e } }
features:
  bins: 64
network: { name: deep-speech, width: 256, context: 5, dropout: 0.1 }
data: &data
  maxUtterances: 8
  augmentation:
    speeds: [0.9, 1, 1.1]
schedule: { name: one-cycle, peak: 2e-3, rise: 0.15 }
`;

export const configs = [
  yaml,
  "seed: 0x10\nepochs: 1_0\nnetwork: !!map\n  ? width\n  : 12\n",
  "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c, <<]\n",
  "data: |\n  text\n---\nepochs: >-\n  folded\n...\n",
  "%YAML 1.1\n---\nseed: 017\npatience: ~\n<<: {epochs: 2}\n",
];

export const settings = [
  "{}",
  JSON.stringify({
    seed: 7,
    epochs: 2,
    alphabet: ["a", "b", "ç", " "],
    transcript: { lowercase: true, unknown: "map", map: { é: "e" } },
    features: { bins: 10, normalization: "global" },
    network: { name: "deep-speech", width: 8, context: 1, dropout: 0 },
    optimizer: { name: "adamw" },
    schedule: { name: "one-cycle", peak: 0.001 },
    data: { batchFrames: 100, augmentation: { speeds: [0.9, 1] } },
  }),
];

export const assignments = [
  "network.width=512",
  "data.augmentation.speeds=[0.9, 1, 1.1]",
  "transcript.map={é: e, ’: ' '}",
  "alphabet=english",
  "schedule.peak=2e-3",
  "a.b.c.d.e=&x [*x]",
  "__proto__.polluted=1",
  "seed=0o17",
];

export const alphabets = [
  "# the letters\na\nb\n \n'\n\\#\n",
  "\ufeffа\r\nб\r\ne\u0301\r\nक\r\n",
  "👩‍👩‍👧\nß\nſ\n\u00a0\n",
];

export const phrases = ["# lights\nturn on\nTurn off the light\n", "a\r\nab\r\nabc\n\n a  b \n"];

export const jsgfGrammars = [
  "#JSGF V1.0 UTF-8 en;\ngrammar home.lights;\n<state> = on {ON} | off {OFF}; // x\npublic <c> = [please] turn <state> (the | /0.5/ a)+ light;",
  'public <a> = /2/ x | /1/ "y z"* {t\\}}; /* c */ <b> = <NULL> | <a> <VOID>; public <d> = <b> w;',
];

export const sentenceGrammars = [
  `language: en
intents:
  On:
    data:
      - sentences: ["<turn> [the] {name} on", "(a;b {n:level}) light[s]"]
        slots: { domain: light }
lists:
  name: { values: [lamp, { in: "hall (light|lamp)", out: 7 }] }
  n: { range: { from: -2, to: 101, step: 3, multiplier: 0.5 } }
expansion_rules: { turn: "(turn|switch)" }
skip_words: [please]
`,
  `intents: { A: { data: [{ sentences: &s ["{x:@y}|<r>"], lists: { x: { values: ["[a] b"] } }, expansion_rules: { r: "x\\\\(" } }, { sentences: *s }] } }
lists: { x: { values: ["c{z}"] }, z: { values: [d] } }
expansion_rules: { r: "{z}" }`,
];

export const logs = [
  '{"type":"start","seed":1}\n{"type":"batch","step":1,"loss":2.5}\n{"type":"epoch","step":4,"devWer":0.5}\n{"type":"batch","step":9}\n{"ty',
  'null\n5\n"text"\n[]\n{"step":"7"}\n{"step":-1}\n',
];

export const lengthIndices = [
  '\n{"key":"ab","frames":100,"seconds":1,"warnings":[]}\n{"key":"cd","frames":0,"seconds":0,"warnings":[{"code":"SHORT_AUDIO","message":"x"}]}',
  '\n{"key":"__proto__","frames":1,"seconds":0.01,"warnings":[]}\n{"key":"ef","fra',
];

// ── Tokens, of which mutations are made ─────────────────────────────────────────────────────────────────────────

const words = (text) => text.split(" ");

export const TABLE_TOKENS = [...'\n\r,\t;"\0é\ufeff', "\r\n", '""', ...words("path transcript split")];
export const JSON_TOKENS = [
  ...'{}[]:,"\\\n',
  ...words('null true 1e999 -0 1e-320 \\u0000 \\ud800 "__proto__" "constructor" [[[[ NaN'),
];
export const YAML_TOKENS = [
  ..."\n:-?&*!|>%@`#{}[],\"'\t",
  "  ",
  "---\n",
  "...\n",
  ...words("<< *a &a !!js/function !!binary null ~ yes .inf .nan 0x 1e999"),
];
export const JSGF_TOKENS = [
  ...'<>()[]{}|*+;=/"\\ \n',
  ...words("public <a> <b> <state> <NULL> <VOID> import grammar #JSGF // /* */ /1e9/ /0/ {t} [x] )* ]+ x y"),
];
export const TEMPLATE_TOKENS = [
  ..."<>()[]{}|;:@\\",
  ...words(
    "<turn> <r> {name} {n} {x:y} {@z} [the] (a;b) intents data sentences lists values range from to step in out",
  ),
  ...words("expansion_rules wildcard: skip_words language multiplier 999999999 -5 &a *a"),
];
export const SETTING_TOKENS = words("__proto__ constructor toString name width speeds english map");
