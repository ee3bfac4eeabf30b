"""Reads ONNX programs with the onnx package: checks them, infers their shapes, and runs them in plain NumPy.

    python3 tools/oracles/onnx_check.py FOLDER

FOLDER holds NAME.onnx and, beside each, NAME.json: {"feeds": {…}, "results": {…}} with tensors {"type", "dims", "data"}.
Prints a JSON object: {"version": …, "programs": {NAME: largest difference relative to max(1, |result|)}}. Any program
that the checker or strict shape inference refuses, or whose results have other types or shapes, ends it with an error.
test/graph/onnx-reader.test.ts runs it.
"""

import json
import pathlib
import sys

import numpy
import onnx
from onnx.reference import ReferenceEvaluator
from onnx.reference.ops.op_scan import Scan as ForwardScan


class Scan(ForwardScan):
    """The reference runs loops forward only: a loop backward is one forward over flipped sequences."""

    op_domain = ""

    def __init__(self, node, run_params):
        directions = [each for each in node.attribute if each.name.endswith("_directions")]
        self.backward = any(1 in each.ints for each in directions)
        for each in directions:
            each.ints[:] = [0] * len(each.ints)
        super().__init__(node, run_params)

    def _run(self, *args, **options):
        states = len(args) - self.num_scan_inputs
        results = super()._run(*self.flip(args, states), **options)
        return tuple(self.flip(results, states))

    def flip(self, values, states):
        return [numpy.flip(x, 0) if self.backward and i >= states else x for i, x in enumerate(values)]


def array(tensor):
    return numpy.array(tensor["data"], dtype=tensor["type"]).reshape(tensor["dims"])


def difference(actual, expected):
    assert (actual.dtype, actual.shape) == (expected.dtype, expected.shape), (actual, expected)
    assert numpy.isfinite(expected).all() and numpy.isfinite(actual).all(), (actual, expected)
    error = numpy.abs(actual.astype(float) - expected.astype(float)) / numpy.maximum(1, numpy.abs(expected))
    return float(error.max(initial=0))


def check(path):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    case = json.loads(path.with_suffix(".json").read_text())
    names = [output.name for output in model.graph.output]
    feeds = {name: array(tensor) for name, tensor in case["feeds"].items()}
    results = ReferenceEvaluator(model, new_ops=[Scan]).run(names, feeds)
    return max(difference(numpy.asarray(x), array(case["results"][name])) for name, x in zip(names, results))


paths = sorted(pathlib.Path(sys.argv[1]).glob("*.onnx"))
print(json.dumps({"version": onnx.__version__, "programs": {path.stem: check(path) for path in paths}}))
