#!/bin/bash
# Measures training on a GPU where pack.sh's folder was brought: whether it computes what the processor does, the step by width
# and batch, PyTorch's beside it where python3 has it, and an epoch of AN4's lengths. The most worth first, each with its own
# limit, written as it goes to $OUT (results.jsonl, log.txt).   [LIMIT=350] [OUT=DIR] bash run.sh [setup]
# "setup" only unpacks, into the folder earshot beside this file or where $ROOT says: then  . $ROOT/env.sh  gives $EARSHOT, the
# command line. Vulkan drivers that the loader does not find by itself are named by VK_DRIVER_FILES.
HERE=$(cd "$(dirname "$0")" && pwd); ROOT=${ROOT:-$HERE/earshot}; OUT=${OUT:-$ROOT/results}; START=$(date +%s)
mkdir -p "$OUT" $ROOT
say() { echo "[$(($(date +%s) - START)) s] $*" | tee -a "$OUT/log.txt"; }
if [ ! -e $ROOT/ready ]; then
  BIN=$ROOT/node_modules/onnxruntime-node/bin/napi-v6/linux/x64
  tar -C $ROOT -xJf "$HERE/earshot.tar.xz"
  xz -dc "$HERE/node.xz" > $ROOT/node & xz -dc "$HERE/libonnxruntime.so.1.xz" > $BIN/libonnxruntime.so.1 & wait
  chmod +x $ROOT/node && touch $ROOT/ready
fi
cat > $ROOT/env.sh <<X
export EARSHOT="$ROOT/node $ROOT/dist/apps/cli/main.js" NODE=$ROOT/node XDG_RUNTIME_DIR=\${XDG_RUNTIME_DIR:-$ROOT}
X
. $ROOT/env.sh
if ! ldconfig -p | grep -q libvulkan.so.1; then for deb in "$HERE"/*.deb; do dpkg -x "$deb" /; done; ldconfig; fi
say "unpacked: Node $($NODE --version), Earshot $($EARSHOT --version)"
[ "$1" = setup ] && exit 0
cd $ROOT || exit 1
measure() { # SECONDS NAME SCRIPT ARGUMENTS…
  local left=$((${LIMIT:-350} - $(date +%s) + START)) limit=$1 name=$2; shift 2
  [ $left -lt 8 ] && { say "left out: $name"; return; }
  say "$name"
  timeout -k 5 $((limit < left ? limit : left)) $NODE "bench/gpu/$@" >> "$OUT/results.jsonl" 2>> "$OUT/log.txt" || say "failed: $name"
}
nvidia-smi >> "$OUT/log.txt" 2>&1
measure 40 "the adapter" adapter.mjs
measure 60 "the same numbers as the processor" equal.mjs webgpu
for size in 512:16 1024:16 2048:64 512:64 1024:64 2048:16; do
  measure 40 "step $size" step.mjs webgpu ${size/:/ } 5
  measure 25 "PyTorch, step $size" torch.mjs cuda rnn-padded ${size/:/ } 8
done
measure 40 "epoch" epoch.mjs webgpu 1024 16
measure 25 "PyTorch, epoch" torch.mjs cuda rnn-padded 1024 16 epoch
measure 60 "GRU" step.mjs webgpu 512 16 5 gru
for size in 512:16 1024:16 2048:64; do measure 60 "step on the processor $size" step.mjs cpu ${size/:/ } 2; done
say done
