#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# `missive boot --nic` and `--pcap` end to end: a guest that drives two network devices, what the capture holds and when,
# loss, bad input.
# usage: test_nics.sh MISSIVE_SIM GUESTS_DIR
set -u
sim=$1 guests=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failed=0

fail() {
    echo "FAILED: $*"
    failed=1
}

# boot STATUS WORD...: runs the guest
boot() {
    wanted=$1
    shift
    timeout 60 "$sim" boot --timeout 20 --kernel "$guests/nics.elf" "$@" >"$folder/out" 2>"$folder/err" </dev/null
    got=$?
    [ $got = "$wanted" ] || fail "$*: status $got, expected $wanted: $(head -c 400 "$folder/err")"
}

# bad TEXT WORD...: refused with one line that has TEXT
bad() {
    text=$1
    shift
    boot 2 "$@"
    [ "$(wc -l <"$folder/err")" = 1 ] && grep -qF -- "$text" "$folder/err" ||
        fail "$*: one line is expected with: $text; got: $(head -c 400 "$folder/err")"
}

# Two devices on a wire: what one sends the other receives, twice the same
for version in 1 2; do
    for run in 1 2; do
        boot 0 --nic wire=a --nic wire=a,mac=02:00:00:00:00:0A --set virtio.version=$version \
            --pcap "$folder/pcap$run" --trace "$folder/trace$run" --stats "$folder/stats"
    done
    [ "$(head -n 2 "$folder/out")" = "525400123456
02000000000a" ] || fail "the addresses: $(head -c 100 "$folder/out")"
    cmp "$folder/pcap1" "$folder/pcap2" || fail "two runs, two captures"
    cmp "$folder/trace1" "$folder/trace2" || fail "two runs, two traces"
    grep -q '"nic.1.received_bytes":[^0-9]*3831' "$folder/stats" || fail "what was received is not counted"
done
# Header, and for 14 frames 16 bytes and the frame's
[ "$(wc -c <"$folder/pcap1")" = $((24 + 2 * (7 * 16 + 3831))) ] || fail "the capture's size"
if command -v tshark >/dev/null; then
    tshark -r "$folder/pcap1" -T fields -e eth.src -e eth.dst -e frame.len -e frame.time_epoch >"$folder/frames" 2>/dev/null
    [ "$(grep -c '^52:54:00:12:34:56.02:00:00:00:00:0a' "$folder/frames")" = 7 ] &&
        [ "$(grep -c '^02:00:00:00:00:0a.52:54:00:12:34:56' "$folder/frames")" = 7 ] || fail "the capture: $(cat "$folder/frames")"
    cut -f 4 "$folder/frames" | sort -nc || fail "the capture is not in the order of time"
    [ "$(cut -f 4 "$folder/frames" | grep -vc '^1767225600\.000')" = 0 ] || fail "the capture's times"
else
    echo "tshark is not installed: not tried"
fi

# A slow wire takes as long as its bits, each way: 7 frames of 3871 bytes with padding, check sequence and preamble
boot 0 --nic wire=a --nic wire=a --set wire.bits_per_second=10000000 --stats "$folder/stats"
cycles=$(sed -n 's/.*instructions, \([0-9]*\) cycles.*/\1/p' "$folder/err")
[ "$cycles" -gt $((3871 * 800)) ] && [ "$cycles" -lt $((3871 * 800 + 500000)) ] || fail "10 Mbit/s: $cycles cycles"
# Behind a drive; joined to others; none there; everything lost; no other end
head -c 512 /dev/zero >"$folder/disk"
boot 0 --nic wire=a --nic wire=a --nic wire=b --nic wire=b --drive "$folder/disk"
boot 3 --nic wire=a --nic wire=b --nic wire=a --nic wire=b --until 1000000
boot 4 --drive "$folder/disk"
boot 3 --nic wire=a --nic wire=a --set wire.lost_per_million=1000000 --until 2000000 --stats "$folder/stats"
grep -q '"nic.0.wire.lost_frames":[^0-9]*1,' "$folder/stats" || fail "what is lost is not counted"
boot 1 --nic wire=a --nic wire=b

# Bad input
d=$folder/disk
bad "wire=NAME[,mac=ADDRESS] is expected" --nic a
bad "wire=NAME[,mac=ADDRESS] is expected" --nic wire=
bad "wire=NAME[,mac=ADDRESS] is expected" --nic wire=,mac=02:00:00:00:00:01
bad "wire=NAME[,mac=ADDRESS] is expected" --nic wire=a,mtu=9000
for mac in '' 02:00:00:00:00 02:00:00:00:00:0g 02-00-00-00-00-01 02:00:00:00:00:01:02 02:00:00:00:00:1,; do
    bad "six bytes like 52:54:00:12:34:56 are expected" --nic "wire=a,mac=$mac"
done
bad "cannot have a group's address" --nic wire=a,mac=03:00:00:00:00:01
bad "cannot have a group's address" --nic wire=a,mac=00:00:00:00:00:00
bad "is device 0's" --nic wire=a --nic wire=b,mac=52:54:00:12:34:56
bad "joins two devices already" --nic wire=a --nic wire=a --nic wire=a
bad "more than 6 network devices" --nic wire=a --nic wire=a --nic wire=b --nic wire=b --nic wire=c --nic wire=c --nic wire=d
bad "more than 6 drives and network devices" --nic wire=a --nic wire=a --drive $d --drive $d --drive $d --drive $d --drive $d
bad "would be on their way" --nic wire=a --nic wire=a --set wire.latency_cycles=100000000
bad "No such file" --nic wire=a --pcap "$folder/none/pcap"
boot 2 --nic wire=a --nic wire=a --pcap /dev/full
grep -q "not complete: No space left" "$folder/err" || fail "a full disk: $(head -c 400 "$folder/err")"

exit $failed
