#!/usr/bin/env bash
# Prints the GPUs of this host as Spark asks for them, such as {"name": "gpu", "addresses": ["0", "1"]}:
#   --conf spark.worker.resource.gpu.discoveryScript=.../submit/gpu-discovery.sh      (standalone workers)
#   --conf spark.executor.resource.gpu.discoveryScript=.../submit/gpu-discovery.sh    (YARN, Kubernetes)
# Cards in MIG mode are left out: an executor finds a card by its number, and a slice has none.
set -euo pipefail

fail() {
  echo "gpu-discovery: $1" >&2
  exit 1
}

command -v nvidia-smi >/dev/null ||
  fail "there is no nvidia-smi on $(hostname); install NVIDIA's driver, or ask for no GPU"
cards=$(nvidia-smi --query-gpu=index,mig.mode.current --format=csv,noheader 2>&1) ||
  fail "nvidia-smi on $(hostname): ${cards%%$'\n'*}"

addresses=()
while IFS=, read -r index mig; do
  [[ $index =~ ^[0-9]+$ ]] || continue
  if [[ $mig == *Enabled* ]]; then
    echo "gpu-discovery: card $index of $(hostname) is in MIG mode and is left out" >&2
  else
    addresses+=("\"$index\"")
  fi
done <<<"$cards"
((${#addresses[@]})) || fail "no card on $(hostname) that can be used"

list=$(printf ', %s' "${addresses[@]}")
echo "{\"name\": \"gpu\", \"addresses\": [${list:2}]}"
