"""The peers of row `features`: the same frames by librosa (log-mel) and by python_speech_features (linear, and energy).

Run by bench/features.mjs: python3 features.py SAMPLES, a file of float32 at 16 kHz. The first line on stdout names the
peer of each kind, or why it cannot run. Then each line on stdin is answered by one: "KIND time" by the processor's
seconds of one computation, "KIND frames FILE" by the shape of the frames, which FILE then holds as float32.
"""

import json
import sys
import time

FLOOR = 1e-8


def say(answer):
    print(json.dumps(answer), flush=True)


def log_mel_peer():
    import librosa
    import numpy as np

    def frames(samples):
        # librosa centers the window of 320 in its frame of 512: 96 zeros in front line its frames up with ours.
        padded = np.pad(samples, (96, 96))
        mel = librosa.feature.melspectrogram(
            y=padded, sr=16000, n_fft=512, hop_length=160, win_length=320, window="hann", center=False,
            power=2.0, n_mels=80, fmin=0, fmax=8000, htk=True, norm=None,
        )
        return np.log(np.maximum(mel, FLOOR)).T

    return frames, f"librosa {librosa.__version__}, numpy {np.__version__}"


def linear_peer():
    import numpy as np
    from importlib.metadata import version
    from python_speech_features import sigproc

    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(320) / 320)
    edges = np.linspace(0, 8000, 82)
    lines = np.fft.rfftfreq(512, 1 / 16000)
    bank = np.stack([np.interp(lines, edges[f : f + 3], [0, 1, 0]) for f in range(80)]).T

    def frames(samples):
        power = 512 * sigproc.powspec(sigproc.framesig(samples, 320, 160, winfunc=lambda n: window), 512)
        plain = np.lib.stride_tricks.sliding_window_view(samples, 320)[::160]
        energy = np.einsum("tn,tn->t", plain, plain)[:, None]
        return np.log(np.maximum(np.concatenate([power @ bank, energy], axis=1), FLOOR))

    return frames, f"python_speech_features {version('python_speech_features')}, numpy {np.__version__}"


def open_peers():
    computations, names = {}, {}
    for kind, peer in [("log-mel", log_mel_peer), ("linear", linear_peer)]:
        try:
            computations[kind], name = peer()
            names[kind] = {"name": name}
        except ImportError as error:
            names[kind] = {"missing": str(error)}
    return computations, names


computations, names = open_peers()
say(names)
if computations:
    import numpy as np

    samples = np.fromfile(sys.argv[1], dtype="<f4")
    for line in sys.stdin:
        kind, task, *file = line.split()
        start = time.process_time()
        frames = computations[kind](samples)
        seconds = time.process_time() - start
        if task == "time":
            say({"seconds": seconds})
        else:
            frames.astype("<f4").tofile(file[0])
            say({"shape": frames.shape})
