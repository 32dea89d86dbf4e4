#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs a static program on the guest kernel on a simulated machine, and compares as guest_test.sh does.
#     simulated_test.sh SIMULATOR PROGRAM MACHINE HARTS           compares with qemu-riscv64
#     simulated_test.sh SIMULATOR hostile MACHINE HARTS ATTACKS   only has to live
set -eu
simulator=$1 program=$2 machine=$3 harts=$4 attacks=${5-}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
status=0
# shellcheck disable=SC2086
timeout 250 "$simulator" exec --machine "$machine" --harts "$harts" -- "$program" $attacks \
    </dev/null >"$folder/out" 2>"$folder/err" || status=$?
if [ -n "$attacks" ]; then
    [ $status = 0 ] && [ "$(grep -c 'the kernel lives' "$folder/out")" = 3 ] && exit 0
    echo "status $status; the last it said:"
    tail -5 "$folder/out" "$folder/err"
    exit 1
fi

command -v qemu-riscv64 >/dev/null || { echo "skipped: no qemu-riscv64"; exit 77; }
want_status=0
timeout 120 qemu-riscv64 "$program" >"$folder/want" 2>/dev/null || want_status=$?
if [ $status != $want_status ]; then
    echo "exit status $status, qemu-riscv64: $want_status"
    tail -5 "$folder/out" "$folder/err"
    exit 1
fi
for file in out want; do
    grep -v -e '^spawn' -e '^hello from' "$folder/$file" >"$folder/$file.compared" || :
done
diff "$folder/want.compared" "$folder/out.compared" >"$folder/diff" || { head -20 "$folder/diff"; exit 1; }
