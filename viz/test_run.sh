#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# test_run.sh SIMULATOR VIEWER POSITIONS MACHINE: the window on a real run. What is drawn is where the trace says; a picture of the
# run as it happens is, byte for byte, that of its trace; the run's trace does not depend on the window.
# Ends with 77 (skipped) where the simulator is not built.
set -eu
simulator=$1 viewer=$2 positions=$3 machine=$4
[ -x "$simulator" ] && [ -x "$viewer" ] || { echo "not built: $simulator or $viewer"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
run() { timeout 120 "$simulator" run pipe-pingpong --machine "$machine" --set count=20 --set warmup=5 "$@" 2>log || { cat log; exit 1; }; }

run --trace plain.trace
"$positions" plain.trace | tee positions.log
span=$(sed -n 's/.*: cycles \([0-9]*\) to \([0-9]*\),.*/\1 \2/p' positions.log)
first=${span% *} last=${span#* }

for at in $(((first + last) / 2)) $(((first + 4 * last) / 5)); do
	run --trace watched.trace --screenshot "live-$at.png" --at "$at"
	cmp plain.trace watched.trace
	"$viewer" --trace plain.trace --screenshot "recorded-$at.png" --at "$at"
	cmp "live-$at.png" "recorded-$at.png"
	echo "cycle $at: the live picture is the recorded one"
done
