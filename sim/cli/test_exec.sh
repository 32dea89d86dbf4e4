#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# `missive exec` end to end: stdin, stdout, stderr, arguments, files and exit status are the program's. And `run`: the same
# trace twice, and with a window beside it. usage: test_exec.sh MISSIVE_SIM PROGRAMS_DIR
set -u
sim=$1 programs=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failed=0

# expect NAME STATUS WANTED_STATUS FILE WANTED_FILE
expect() {
    if [ "$2" != "$3" ] || ! cmp -s "$4" "$5"; then
        echo "FAILED: $1: status $2, expected $3; output (expected after it):"
        head -c 300 "$4"
        head -c 300 "$5"
        failed=1
    fi
}

guest() {
    timeout 60 "$sim" exec --timeout 50 "$@"
}

head -c 100000 /dev/urandom >"$folder/bytes"
{ printf 'Hello from RISC-V\nargument 1: a b\nargument 2: \n'; cat "$folder/bytes"; } >"$folder/wanted"
guest "$programs/hello" --echo --status 37 "a b" "" <"$folder/bytes" >"$folder/got"
expect "stdin from a file" $? 37 "$folder/got" "$folder/wanted"
# shellcheck disable=SC2002 # a pipe is what is meant
cat "$folder/bytes" | guest -- "$programs/hello" --echo --status 255 "a b" "" >"$folder/got"
expect "stdin from a pipe" $? 255 "$folder/got" "$folder/wanted"

echo 'Hello from RISC-V' >"$folder/wanted"
mkfifo "$folder/fifo"
exec 3<>"$folder/fifo" # never at its end, never with anything in it
guest "$programs/hello" <&3 >"$folder/got"
expect "a program that reads nothing does not wait for stdin" $? 0 "$folder/got" "$folder/wanted"
exec 3<&-
guest "$programs/hello" --echo <&- >"$folder/got"
expect "closed stdin" $? 0 "$folder/got" "$folder/wanted"
guest "$programs/hello" --echo </dev/null >&-
expect "closed stdout" $? 0 "$folder/got" "$folder/wanted"
guest "$programs/hello" --note --echo <"$folder/bytes" 2>"$folder/got" | head -c 1 >/dev/null
echo 'a note on stderr' >"$folder/wanted"
expect "a reader of stdout that goes" 0 0 "$folder/got" "$folder/wanted"
yes | { guest "$programs/hello" --echo; echo $? >"$folder/got"; } | head -n 1 >/dev/null
echo 141 >"$folder/wanted"
expect "a reader that goes from a program that writes for ever" 0 0 "$folder/got" "$folder/wanted"
guest "$programs/hello" >/dev/full 2>"$folder/got"
status=$?
echo 'missive exec: stdout: No space left on device' >"$folder/wanted"
expect "a full disk" $status 125 "$folder/got" "$folder/wanted"

# More arguments than any table holds
# shellcheck disable=SC2046 # words are what is meant
guest "$programs/hello" $(seq 1 1000) | tail -n 1 >"$folder/got"
echo 'argument 1000: 1000' >"$folder/wanted"
expect "a thousand arguments" 0 0 "$folder/got" "$folder/wanted"

# A signal ends a run in order, whether it computes or waits for its stdin: statistics and trace are whole.
mkfifo "$folder/silence"
exec 3<>"$folder/silence"
for signal in TERM:143 HUP:129; do
    for input in /dev/zero "$folder/silence"; do
        rm -f "$folder/got" "$folder/stats"
        "$sim" exec --timeout 20 --stats "$folder/stats" --trace "$folder/trace" "$programs/hello" --echo <"$input" \
            >"$folder/got" 2>"$folder/err" 3<&- &
        pid=$!
        sleep 1
        kill -"${signal%:*}" $pid
        wait $pid
        status=$?
        if [ $status != "${signal#*:}" ] || ! grep -q 'ended by signal' "$folder/err" ||
            ! tail -c 3 "$folder/stats" | grep -q '}' || [ ! -s "$folder/trace" ]; then
            echo "FAILED: signal $signal, stdin $input: status $status: $(cat "$folder/err")"
            failed=1
        fi
        [ "$input" != /dev/zero ] || [ -s "$folder/got" ] || { echo "FAILED: signal $signal: no output"; failed=1; }
    done
done
exec 3<&-

guest --file "$folder/bytes:/some/where" -- "$programs/pipe-stream" /some/where >"$folder/got"
status=$?
printf 'pipe-stream: 100000 bytes, crc32 %s\n' \
    "$(gzip -c "$folder/bytes" | tail -c 8 | head -c 4 | od -An -tx4 | tr -d ' ')" >"$folder/wanted"
expect "a file" $status 0 "$folder/got" "$folder/wanted"

"$sim" help exec >"$folder/wanted"
"$sim" exec --help >"$folder/got"
expect "help by option" $? 0 "$folder/got" "$folder/wanted"

# A program that is executed by a relative path finds itself: glibc insists on that when it starts.
cat >"$folder/a.c" <<'END'
#include <unistd.h>
int main(int count, char **arguments)
{
    char path[99];
    return count > 1 ? execl("bin/a", "a", (char *)0) : write(1, path, readlink("/proc/self/exe", path, 99)) != 6;
}
END
if riscv64-linux-gnu-gcc -static -o "$folder/a" "$folder/a.c" 2>/dev/null; then
    guest -- "$folder/a" again >"$folder/got" 2>&1
    status=$?
    printf /bin/a >"$folder/wanted"
    expect "a relative path" $status 0 "$folder/got" "$folder/wanted"
fi

run() {
    timeout 120 "$sim" run pipe-pingpong --machine smart-bus --set hosts=2 --set message_bytes=64 --set count=20 \
        "$@" >/dev/null 2>"$folder/err" || { cat "$folder/err"; failed=1; }
}
run --trace "$folder/trace1" --stats "$folder/stats1"
run --trace "$folder/trace2" --stats "$folder/stats2"
run --trace "$folder/trace3" --screenshot "$folder/picture.png" --at 300000
run --trace "$folder/trace4" --seed 2
expect "two runs, one trace" 0 0 "$folder/trace1" "$folder/trace2"
expect "two runs, one result" 0 0 "$folder/stats1" "$folder/stats2"
expect "a window changes nothing" 0 0 "$folder/trace1" "$folder/trace3"
if cmp -s "$folder/trace1" "$folder/trace4"; then
    echo "FAILED: another seed, the same trace"
    failed=1
fi
exit $failed
