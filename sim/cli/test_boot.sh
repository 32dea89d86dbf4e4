#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# `missive boot` end to end: places and forms of images, HTIF, the finisher, Debian's OpenSBI, the terminal, bad input.
# usage: test_boot.sh MISSIVE_SIM GUESTS_DIR
set -u
sim=$1 guests=$2
opensbi=/usr/lib/riscv64-linux-gnu/opensbi/generic
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failed=0

boot() {
    timeout 60 "$sim" boot --timeout 20 "$@" >"$folder/out" 2>"$folder/err"
}

# status NAME WANTED WORD...: the guest's status, with its one line, and the summary
status() {
    name=$1 wanted=$2
    shift 2
    boot "$@" </dev/null
    got=$?
    if [ $got != "$wanted" ] || ! tail -n 1 "$folder/err" | grep -q 'guest MIPS$'; then
        echo "FAILED: $name: status $got, expected $wanted: $(head -c 400 "$folder/err")"
        failed=1
    fi
}

# bad TEXT WORD...: refused with one line that has TEXT
bad() {
    text=$1
    shift
    boot "$@" </dev/null
    got=$?
    if [ $got != 2 ] || [ "$(wc -l <"$folder/err")" != 1 ] || ! grep -qF -- "$text" "$folder/err"; then
        echo "FAILED: $*: status $got, expected 2 and one line with: $text; got: $(head -c 400 "$folder/err")"
        failed=1
    fi
}

contains() { # NAME TEXT
    grep -qF -- "$2" "$folder/out" || { echo "FAILED: $1: no '$2' in: $(tail -c 400 "$folder/out")"; failed=1; }
}

for name in machine supervisor; do
    riscv64-linux-gnu-objcopy -O binary "$guests/$name.elf" "$folder/$name.bin"
done
# The same without the header's magic: raw code.
{ head -c 56 "$folder/machine.bin"; printf '\0\0\0\0'; tail -c +61 "$folder/machine.bin"; } >"$folder/raw.bin"

# Where images go, and what the harts find
status "an ELF" 1 --kernel "$guests/machine.elf"
status "a raw image" 1 --bios none --kernel "$folder/raw.bin"
status "a Linux Image" 5 --kernel "$folder/machine.bin"
status "firmware alone begins" 1 --bios "$folder/raw.bin" --kernel "$folder/supervisor.bin"
status "little RAM" 1 --kernel "$folder/raw.bin" --memory 32M --append "a b" --initrd "$guests/machine.elf"
status "much RAM" 1 --kernel "$folder/raw.bin" --memory 8G --harts 64
status "--until" 3 --kernel "$guests/spin.elf" --until 20000
status "--timeout" 4 --kernel "$guests/spin.elf" --timeout 0.2
status "nothing to wake it" 1 --kernel "$guests/doze.elf"
grep -q "nothing is left that could raise one" "$folder/err" || { echo "FAILED: nothing to wake it: $(cat "$folder/err")"; failed=1; }
for timing in full none; do
    status "mtime is set" 0 --kernel "$guests/clock.elf" --harts 2 --timing $timing
    status "a jump to nowhere" 4 --kernel "$guests/lost-nowhere.elf" --timeout 0.2 --timing $timing
    status "a jump to nowhere" 3 --kernel "$guests/lost-nowhere.elf" --until 20000 --timing $timing
    status "page tables outside RAM" 0 --kernel "$guests/lost-tables.elf" --timing $timing
done
boot --kernel "$guests/machine.elf" --stats "$folder/stats" --trace "$folder/trace" </dev/null
[ -s "$folder/stats" ] && [ -s "$folder/trace" ] || { echo "FAILED: no statistics, or no trace"; failed=1; }

# Compressed kernels
gzip -c "$folder/machine.bin" >"$folder/Image.gz"
gzip -c "$guests/machine.elf" >"$folder/machine.elf.gz"
le32() { printf "\\$(printf %03o $(($1 & 255)))\\$(printf %03o $(($1 >> 8 & 255)))\\0\\0"; }
zboot() { # SIZE METHOD: an EFI image that says this of its kernel
    printf 'MZ\0\0zimg'
    le32 64
    le32 "$1"
    printf '\0\0\0\0\0\0\0\0%s' "$2"
    head -c 36 /dev/zero
    cat "$folder/Image.gz"
}
packed=$(stat -c %s "$folder/Image.gz")
zboot "$packed" gzip >"$folder/vmlinuz"
zboot "$packed" zstd >"$folder/vmlinuz.zstd"
zboot $((packed + 1)) gzip >"$folder/vmlinuz.cut"
head -c 30 "$folder/Image.gz" >"$folder/cut.gz"
truncate -s 40M "$folder/big"
gzip -c "$folder/big" >"$folder/big.gz"
status "a Linux Image by gzip" 5 --kernel "$folder/Image.gz"
status "an ELF by gzip" 1 --kernel "$folder/machine.elf.gz"
status "an EFI image" 5 --kernel "$folder/vmlinuz"
bad "compressed by zstd, gzip is expected; unpack it: tail -c +65 FILE | head -c $packed | zstd -d >Image" --kernel "$folder/vmlinuz.zstd"
bad "cut short: its kernel ends at byte" --kernel "$folder/vmlinuz.cut"
bad "compressed by gzip, and broken or cut short" --kernel "$folder/cut.gz"
bad "unpacked, it does not fit into RAM of 32 MiB" --kernel "$folder/big.gz" --memory 32M

# A drive: its number or its name, what is in it, and what stays of what is written
printf 'first sector\n' >"$folder/disk"
truncate -s 8704 "$folder/disk"
cp "$folder/disk" "$folder/disk.before"
for version in 1 2; do
    status "a drive" 0 --kernel "$guests/disk.elf" --drive "$folder/disk" --set virtio.version=$version
    contains "a drive's number" missive-0
    contains "a drive's content" "first sector"
    cmp -s "$folder/disk" "$folder/disk.before" || { echo "FAILED: a drive that is not rw was written to"; failed=1; }
done
status "a drive with a name" 0 --kernel "$guests/disk.elf" --drive "$folder/disk,serial=root-of-all,rw"
contains "a drive's name" root-of-all
[ "$(head -n 1 "$folder/disk")" = "written by the guest" ] || { echo "FAILED: a drive that is rw was not written to"; failed=1; }
[ "$(stat -c %s "$folder/disk")" = 8704 ] || { echo "FAILED: a drive changed its size"; failed=1; }

# A reset by the guest
for number in 1 2; do
    status "a reset" 0 --harts 4 --kernel "$guests/reset.elf" --stats "$folder/stats" --trace "$folder/trace$number"
    contains "a reset" again
    grep -q warning "$folder/err" && { echo "FAILED: a reset: $(cat "$folder/err")"; failed=1; }
done
cmp "$folder/trace1" "$folder/trace2" || { echo "FAILED: a reset: two runs, two traces"; failed=1; }
status "a reset on a smart bus" 0 --harts 3 --kernel "$guests/reset.elf" --machine smart-bus
if command -v gdb-multiarch >/dev/null; then
    rm -f "$folder/err"
    boot --harts 4 --kernel "$guests/reset.elf" --gdb 0 </dev/null &
    pid=$!
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        port=$(sed 2>/dev/null -n 's/.*127.0.0.1:\([0-9]*\)$/\1/p' "$folder/err")
        [ -n "$port" ] && break
        sleep 0.2
    done
    timeout 50 gdb-multiarch -nx -q -batch "$guests/reset.elf" -ex "target remote 127.0.0.1:$port" -ex 'break again' \
        -ex continue -ex 'set *(long *)&value = 5' -ex 'monitor reset' -ex 'maintenance flush register-cache' \
        -ex 'printf "pc %x value %d\n", (int)$pc, *(long *)&value' -ex 'delete' -ex continue >"$folder/gdb" 2>&1
    wait $pid
    [ $? = 0 ] && grep -q 'pc 80000000 value 77' "$folder/gdb" || { echo "FAILED: monitor reset: $(cat "$folder/gdb")"; failed=1; }
    contains "monitor reset" again
fi

# HTIF: the bytes, and the status
printf '?' >"$folder/in"
for harts in 1 4; do
    boot --kernel "$guests/htif.elf" --harts $harts --stats "$folder/stats" <"$folder/in"
    got=$?
    if [ $got != 5 ] || [ "$(cat "$folder/out")" != "ok write?" ] || [ "$(wc -l <"$folder/err")" != 2 ]; then
        echo "FAILED: HTIF on $harts: status $got, '$(head -c 100 "$folder/out")', $(head -c 400 "$folder/err")"
        failed=1
    fi
done
for number in 1 2; do
    boot --kernel "$guests/htif.elf" --harts 2 --trace "$folder/trace$number" <"$folder/in"
done
cmp "$folder/trace1" "$folder/trace2" || { echo "FAILED: HTIF: two runs, two traces"; failed=1; }

# Debian's firmware: its banner, then the next stage, with all harts
if [ -d "$opensbi" ]; then
    for firmware in fw_jump.bin fw_jump.elf fw_dynamic.bin fw_dynamic.elf; do
        for harts in 1 4; do
            status "$firmware" 0 --bios "$opensbi/$firmware" --kernel "$folder/supervisor.bin" --harts $harts
            contains "$firmware on $harts" "OpenSBI v"
            contains "$firmware on $harts" "Platform HART Count       : $harts"
            contains "$firmware on $harts" "next stage: $harts"
        done
    done
    bad "overlaps the firmware" --bios "$opensbi/fw_jump.elf" --kernel "$guests/machine.elf"
    for type in cold warm; do
        riscv64-linux-gnu-objcopy -O binary "$guests/reboot-$type.elf" "$folder/reboot.bin"
        status "a $type reboot" 3 --bios "$opensbi/fw_jump.bin" --kernel "$folder/reboot.bin" --harts 2 --timing none --until 30000000
        [ "$(grep -c 'OpenSBI v' "$folder/out")" -gt 1 ] || { echo "FAILED: a $type reboot: $(tail -c 400 "$folder/out")"; failed=1; }
    done
else
    echo "Debian's package opensbi is not installed: not tried"
fi

# Ctrl-A X ends a guest that reads nothing, and the terminal is as it was.
printf '%s boot --kernel %s --timeout 20; echo "status $?"; stty -a\n' "$sim" "$guests/spin.elf" >"$folder/session"
{ sleep 2; printf '\001x'; sleep 1; } | timeout 60 script -qec "sh $folder/session" /dev/null >"$folder/out" 2>&1
contains "Ctrl-A X" "status 0"
contains "the terminal after it" " icanon"
contains "the terminal after it" " echo "
contains "the terminal after it" "isig "

# While an idle guest may yet hear something, its time passes as the host's does; from a file, nothing is waited for.
paced() { # NAME TEST: of cycles and host seconds, as the summary says them
    awk -v name="$1" "/guest MIPS/ { cycles = \$5; seconds = \$7 }
        END { if (!($2)) { print \"FAILED: \" name \": \" cycles \" cycles in \" seconds \" s\"; exit 1 } }" "$folder/err" || failed=1
}
{ sleep 1; printf 'a'; sleep 1; printf 'q'; sleep 1; } | boot --kernel "$guests/idle.elf" --harts 2
[ $? = 7 ] || { echo "FAILED: idle at a pipe: $(head -c 400 "$folder/err")"; failed=1; }
paced "idle at a pipe" "cycles > 1e8 && cycles < (seconds + 0.2) * 1e9"
printf 'abq' >"$folder/in"
boot --kernel "$guests/idle.elf" <"$folder/in"
[ $? = 7 ] || { echo "FAILED: idle, with a file: $(head -c 400 "$folder/err")"; failed=1; }
paced "idle, with a file" "cycles > 0 && cycles < 1e7"

# Ctrl-C is the guest's; SIGTERM ends the run in order, and the terminal is as it was. Ctrl-A H helps.
printf '%s boot --kernel %s --timeout 20 --stats %s; echo "status $?"; stty -a\n' "$sim" "$guests/spin.elf" "$folder/stats" >"$folder/session"
rm -f "$folder/stats"
{ sleep 1; printf '\003\001h'; sleep 1; kill "$(pgrep -f "boot --kernel $guests/spin.elf --timeout 20 --stats $folder/stats" | tail -n 1)"; sleep 1; } |
    timeout 60 script -qec "sh $folder/session" /dev/null >"$folder/out" 2>&1
contains "SIGTERM" "status 143"
contains "Ctrl-A H" "Ctrl-A X  end the run"
contains "the terminal after SIGTERM" " icanon"
[ -s "$folder/stats" ] || { echo "FAILED: SIGTERM: no statistics"; failed=1; }

# Bad input
: >"$folder/empty"
printf '#!/bin/sh\n' >"$folder/script"
head -c 200 "$guests/machine.elf" >"$folder/cut"
cp "$guests/machine.elf" "$folder/rve"
printf '\010' | dd of="$folder/rve" bs=1 seek=48 conv=notrunc 2>/dev/null
riscv64-linux-gnu-objcopy --add-symbol tohost=0x1000 "$guests/machine.elf" "$folder/outside"
riscv64-linux-gnu-objcopy --add-symbol tohost=0x80000004 "$guests/machine.elf" "$folder/odd"
bad "--kernel FILE is expected"
bad "no operand is expected" "$guests/machine.elf"
bad "No such file" --kernel "$folder/none"
bad "not a regular file" --kernel "$folder"
bad "No such file" --kernel "$guests/machine.elf" --bios "$folder/none"
bad "No such file" --kernel "$guests/machine.elf" --initrd "$folder/none"
bad "an empty file" --kernel "$folder/empty"
bad "a script" --kernel "$folder/script"
bad "cut short" --kernel "$folder/cut"
bad "made for another machine" --kernel /bin/true
bad "made for RV64E" --kernel "$folder/rve"
bad "must be multiples of 8 in RAM" --kernel "$folder/outside"
bad "must be multiples of 8 in RAM" --kernel "$folder/odd"
bad "do not fit into RAM" --kernel "$folder/big" --memory 32M
bad "do not fit into RAM" --kernel "$guests/machine.elf" --initrd "$folder/big" --memory 32M
bad "cannot hold the kernel and an initial archive" --kernel "$folder/big" --initrd "$folder/big" --memory 64M
bad "overlaps the firmware" --kernel "$folder/raw.bin" --bios "$folder/big"
bad "boot arguments are too long" --kernel "$guests/machine.elf" --append "$(head -c 130000 /dev/zero | tr '\0' x)"
bad "is not a size from 32M to 8G" --kernel "$guests/machine.elf" --memory 16M
bad "is not a size from 32M to 8G" --kernel "$guests/machine.elf" --memory 9G
bad "is not a size from 32M to 8G" --kernel "$guests/machine.elf" --memory 256MB
bad "is not a size from 32M to 8G" --kernel "$guests/machine.elf" --memory 99999999999999999999
bad "machine.hosts: '65' is not" --kernel "$guests/machine.elf" --harts 65
bad "cannot be opened: No such file" --kernel "$guests/disk.elf" --drive "$folder/none"
bad "not a regular file" --kernel "$guests/disk.elf" --drive /dev/null
bad "empty; a drive needs" --kernel "$guests/disk.elf" --drive "$folder/empty"
bad "must be a multiple of 512" --kernel "$guests/disk.elf" --drive "$folder/script,rw"
bad "serial '': 1 to 20 characters" --kernel "$guests/disk.elf" --drive "$folder/disk,serial="
bad "1 to 20 characters" --kernel "$guests/disk.elf" --drive "$folder/disk,serial=012345678901234567890"
bad "FILE[,rw][,serial=TEXT] is expected" --kernel "$guests/disk.elf" --drive ,rw
d=$folder/disk
bad "more than 6 drives" --kernel "$guests/disk.elf" --drive $d --drive $d --drive $d --drive $d --drive $d --drive $d --drive $d
bad "there is no machine 'virtt'; did you mean 'virt'?" --kernel "$guests/machine.elf" --machine virtt

exit $failed
