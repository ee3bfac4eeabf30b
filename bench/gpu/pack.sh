#!/bin/bash
# Packs Earshot for a Linux x64 machine with a GPU and without a network or Node: Node, the runtime, the built library, these
# benches and run.sh, compressed (about 40 MB).   bash bench/gpu/pack.sh FOLDER    then, there: bash FOLDER/run.sh
# Where that machine has no Vulkan loader, put packages of it (libvulkan1 and, for some drivers, libegl1, libglvnd0) beside run.sh.
set -e
[ -n "$1" ] || { sed -n 2,5p "$0"; exit 2; }
mkdir -p "$1"; TO=$(cd "$1" && pwd); cd "$(dirname "$0")/../.."
STAGE=$(mktemp -d); trap 'rm -rf "$STAGE"' EXIT
BIN=onnxruntime-node/bin/napi-v6/linux/x64
cp -r dist package.json bench "$STAGE"
npm ls --omit=dev --all --parseable | sed -n 's#^.*/node_modules/#node_modules/#p' | sort -u | while read -r path; do
  [ "$path" = node_modules/onnxruntime-node ] && continue
  mkdir -p "$STAGE/$(dirname "$path")"; cp -r "$path" "$STAGE/$(dirname "$path")"
done
mkdir -p "$STAGE/node_modules/$BIN"
cp -r node_modules/onnxruntime-node/{dist,package.json} "$STAGE/node_modules/onnxruntime-node"
cp node_modules/$BIN/onnxruntime_binding.node "$STAGE/node_modules/$BIN"
find "$STAGE" \( -name '*.map' -o -name '*.md' -o -path '*/node_modules/*.ts' -o -name '*.d.ts' \) -delete
tar -C "$STAGE" -c . | xz -3 > "$TO/earshot.tar.xz"
cp "$(readlink -f "$(which node)")" "$STAGE/node"; strip "$STAGE/node"; xz -6 < "$STAGE/node" > "$TO/node.xz"
xz -6 < node_modules/$BIN/libonnxruntime.so.1 > "$TO/libonnxruntime.so.1.xz"
cp bench/gpu/run.sh "$TO"
du -sh "$TO"
