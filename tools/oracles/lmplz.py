"""Prints test/lm/lmplz.json: n-gram models of made-up texts by KenLM's lmplz, in ARPA's numbers.

    LMPLZ=path/to/lmplz python3 tools/oracles/lmplz.py > test/lm/lmplz.json

The stored file came from the sources of kenlm 0.3.0 as the Python Package Index has them, built with their own CMake
files. Texts: a small one that needs the fallback for discounts, one whose last new word comes twice after the same word
(of the last n-gram lmplz takes the plain count), and one from a seeded generator, large enough for the closed form.
"""

import json
import os
import subprocess
import tempfile
from collections import Counter

SMALL = "the fox runs\nthe red fox runs home\n\na fox\nthe fox runs home\nred red red fox\n"
LAST = "one two\none two three\nnine one two\nnine one two\nzero nine one\n"


def generated(sentences, words):
    """Sentences of a few words each; word k comes about half as often as word k - 4, and prefers followers."""
    state, lines = 7, []

    def below(bound):
        nonlocal state
        state = (state * 1103515245 + 12345) % 2**31
        return (state >> 8) % bound

    for _ in range(sentences):
        word, line = below(words), []
        for _ in range(1 + below(7)):
            line.append(f"w{word}")
            word = (word * 3 + below(1 + below(words))) % words if below(3) else below(1 + below(words))
        lines.append(" ".join(line))
    return "\n".join(lines) + "\n"


TEXTS = {"small": SMALL, "last": LAST, "generated": generated(160, 20)}
CASES = [
    {"text": "small", "order": 1, "prune": [0]},
    {"text": "small", "order": 3, "prune": [0]},
    {"text": "small", "order": 5, "prune": [0, 0, 1]},
    {"text": "last", "order": 2, "prune": [0]},
    {"text": "last", "order": 4, "prune": [0, 1]},
    {"text": "generated", "order": 2, "prune": [0]},
    {"text": "generated", "order": 3, "prune": [0]},
    {"text": "generated", "order": 3, "prune": [0, 0, 1]},
    {"text": "generated", "order": 5, "prune": [0, 1, 1, 2], "vocabulary": 12},
]


def most_frequent(text, size):
    """Of equally frequent words the earlier."""
    return [word for word, _ in Counter(text.split()).most_common(size)]


def lmplz(case):
    text = TEXTS[case["text"]]
    command = [os.environ["LMPLZ"], "-o", str(case["order"]), "-S", "64M", "--discount_fallback"]
    command += ["--prune", *map(str, case["prune"])]
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as words:
        if "vocabulary" in case:
            words.write("\n".join(most_frequent(text, case["vocabulary"])))
            words.flush()
            command += ["--limit_vocab_file", words.name]
        arpa = subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout
    fields = [line.split("\t") for line in arpa.splitlines() if "\t" in line]
    return {**case, "ngrams": {f[1]: [round(float(n), 6) for n in (f[0], *f[2:])] for f in fields}}


print(json.dumps({"program": "lmplz of kenlm 0.3.0", "texts": TEXTS, "cases": [lmplz(case) for case in CASES]}))
