"""Writes test/model/foreign/onnx: small CTC models with random weights as both exporters of PyTorch write them, in the forms that
people export (time first, one utterance only, fixed lengths, half precision, weights in a file of their own), and what
PyTorch gives for some frames.

    python3 tools/oracles/onnx_pytorch.py test/model/foreign/onnx

The stored files came from PyTorch 2.15.0, onnx 1.23.2 and onnxscript 0.7.2. The networks are those of recipes/bring-your-own.
"""

import sys
from pathlib import Path

import onnx
import torch
from safetensors.torch import save_file
from torch import nn

sys.path.append(str(Path(__file__).parents[2] / "recipes/bring-your-own"))
from train import BiLstm, Conformer  # noqa: E402

F, V = 10, 6
folder = Path(sys.argv[1])


class PerFrame(nn.Module):
    """One layer, frame by frame."""

    def __init__(self, forward):
        super().__init__()
        self.layer, self.way = nn.Linear(F, V), forward

    def forward(self, *inputs):
        return self.way(self.layer, *inputs)


def save(name, network, inputs, frames, outputs, dynamo=False, axes=None, **options):
    """`frames` says where frames come in and log-probabilities come out, for the answers."""
    path = folder / f"{name}.onnx"
    network = network.eval()
    how = dict(dynamic_shapes=axes) if dynamo else dict(dynamic_axes=axes)
    torch.onnx.export(network, inputs, path, dynamo=dynamo, external_data=False, **how, **options)
    model = onnx.load(path)
    for node in model.graph.node:
        node.ClearField("doc_string")
        del node.metadata_props[:]
    for value in [*model.graph.value_info, *model.graph.input, *model.graph.output]:
        del value.metadata_props[:]
    del model.graph.value_info[:]
    del model.graph.metadata_props[:]
    onnx.save(model, path)
    with torch.no_grad():
        answers = {f"{i}": outputs(network, each).contiguous() for i, each in enumerate(frames)}
    save_file(answers, folder / f"{name}.answers.safetensors", {"torch": torch.__version__})
    return model


torch.manual_seed(1)
frames = [torch.randn(length, F) for length in (61, 40)]
save_file({f"{i}": each for i, each in enumerate(frames)}, folder / "frames.safetensors")
Dim = torch.export.Dim
logits = lambda out: out.float().log_softmax(-1)  # noqa: E731

conformer = Conformer(F, V, width=8, blocks=1, heads=2, kernel=3)
pair = (torch.randn(2, 60, F), torch.tensor([60, 41]))
names = dict(input_names=["frames", "lengths"], output_names=["log_probs", "steps"])
alone = lambda network, each: network(each[None], torch.tensor([len(each)]))[0][0]  # noqa: E731
save(
    "conformer-dynamo", conformer, pair, frames, alone,
    dynamo=True, opset_version=18, axes=({0: Dim("B"), 1: Dim("T")}, {0: Dim("B")}), **names,
)  # fmt: skip
save(
    "conformer-older", conformer, pair, frames, alone, opset_version=17,
    axes={"frames": {0: "B", 1: "T"}, "lengths": {0: "B"}, "log_probs": {0: "B", 1: "S"}, "steps": {0: "B"}}, **names,
)  # fmt: skip

bilstm = BiLstm(F, V, width=6, layers=1)
first = lambda network, each: logits(network(each[:, None]))[:, 0]  # noqa: E731
save(
    "bilstm-older", bilstm, (torch.randn(60, 1, F),), frames, first, opset_version=17,
    input_names=["frames"], output_names=["logits"], axes={"frames": {0: "T", 1: "B"}, "logits": {0: "S", 1: "B"}},
)  # fmt: skip
save(
    "bilstm-dynamo", bilstm, (torch.randn(60, 2, F),), frames, first, dynamo=True, opset_version=18,
    input_names=["frames"], output_names=["logits"], axes=({0: Dim("T"), 1: Dim("B")},),
)  # fmt: skip
save(
    "one-only", bilstm, (torch.randn(60, 1, F),), frames, first, opset_version=17,
    input_names=["frames"], output_names=["logits"], axes={"frames": {0: "T"}, "logits": {0: "S"}},
)  # fmt: skip

plain = PerFrame(lambda layer, x: layer(x))
single = lambda network, each: logits(network(each[None]))[0]  # noqa: E731
for name, given in {"fixed-length": {0: "B"}, "fixed-batch": {1: "T"}}.items():
    save(
        name, plain, (torch.randn(3, 60, F),), frames, single, opset_version=17,
        input_names=["x"], output_names=["y"], axes={"x": given, "y": given},
    )  # fmt: skip
both = {0: "B", 1: "T"}
save(
    "half", PerFrame(lambda layer, x: layer(x)).half(), (torch.randn(1, 60, F).half(),), frames,
    lambda network, each: logits(network(each[None].half()))[0], opset_version=17,
    input_names=["x"], output_names=["y"], axes={"x": both, "y": both},
)  # fmt: skip
external = save(
    "external", plain, (torch.randn(1, 60, F),), frames, single, opset_version=17,
    input_names=["x"], output_names=["y"], axes={"x": both, "y": both},
)  # fmt: skip
onnx.save(external, folder / "external.onnx", save_as_external_data=True, location="external.onnx.data", size_threshold=0)


def by_channels(layer, x, lengths):  # as NeMo: [B, F, T] and lengths in, hidden numbers beside the outputs
    x = x.transpose(1, 2)
    return x * 2.0, layer(x).log_softmax(-1), lengths.clone()


save(
    "extra-outputs", PerFrame(by_channels), (torch.randn(2, F, 60), torch.tensor([60, 41], dtype=torch.int32)), frames,
    lambda network, each: network(each.T[None], torch.tensor([len(each)]))[1][0], opset_version=17,
    input_names=["audio_signal", "length"], output_names=["hidden", "logprobs", "encoded"],
    axes={"audio_signal": {0: "B", 2: "T"}, "length": {0: "B"}, "hidden": both, "logprobs": both, "encoded": {0: "B"}},
)  # fmt: skip


def with_attention(layer, x, mask):  # as wav2vec 2.0 and BERT: a mask of integers over what goes in
    mean = (x * mask[..., None]).sum(1, keepdim=True) / mask.sum(1)[:, None, None]
    return layer(x - mean)


save(
    "attention-mask", PerFrame(with_attention), (torch.randn(2, 60, F), torch.ones(2, 60, dtype=torch.int64)), frames,
    lambda network, each: logits(network(each[None], torch.ones(1, len(each))))[0], opset_version=17,
    input_names=["input_values", "attention_mask"], output_names=["logits"],
    axes={"input_values": both, "attention_mask": both, "logits": both},
)  # fmt: skip


def mixes_padding(layer, x, lengths):  # takes lengths, and lets the padding into every step
    return layer(x + x.abs().mean(1, keepdim=True)), lengths.clone()


save(
    "padding-matters", PerFrame(mixes_padding), (torch.randn(2, 60, F), torch.tensor([60, 41])), frames,
    lambda network, each: logits(network(each[None], torch.tensor([len(each)]))[0])[0], opset_version=17,
    input_names=["x", "lengths"], output_names=["y", "steps"],
    axes={"x": both, "lengths": {0: "B"}, "y": both, "steps": {0: "B"}},
)  # fmt: skip
