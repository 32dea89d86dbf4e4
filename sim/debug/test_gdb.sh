#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A real debugger on the stub: break, step, watch, look and change, interrupt, detach, kill, in the kernel and in a user
# program. usage: test_gdb.sh MISSIVE_SIM PROGRAMS_DIR KERNEL
set -u
sim=$1 programs=$2 kernel=$3
command -v gdb-multiarch >/dev/null || { echo "skipped: no gdb-multiarch"; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failed=0

# session FILE PROGRAM...: the commands on stdin, on two harts; leaves what gdb said, the guest's output and the status.
session() {
    file=$1
    shift
    { printf 'set pagination off\nset confirm off\nset breakpoint pending off\n'; cat; } >"$folder/commands"
    rm -f "$folder/err"
    timeout 60 "$sim" exec --gdb 0 --harts 2 --timeout 50 $options -- "$@" >"$folder/out" 2>"$folder/err" </dev/null &
    pid=$!
    port=
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        port=$(sed 2>/dev/null -n 's/.*127.0.0.1:\([0-9]*\)$/\1/p' "$folder/err")
        [ -n "$port" ] && break
        sleep 0.2
    done
    sh -c 'echo $$ >"$0/pid"; exec gdb-multiarch -nx -q -batch "$1" -ex "target remote 127.0.0.1:$2" \
        -x "$0/commands"' "$folder" "$file" "$port" >"$folder/gdb" 2>&1
    wait "$pid"
    status=$?
}
options=

# says NAME PATTERN...: each is somewhere in what gdb said.
says() {
    name=$1
    shift
    for pattern in "$@"; do
        grep -Eq -- "$pattern" "$folder/gdb" && continue
        echo "FAILED: $name: gdb did not say '$pattern' but:"
        cat "$folder/gdb"
        failed=1
        return
    done
}

# ends NAME STATUS OUTPUT: of the guest.
ends() {
    [ "$status" = "$2" ] && [ "$(cat "$folder/out")" = "$3" ] && return
    echo "FAILED: $1: status $status, expected $2; output: $(cat "$folder/out" "$folder/err")"
    failed=1
}

session "$programs/hello" "$programs/hello" --status 7 <<'COMMANDS'
break main
continue
printf "argc %d\n", (int)$a0
printf "user mode %d\n", (int)$priv
set $pc_before = $pc
stepi
printf "moved %d\n", (int)($pc - $pc_before)
watch *(long *)&status
continue
delete
break write if $a0 == 1
continue
x/s $a1
set var *(char *)$a1 = 'J'
delete
continue
COMMANDS
says "a user program" 'Breakpoint 1, .*main' 'argc 3' 'user mode 0' 'moved [24]$' 'hit Hardware watchpoint 2' \
    'New value = 7' 'Breakpoint 3, .*write' '"Hello from RISC-V' 'exited with code 07'
ends "a user program" 7 "Jello from RISC-V"

session "$kernel" "$programs/hello" <<'COMMANDS'
hbreak syscall_dispatch
continue
backtrace
info threads
monitor info machine
print/x $scause
print $fcsr
eval "awatch *(unsigned long *)%lu", $sp
delete 1
continue
print/x $pc
delete
detach
COMMANDS
says "the kernel" 'Breakpoint 1, .*syscall_dispatch' '#1 .*trap_handle' 'Thread 2 .*hart 1, S-mode' '2 hosts' \
    '= 0x8$' 'hit Hardware access .* watchpoint 2' 'detached'
ends "the kernel, detached" 0 "Hello from RISC-V"

session "$kernel" "$programs/hello" <<'COMMANDS'
break kernel_trap
break trap_handle
continue
set scheduler-locking on
stepi 20
thread 2
print/x $mhartid
kill
COMMANDS
says "kill" '= 0x1$' 'killed'
ends "kill" 125 ""
grep -q 'the debugger ended the run' "$folder/err" || { echo "FAILED: kill: $(cat "$folder/err")"; failed=1; }

rm "$folder/gdb"
options="--timeout 10" # longer than it takes to interrupt, on any host
(
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        grep -q going "$folder/gdb" 2>/dev/null && break
        sleep 0.2
    done
    sleep 0.3
    kill -INT "$(cat "$folder/pid")"
) &
session "$programs/bad" "$programs/bad" loop <<'COMMANDS'
printf "going\n"
continue
info threads
detach
COMMANDS
wait
says "interrupt" 'received signal SIGINT' 'Thread 1 .*bad_loop' 'detached'
ends "interrupt" 4 ""

# A debugger that only lets it run changes no event.
"$sim" exec --harts 2 --trace "$folder/plain.trace" -- "$programs/hello" >/dev/null </dev/null
options="--trace $folder/debugged.trace"
echo continue | session "$programs/hello" "$programs/hello"
cmp "$folder/plain.trace" "$folder/debugged.trace" || { echo "FAILED: another trace under a debugger"; failed=1; }

exit "$failed"
