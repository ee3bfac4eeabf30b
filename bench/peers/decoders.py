# The peers of bench/decoder.mjs over the same log-probabilities, on one thread: pyctcdecode with KenLM, and flashlight-text's
# lexicon beam search with KenLM, all of it C++.
# Arguments: pyctcdecode or flashlight; a folder with rows.f32 and rows.json (as the bench wrote them); an ARPA file. Each line
# of stdin is JSON {beam, alpha, beta, beamThreshold, …}; each line of stdout the texts, the processor's seconds that they took
# and the largest resident memory in kB.

import importlib.metadata as metadata
import json
import logging
import math
import resource
import sys
import time

logging.disable(logging.CRITICAL)
kind, folder, arpa = sys.argv[1:4]


def open_pyctcdecode(description, rows):
    import kenlm  # without it pyctcdecode decodes without a model, and says so only in its log
    from pyctcdecode import build_ctcdecoder

    decoder = build_ctcdecoder([*description["symbols"], ""], kenlm_model_path=arpa, unigrams=description["words"])

    def prepare(question):
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
        return lambda each: decoder.decode(each, **bounds)

    return f"pyctcdecode {metadata.version('pyctcdecode')}", rows, prepare


def open_flashlight(description, rows):
    import numpy
    from flashlight.lib.text import decoder as search
    from flashlight.lib.text.decoder.kenlm import KenLM
    from flashlight.lib.text.dictionary import Dictionary

    symbols = description["symbols"]
    space, blank = symbols.index(" "), len(symbols)
    numbers = {symbol: number for number, symbol in enumerate(symbols)}
    words = [word for word in description["words"] if all(letter in numbers for letter in word)]
    dictionary = Dictionary(words)
    unknown = dictionary.add_entry("<unk>") or len(words)
    model = KenLM(arpa, dictionary)
    trie = search.Trie(blank + 1, space)
    start = model.start(False)
    for number, word in enumerate(words):  # a word ends with its space
        trie.insert([*(numbers[letter] for letter in word), space], number, model.score(start, number)[1])
    trie.smear(search.SmearingMode.MAX)
    last = numpy.full((1, blank + 1), -1000, dtype=numpy.float32)  # a space, so that the last word ends
    last[0, space] = 0
    rows = [numpy.ascontiguousarray(numpy.concatenate([each, last])) for each in rows]

    def prepare(question):
        options = search.LexiconDecoderOptions(
            beam_size=question["beam"],
            beam_size_token=question.get("symbolLimit", blank + 1),
            beam_threshold=question["beamThreshold"],
            lm_weight=question["alpha"] * math.log(10),  # its KenLM gives logarithms to base 10
            word_score=question["beta"],
            unk_score=-math.inf,
            sil_score=0,
            log_add=True,
            criterion_type=search.CriterionType.CTC,
        )
        decoder = search.LexiconDecoder(options, trie, model, space, blank, unknown, [], False)

        def decode(each):
            decoder.decode_begin()
            decoder.decode_step(each.ctypes.data, *each.shape)
            decoder.decode_end()
            found = decoder.get_best_hypothesis(0)
            return " ".join(words[number] for number in found.words if 0 <= number < len(words))

        return decode

    return f"flashlight-text {metadata.version('flashlight-text')}", rows, prepare


with open(f"{folder}/rows.json") as file:
    description = json.load(file)
try:
    import numpy

    rows = numpy.fromfile(f"{folder}/rows.f32", dtype=numpy.float32).reshape(-1, len(description["symbols"]) + 1)
    bounds = numpy.cumsum([0, *description["steps"]])
    rows = [rows[first:after] for first, after in zip(bounds, bounds[1:])]
    openers = {"pyctcdecode": open_pyctcdecode, "flashlight": open_flashlight}
    name, rows, prepare = openers[kind](description, rows)
except ImportError as error:
    print(json.dumps({"missing": str(error)}), flush=True)
    sys.exit()
print(json.dumps({"name": name}), flush=True)

for line in sys.stdin:
    decode = prepare(json.loads(line))
    start = time.process_time()
    texts = [decode(each) for each in rows]
    seconds = time.process_time() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"texts": texts, "seconds": seconds, "kilobytes": memory}), flush=True)
