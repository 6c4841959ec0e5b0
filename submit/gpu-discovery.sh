#!/usr/bin/env bash
# Prints the GPUs of this host in Spark's format, such as {"name": "gpu", "addresses": ["0", "1"]}.
# Spark runs this script if one of these settings names it:
#   --conf spark.worker.resource.gpu.discoveryScript=.../submit/gpu-discovery.sh      (standalone workers)
#   --conf spark.executor.resource.gpu.discoveryScript=.../submit/gpu-discovery.sh    (YARN, Kubernetes)
# GPUs in MIG mode are skipped: an executor selects a GPU by its index, and a MIG slice has none.
set -euo pipefail

fail() {
  echo "gpu-discovery: $1" >&2
  exit 1
}

command -v nvidia-smi >/dev/null ||
  fail "nvidia-smi: not found on $(hostname). Install the NVIDIA driver, or request no GPUs."
gpus=$(nvidia-smi --query-gpu=index,mig.mode.current --format=csv,noheader 2>&1) ||
  fail "nvidia-smi: failed on $(hostname): ${gpus%%$'\n'*}"

addresses=()
while IFS=, read -r index mig; do
  [[ $index =~ ^[0-9]+$ ]] || continue
  if [[ $mig == *Enabled* ]]; then
    echo "gpu-discovery: GPU $index: skipped on $(hostname) because it is in MIG mode. Disable MIG mode to use it." >&2
  else
    addresses+=("\"$index\"")
  fi
done <<<"$gpus"
((${#addresses[@]})) || fail "no usable GPU on $(hostname): nvidia-smi lists none outside MIG mode. Disable MIG mode, or request no GPUs."

list=$(printf ', %s' "${addresses[@]}")
echo "{\"name\": \"gpu\", \"addresses\": [${list:2}]}"
