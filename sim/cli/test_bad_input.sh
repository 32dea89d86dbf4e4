#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Bad usage and bad input, end to end: each case ends with the expected status, says exactly one line on stderr, and that line
# names what is wrong. usage: test_bad_input.sh MISSIVE_SIM PROGRAMS_DIR
set -u
sim=$1 programs=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failed=0

# bad STATUS TEXT WORD...: TEXT is part of the line.
bad() {
    expected=$1 text=$2
    shift 2
    timeout 60 "$sim" "$@" >"$folder/out" 2>"$folder/err" </dev/null
    status=$?
    lines=$(wc -l <"$folder/err")
    if [ $status != "$expected" ] || [ "$lines" != 1 ] || ! grep -qF -- "$text" "$folder/err"; then
        echo "FAILED: $*"
        echo "  expected status $expected and one line with: $text"
        echo "  got status $status and $lines lines: $(head -c 400 "$folder/err")"
        failed=1
    fi
}

# The command line
bad 2 "a command is expected"
bad 2 "there is no command 'rnu'; did you mean 'run'?" rnu
bad 2 "there is no command ''" ""
bad 2 "there is no command 'a?b'" "a
b"
bad 2 "a scenario is expected" run
bad 2 "one scenario is expected" run hello hello
bad 2 "there is no option '--machin3'; did you mean '--machine'?" run --machin3 x hello
bad 2 "there is no option '--sets'; did you mean '--set'?" run hello --sets a=b
bad 2 "there is no option '-x'" run -x hello
bad 2 "there is no option '-x'" run hello -xyz
bad 2 "--viz takes no value" run hello --viz=1
bad 2 "--machine: MACHINE is expected" run hello --machine
bad 2 "--until: 'soon' is not a whole number" run hello --until soon
bad 2 "--until: '-5' is not a whole number" run hello --until=-5
bad 2 "--timeout: '0' is not a number of seconds above 0" run hello --timeout 0
bad 2 "--timeout: 'nan'" run hello --timeout nan
bad 2 "--seed: 'x' is not a whole number" run hello --seed x
bad 2 "--screenshot FILE and --at CYCLE go together" run hello --screenshot a.png
bad 2 "there is no list 'machine'; did you mean 'machines'?" list machine
bad 2 "one of machines, scenarios" list
bad 2 "there is no command 'nothing'" help nothing
bad 2 "no argument is expected" version 1
bad 2 "no argument is expected" demo fast
bad 2 "one trace file is expected" view
unset DISPLAY WAYLAND_DISPLAY SDL_VIDEODRIVER
bad 2 "there is no display here" run hello --viz
bad 2 "No such file" view "$folder/none"
bad 2 "there is no display here" view "$0"
bad 2 "carried out by the script" doctor
bad 2 "did you mean 'doctor'?" doctr
bad 2 "cannot be written" run hello --screenshot /nowhere/a.png --at 3000

# Names and values
bad 2 "there is no scenario 'pingpong'" run pingpong
bad 2 "there is no such scenario file" run "$folder/none.yaml"
bad 2 "a file of at most 1 MiB is expected" run "$folder/"
bad 2 "there is no machine 'smartbus'; did you mean 'smart-bus'?" run pipe-pingpong --machine smartbus
bad 2 "there is no key or parameter 'mesage_bytes'; did you mean 'message_bytes'?" run pipe-pingpong --set mesage_bytes=8
bad 2 "message_bytes: '0' is not a whole number from 1" run pipe-pingpong --set message_bytes=0
bad 2 "'fast' is neither full nor none" run pipe-pingpong --timing fast
bad 2 "there is no time to compare" compare pipe-pingpong --set machine.timing=none
bad 2 "one value is expected" run pipe-pingpong --set message_bytes=8,64
bad 2 "KEY=VALUE is expected" run pipe-pingpong --set message_bytes
bad 2 "there is no key or parameter 'bus.word_byte'; did you mean 'bus.word_bytes'?" run hello --set bus.word_byte=8
bad 2 "is not a power of two" run hello --set bus.word_bytes=9
bad 2 "No such file" run pipe-stream --set file=/nowhere/at/all
bad 2 "more than 64 harts" run hello --set machine.hosts=64 --set machine.coprocessors=8
bad 2 "--trace" run hello --trace /nowhere/at/all
bad 2 "--stats" run hello --stats /nowhere/at/all
bad 2 "no-such-channel" run hello --live /no-such-channel

# YAML: file, line, column
printf 'doc: x\nprogram: hello\nkeys: {a: [}\n' >"$folder/broken.yaml"
bad 2 "broken.yaml:3:12: broken YAML" run "$folder/broken.yaml"
printf 'doc: x\nprogram: hello\n  machine: x\n' >"$folder/indent.yaml"
bad 2 "indent.yaml:3:10: broken YAML" run "$folder/indent.yaml"
printf 'doc: x\nprogram: helo\n' >"$folder/program.yaml"
bad 2 "program.yaml:2:10: program" run "$folder/program.yaml"
printf 'doc: x\nparameters:\n  machine.hosts: many\n' >"$folder/machine.yaml"
bad 2 "machine.yaml:3:18: machine.hosts: 'many' is not a whole number" run hello --machine "$folder/machine.yaml"
head -c 3000 /dev/urandom >"$folder/random.yaml"
bad 2 "random.yaml:" run "$folder/random.yaml"
bad 2 "random.yaml:" run hello --machine "$folder/random.yaml"

# Programs
echo 'echo hello' >"$folder/script"
head -c 40 "$programs/hello" >"$folder/cut40"
head -c 3000 "$programs/hello" >"$folder/cut3000"
: >"$folder/empty"
cp /bin/sh "$folder/native"
printf 'int main(void) { return 0; }\n' >"$folder/a.c"
bad 2 "a program is expected" exec
bad 2 "a program is expected" exec --
bad 2 "--stats: FILE is expected" exec --stats -- "$programs/hello"
bad 2 "No such file" exec "$folder/none"
bad 2 "not a file" exec "$folder"
bad 2 "not an ELF program" exec "$folder/script"
bad 2 "not an ELF program" exec "$folder/empty"
bad 2 "cut short" exec "$folder/cut40"
bad 2 "cut short" exec "$folder/cut3000"
bad 2 "built for another machine" exec "$folder/native"
if riscv64-linux-gnu-gcc -o "$folder/dynamic" "$folder/a.c" 2>/dev/null; then
    bad 2 "link it with -static" exec "$folder/dynamic"
fi
bad 2 "there is no option '--hartz'; did you mean '--harts'?" exec --hartz 2 "$programs/hello"
bad 2 "machine.hosts: '0' is not" exec --harts 0 "$programs/hello"
bad 2 "machine.hosts: '65' is not" exec --harts 65 "$programs/hello"
bad 2 "there is no parameter 'a.b'" exec --set a.b=1 "$programs/hello"
bad 2 "No such file" exec --file /nowhere/at/all "$programs/hello"
bad 2 "without '..'" exec --file ../x "$programs/hello"
long=$(head -c 70000 /dev/zero | tr '\0' x)
bad 2 "at most 131072 are expected" exec "$programs/hello" "$long" "$long"
bad 125 "--stats /dev/full: not complete: No space left" exec --stats /dev/full "$programs/hello"

# Programs that do wrong, and limits: each has its own status and its one line.
bad 139 "killed by SIGSEGV" exec "$programs/bad" null
bad 139 "killed by SIGSEGV" exec "$programs/bad" jump
bad 139 "killed by SIGSEGV" exec "$programs/bad" kernel-write
bad 132 "killed by SIGILL" exec "$programs/bad" illegal
bad 137 "the machine's 32 MiB of memory are full" exec --set machine.ram_mib=32 "$programs/bad" all-memory
bad 138 "its handler cannot be run" exec "$programs/bad" handler
bad 3 "cycle 2000000 reached" exec --until 2000000 "$programs/bad" loop
bad 4 "(--timeout)" exec --timeout 1 "$programs/bad" loop

exit $failed
