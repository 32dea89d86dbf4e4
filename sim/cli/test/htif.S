/* SPDX-License-Identifier: Apache-2.0 */
/* Speaks HTIF: prints "ok", a proxied " write" and what it reads, and ends with status 5. Hart 0
 * alone; the others sleep. */
#define PRINT 0x0101000000000000
#define READ 0x0100000000000000

/* Once the value before has been taken. */
.macro send_t0
9:  ld t1, tohost
    bnez t1, 9b
    lla t1, tohost
    sd t0, 0(t1)
.endm

.macro send value
    li t0, \value
    send_t0
.endm

.macro receive
9:  ld a0, fromhost
    beqz a0, 9b
    lla t1, fromhost
    sd zero, 0(t1)
.endm

.globl _start
_start:
    bnez a0, sleep
    send PRINT + 'o'
    send PRINT + 'k'
    lla t0, call
    send_t0
    receive
    ld t0, call /* the result: how much was written */
    li t1, 6
    bne t0, t1, wrong
    send READ
    receive
    andi a0, a0, 0xFF
    li t0, PRINT
    or t0, t0, a0
    send_t0
    send 5 << 1 | 1
sleep:
    wfi
    j sleep
wrong:
    send 9 << 1 | 1
    j sleep

.data
.balign 64
.globl tohost, fromhost
tohost: .dword 0
.balign 64
fromhost: .dword 0
.balign 64
call: .dword 64, 1, text, 6, 0, 0, 0, 0
text: .ascii " write"
