# Compares other runtimes with what run.mjs left in FOLDER: onnxruntime by the rows, sherpa-onnx by the texts.
#
#   python3 recipes/export/check.py FOLDER      with numpy, onnxruntime and, where it is there, sherpa-onnx

import json
import sys

import numpy as np
import onnxruntime as ort

folder = sys.argv[1]
index = json.load(open(f"{folder}/recordings/index.json"))
read = lambda n, kind: np.fromfile(f"{folder}/recordings/{n}.{kind}.f32", np.float32)
options = ort.SessionOptions()
options.intra_op_num_threads = 1
open_session = lambda name: ort.InferenceSession(f"{folder}/{name}/model.onnx", options, ["CPUExecutionProvider"])

frames, samples = open_session("float32"), open_session("float32-samples")
farthest = {"frames": 0.0, "samples": 0.0, "frames in one batch": 0.0}
lengths = [entry["frames"] for entry in index]
batch = np.zeros((len(index), max(lengths), index[0]["features"]), np.float32)
for n, entry in enumerate(index):
    rows = read(n, "rows").reshape(-1, entry["symbols"])
    own = read(n, "frames").reshape(1, -1, entry["features"])
    batch[n, : own.shape[1]] = own[0]
    feeds = {"frames": own, "lengths": np.array([own.shape[1]])}
    outcome = {"frames": frames.run(None, feeds)[0], "samples": samples.run(None, {"samples": read(n, "samples")[None]})[0]}
    for form, came in outcome.items():
        farthest[form] = max(farthest[form], float(np.abs(came[0] - rows).max()))
together, steps = frames.run(None, {"frames": batch, "lengths": np.array(lengths)})
for n, entry in enumerate(index):
    rows = read(n, "together").reshape(-1, entry["symbols"])
    assert steps[n] == len(rows)
    farthest["frames in one batch"] = max(farthest["frames in one batch"], float(np.abs(together[n, : len(rows)] - rows).max()))
print(f"onnxruntime {ort.__version__}, {len(index)} recordings, largest difference of a log-probability:")
for form, difference in farthest.items():
    print(f"  {form}: {difference:.1e}")

try:
    import sherpa_onnx
except ImportError:
    sys.exit("sherpa-onnx is not installed")
own = f"{folder}/float32-samples"
recognizer = sherpa_onnx.OfflineRecognizer.from_omnilingual_asr_ctc(model=f"{own}/model.onnx", tokens=f"{own}/tokens.txt", num_threads=1)
same = 0
for n, entry in enumerate(index):
    stream = recognizer.create_stream()
    stream.accept_waveform(16000, read(n, "samples"))
    recognizer.decode_stream(stream)
    same += stream.result.text.split() == entry["text"].split()
print(f"sherpa-onnx {sherpa_onnx.__version__}: {same} of {len(index)} texts are the library's")
