// Texts of sherpa-onnx in JavaScript beside the library's, of the recordings that run.mjs left in FOLDER. Its packages are
// no part of Earshot; install them in a folder of their own:
//
//   npm install --prefix OTHER sherpa-onnx sherpa-onnx-node
//   LD_LIBRARY_PATH=OTHER/node_modules/sherpa-onnx-linux-x64 NODE_PATH=OTHER/node_modules \
//     node recipes/export/sherpa.cjs FOLDER

const { readFileSync } = require("node:fs");

const folder = process.argv[2];
const index = JSON.parse(readFileSync(`${folder}/recordings/index.json`, "utf8"));
const own = `${folder}/float32-samples`;
const config = {
  featConfig: { sampleRate: 16000, featureDim: 80 },
  modelConfig: {
    omnilingual: { model: `${own}/model.onnx` },
    tokens: `${own}/tokens.txt`,
    numThreads: 1,
    debug: 0,
  },
};

function samplesOf(n) {
  const bytes = readFileSync(`${folder}/recordings/${n}.samples.f32`);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

function compare(name, recognizer, accept) {
  const wordsOf = (text) => text.trim().split(/\s+/).join(" ");
  const same = index.filter(({ text }, n) => {
    const stream = recognizer.createStream();
    accept(stream, samplesOf(n));
    recognizer.decode(stream);
    return wordsOf(recognizer.getResult(stream).text) === wordsOf(text);
  });
  console.log(`${name}: ${same.length} of ${index.length} texts are the library's`);
}

const native = require("sherpa-onnx-node");
compare("sherpa-onnx-node", new native.OfflineRecognizer(config), (stream, samples) =>
  stream.acceptWaveform({ sampleRate: 16000, samples }),
);
compare(
  "sherpa-onnx (WebAssembly)",
  require("sherpa-onnx").createOfflineRecognizer(config),
  (stream, samples) => stream.acceptWaveform(16000, samples),
);
