#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Probes cost nothing: the kernel has probes, and without them it is the same, byte for byte.
#     probes_test.sh OBJCOPY KERNEL KERNEL_WITHOUT
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$1" -O binary "$2" "$folder/with"
"$1" -O binary "$3" "$folder/without"
"$1" -O binary --only-section=.missive.probes --set-section-flags .missive.probes=alloc "$2" "$folder/probes"
[ -s "$folder/probes" ] || { echo "the kernel has no probes"; exit 1; }
[ -s "$folder/with" ] || { echo "the kernel has no code"; exit 1; }
cmp "$folder/with" "$folder/without"
