/* SPDX-License-Identifier: Apache-2.0 */
/* The program of the privileged differential test: at the bottom of RAM, in machine mode. For each step it pokes memory,
 * sets registers and devices, and leaves by mret; the first trap into machine mode ends the step and is recorded. A step
 * has x1 to x28. Nothing here depends on time. */
#include "test/privileged/layout.h"

#define CLINT 0x02000000
#define MTIMECMP 0x02004000
#define UART 0x10000000
#define PLIC 0x0c000000
#define SOURCE 10
#define FINISHER 0x00100000

.option norvc
.section .text
.global _start
_start:
        j       start

/* What mtvec points to: each vector leaves its address in x31. */
.org MACHINE_VECTORS - RAM_BASE
.rept 64
        jal     x31, trapped
.endr

start:
        csrr    a0, mhartid
        bnez    a0, park
        li      s10, STEPS_BASE
        la      a0, next_step
        sd      s10, 0(a0)
        li      s11, RECORDS_BASE
        la      a0, next_record
        sd      s11, 0(a0)
        li      a0, -1                  /* PMP: below entry 15 everybody may do everything */
        csrw    pmpaddr15, a0
        li      a0, 0x1f
        slli    a0, a0, 56
        csrw    pmpcfg2, a0
        li      a0, PLIC + 4 * SOURCE   /* priority */
        li      a1, 1
        sw      a1, 0(a0)
        li      a0, UART + 4            /* OUT2 lets the interrupt out */
        li      a1, 8
        sb      a1, 0(a0)
        j       step

park:   csrw    mie, zero
        wfi
        j       park

finish: li      a0, FINISHER
        li      a1, 0x5555
        sw      a1, 0(a0)
        j       .

/* The registers that raise interrupts, all down. */
step:   csrw    mie, zero
        li      a0, -1
        csrw    stimecmp, a0
        csrw    mip, zero
        li      a1, MTIMECMP
        sd      a0, 0(a1)
        li      a1, CLINT
        sw      zero, 0(a1)
        li      a1, UART
        sb      zero, 1(a1)
        li      a1, PLIC + 0x2000
        li      a2, 1 << SOURCE
        sw      a2, 0(a1)
        li      a3, PLIC + 0x200000
        lw      a4, 4(a3)               /* claims what was pending */
        li      a4, SOURCE
        sw      a4, 4(a3)
        sw      zero, 0(a1)
        sw      zero, 0x80(a1)

        la      a0, next_step
        ld      s0, 0(a0)
        ld      a1, 8 * STEP_WORDS(s0)
        beqz    a1, finish
        slli    a1, a1, 3
        add     a1, a1, s0
        sd      a1, 0(a0)

        /* Pokes come first: they are what the flush is about. */
        li      t0, 8 * (STEP_SETTINGS + SETTINGS)
        add     s1, s0, t0
poke:   ld      a0, 0(s1)
        beqz    a0, set
        ld      a1, 8(s1)
        addi    s1, s1, 16
        addi    a2, s1, 0
1:      lhu     a3, 0(a2)
        sh      a3, 0(a0)
        addi    a0, a0, 2
        addi    a2, a2, 2
        addi    a1, a1, -1
        bnez    a1, 1b
        addi    a2, a2, 7
        andi    s1, a2, -8
        j       poke

.set offset, 8 * STEP_SETTINGS
#define SETTING(name, number)                                                                      \
        ld      a0, offset(s0);                                                                    \
        csrw    number, a0;                                                                        \
        .set    offset, offset + 8;
set:
#include "test/privileged/settings.def"
        ld      a0, 8 * STEP_FLUSH(s0)
        ld      a1, 8 * STEP_FLUSH_ADDRESS(s0)
        ld      a2, 8 * STEP_FLUSH_ASID(s0)
        li      a3, 1
        bne     a0, a3, 1f
        sfence.vma
1:      li      a3, 2
        bne     a0, a3, 1f
        sfence.vma a1
1:      li      a3, 3
        bne     a0, a3, 1f
        sfence.vma a1, a2
1:      li      a3, 4
        bne     a0, a3, 1f
        sfence.vma x0, a2
1:      fence.i
        ld      a0, 8 * STEP_MSIP(s0)
        li      a1, CLINT
        sw      a0, 0(a1)
        ld      a0, 8 * STEP_MTIMECMP(s0)
        li      a1, MTIMECMP
        sd      a0, 0(a1)
        ld      a0, 8 * STEP_PLIC_M(s0)
        li      a1, PLIC + 0x2000
        sw      a0, 0(a1)
        ld      a0, 8 * STEP_PLIC_S(s0)
        sw      a0, 0x80(a1)
        ld      a0, 8 * STEP_UART_IER(s0)
        li      a1, UART
        sb      a0, 1(a1)
        lbu     a0, 5(a1)               /* whatever was stored is there by now */
        mv      x31, s0
        ld      x30, 8 * STEP_MSTATUS(x31)
.irp number, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28
        ld      x\number, 8 * (STEP_X - 1 + \number)(x31)
.endr
        csrw    mstatus, x30
        mret

/* Adds entries to a0, each to what was before it turned. */
.macro fold address, count
        li      a1, \address
        addi    a2, a1, 8 * \count
1:      ld      a3, 0(a1)
        srli    a4, a0, 5
        slli    a0, a0, 59
        or      a0, a0, a4
        add     a0, a0, a3
        addi    a1, a1, 8
        bne     a1, a2, 1b
.endm

/* No load or store is safe before MPRV is off. */
trapped:
        lui     x30, 0x20
        csrrc   x30, mstatus, x30
        la      x29, next_record
        ld      x29, 0(x29)
        sd      x30, 8 * RECORD_MSTATUS(x29)
        sd      x31, 8 * RECORD_LINK(x29)
.irp number, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28
        sd      x\number, 8 * (RECORD_X - 1 + \number)(x29)
.endr
.set offset, 8 * RECORD_RESULTS
#define RESULT(name, number, mask)                                                                 \
        csrr    a0, number;                                                                        \
        sd      a0, offset(x29);                                                                   \
        .set    offset, offset + 8;
#include "test/privileged/results.def"
        li      a0, 0
        fold    TABLES_BASE + 8 * 4, 4
        fold    TABLES_BASE + 8 * 508, 4
        fold    TABLES_BASE + 0x1000 + 8 * 4, 4
        fold    TABLES_BASE + 0x1000 + 8 * 508, 4
        fold    TABLES_BASE + 0x2000 + 8 * 8, 4
        fold    TABLES_BASE + 0x3000 + 8 * 8, 4
        fold    TABLES_BASE + 0x4000, 16
        fold    TABLES_BASE + 0x5000, 16
        sd      a0, 8 * RECORD_TABLES(x29)
        li      a0, 0x6000              /* FS, to read fcsr */
        csrs    mstatus, a0
        csrr    a0, fcsr
        sd      a0, 8 * RECORD_FCSR(x29)
        csrw    fcsr, zero
        addi    x29, x29, offset
        la      a0, next_record
        sd      x29, 0(a0)
        j       step

.balign 8
next_step:
        .dword 0
next_record:
        .dword 0
