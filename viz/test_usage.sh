#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# test_usage.sh VIEWER: bad usage and bad input give status 2 and one line that says what would be right.
set -u
viewer=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failed=0
expect() { # expect PART-OF-THE-LINE ARGUMENT...
	part=$1
	shift
	timeout 20 "$viewer" "$@" >out 2>err </dev/null
	status=$?
	if [ $status -ne 2 ] || [ "$(wc -l <err)" -ne 1 ] || ! grep -qF -- "$part" err; then
		echo "missive-viz $*: status $status, wanted 2 and one line with \"$part\", got:"
		cat err
		failed=1
	fi
}
printf 'MISSIVE' >short.trace
head -c 5000 /dev/zero >zero.trace
expect "--trace FILE or --live NAME"
expect "--trace FILE or --live NAME" --trace a --live /b
expect "unknown option" --colour
expect "needs a value" --trace
expect "a command goes with --live" --trace zero.trace -- true
expect "a number such as" --trace zero.trace --screenshot a.png --at soon
expect "--at goes with --screenshot" --trace zero.trace --at 5
expect "WIDTHxHEIGHT" --trace zero.trace --size 10x10
expect "message:N or hart:N" --trace zero.trace --select bus
expect "No such file" --trace none.trace
expect "not a Missive trace" --trace zero.trace --screenshot a.png
expect "short.trace" --trace short.trace --screenshot a.png
expect "ended before" --live "/missive-usage-$$" -- false
exit $failed
