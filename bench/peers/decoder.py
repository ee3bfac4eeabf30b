# The peer of bench/decoder.mjs: pyctcdecode with a KenLM model, on one thread, over the same log-probabilities.
# Arguments: a folder with rows.f32 and rows.json (as the bench wrote them), an ARPA file. Each line of stdin is JSON
# {beam, alpha, beta, unknownWordPenalty, cutoffProbability, beamThreshold}; each line of stdout the texts and the processor's seconds that they took.

import json
import logging
import math
import sys
import time

logging.disable(logging.CRITICAL)
folder, arpa = sys.argv[1:3]
try:
    import numpy
    from pyctcdecode import build_ctcdecoder
    import kenlm  # without it pyctcdecode decodes without a model, and says so only in its log

    import importlib.metadata as metadata

    name = f"pyctcdecode {metadata.version('pyctcdecode')}"
except ImportError as error:
    print(json.dumps({"missing": str(error)}), flush=True)
    sys.exit()

with open(f"{folder}/rows.json") as file:
    description = json.load(file)
rows = numpy.fromfile(f"{folder}/rows.f32", dtype=numpy.float32).reshape(-1, len(description["symbols"]) + 1)
bounds = numpy.cumsum([0, *description["steps"]])
utterances = [rows[first:after] for first, after in zip(bounds, bounds[1:])]
decoder = build_ctcdecoder([*description["symbols"], ""], kenlm_model_path=arpa, unigrams=description["words"])
print(json.dumps({"name": name}), flush=True)

for line in sys.stdin:
    question = json.loads(line)
    decoder.reset_params(
        alpha=float(question["alpha"]),
        beta=float(question["beta"]),
        unk_score_offset=-float(question["unknownWordPenalty"]),
    )
    bounds = {
        "beam_width": question["beam"],
        "beam_prune_logp": -question["beamThreshold"],
        "token_min_logp": math.log(question["cutoffProbability"]),
    }
    start = time.process_time()
    texts = [decoder.decode(each, **bounds) for each in utterances]
    print(json.dumps({"texts": texts, "seconds": time.process_time() - start}), flush=True)
