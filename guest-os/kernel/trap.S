/* SPDX-License-Identifier: Apache-2.0 */
/* The way into the kernel from user mode and back. In user mode sscratch holds the task, in the kernel 0: a trap that
 * finds 0 came from the kernel itself and is a bug. The frame has x1..x31 at their numbers, the pc in place of
 * x0. Offsets: task.h checks those of struct task. */
#define TASK_HOST 64   /* struct task: cb.host */
#define TASK_FRAME 704 /* struct task: frame */
#define HART_STACK 0   /* struct hart: kernel_stack */

    .section .text.trap, "ax", @progbits
    .balign 4
    .globl trap_entry
trap_entry:
    csrrw tp, sscratch, tp
    beqz tp, kernel_trap
    .irp n, 1,2,3,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    sd x\n, TASK_FRAME+8*\n(tp)
    .endr
    csrrw t0, sscratch, zero
    csrr t1, sepc
    sd t0, TASK_FRAME+8*4(tp)
    sd t1, TASK_FRAME(tp)
    mv a0, tp
    ld tp, TASK_HOST(tp)
    ld sp, HART_STACK(tp)
    call trap_handle
    .globl trap_return
trap_return: /* a0: the task to run */
    ld t1, TASK_FRAME(a0)
    csrw sscratch, a0
    csrw sepc, t1
    sc.d zero, zero, (a0) /* ends any reservation: the next sc may belong to another task */
    .irp n, 1,2,3,4,5,6,7,8,9,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    ld x\n, TASK_FRAME+8*\n(a0)
    .endr
    ld x10, TASK_FRAME+8*10(a0)
    sret

kernel_trap:
    csrr tp, sscratch
    csrw sscratch, zero
    call trap_from_kernel

    .section .text.schedule, "ax", @progbits
    .option push
    .option arch, rv64gc
    .globl fp_store
fp_store: /* a0: uint64_t[33] */
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    fsd f\n, 8*\n(a0)
    .endr
    csrr t0, fcsr
    sd t0, 8*32(a0)
    ret
    .globl fp_load
fp_load: /* a0: uint64_t[33] */
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    fld f\n, 8*\n(a0)
    .endr
    ld t0, 8*32(a0)
    csrw fcsr, t0
    ret
    .option pop
