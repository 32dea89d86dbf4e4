#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs a static program on the guest kernel under qemu-system-riscv64 and compares what it prints, and its exit status,
# with qemu-riscv64's answer (a real kernel's, but for what its user mode cannot do: posix_spawn).
#     guest_test.sh KERNEL MAKE_ARCHIVE PROGRAM HARTS COPROCESSORS
#     guest_test.sh KERNEL MAKE_ARCHIVE hostile HARTS COPROCESSORS VICTIM   only has to live, with damaged copies of VICTIM
# Status 77: a tool is missing. Lines "NAME: process N killed by" are the kernel's own and not compared.
set -eu
kernel=$1 make_archive=$2 program=$3 harts=$4 coprocessors=$5 victim=${6-}

for tool in qemu-system-riscv64 qemu-riscv64 fdtput; do
    command -v $tool >/dev/null || { echo "skipped: no $tool"; exit 77; }
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

damaged=
if [ -n "$victim" ]; then
    for seed in $(seq 1 60); do damaged="$damaged -$seed $victim"; done
fi
# shellcheck disable=SC2086
"$make_archive" "$folder/archive" "$program" -- $damaged

machine="-M virt,aclint=on -m 128M -smp $((harts + coprocessors)) -nographic -bios none"
tree=
if [ "$coprocessors" -gt 0 ]; then
    qemu-system-riscv64 -M virt,aclint=on,dumpdtb="$folder/tree" -m 128M -smp $((harts + coprocessors)) \
        -nographic -bios none -kernel "$kernel" -initrd "$folder/archive" >"$folder/dump" 2>&1
    for i in $(seq "$harts" $((harts + coprocessors - 1))); do
        fdtput -t s "$folder/tree" "/cpus/cpu@$i" missive,role coprocessor
    done
    tree="-dtb $folder/tree"
fi
got_status=0
# shellcheck disable=SC2086
timeout 120 qemu-system-riscv64 $machine -kernel "$kernel" -initrd "$folder/archive" $tree \
    </dev/null >"$folder/out" 2>&1 || got_status=$?

if [ -n "$victim" ]; then
    if [ $got_status != 0 ] || [ "$(grep -c 'the kernel lives' "$folder/out")" != 3 ]; then
        echo "status $got_status; the last it said:"
        tail -5 "$folder/out"
        exit 1
    fi
    exit 0
fi

want_status=0
timeout 120 qemu-riscv64 "$program" >"$folder/want" 2>/dev/null || want_status=$?
compared() {
    grep -v -e '^[a-z]*: process [0-9]* killed by' -e '^spawn' -e '^hello from' "$1" || :
}
compared "$folder/out" >"$folder/out.compared"
compared "$folder/want" >"$folder/want.compared"
if [ $got_status != $want_status ]; then
    echo "exit status $got_status, qemu-riscv64: $want_status"
    tail -5 "$folder/out"
    exit 1
fi
diff "$folder/want.compared" "$folder/out.compared" >"$folder/diff" || { head -20 "$folder/diff"; exit 1; }
if grep -q '^spawn' "$folder/want"; then
    for line in 'spawn: 0' 'hello from again' 'spawned: reaped, status 3' 'spawn nothing: 2'; do
        grep -qx "$line" "$folder/out" || { echo "missing: $line"; exit 1; }
    done
fi
