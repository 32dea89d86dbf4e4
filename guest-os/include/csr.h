/* SPDX-License-Identifier: Apache-2.0 */
/* The control and status registers the kernel uses (RISC-V privileged specification 1.12, Sstc 1.0). Constants up to
 * the first #ifndef serve assembly too. */
#ifndef MISSIVE_GUEST_CSR_H
#define MISSIVE_GUEST_CSR_H

#define CSR_STIMECMP 0x14d
#define CSR_MENVCFG 0x30a

#define INTERRUPT_SOFTWARE 1
#define INTERRUPT_TIMER 5
#define SIP_SOFTWARE (1 << INTERRUPT_SOFTWARE)
#define SIP_TIMER (1 << INTERRUPT_TIMER)

#define SSTATUS_SPIE (1 << 5)
#define SSTATUS_SPP (1 << 8)
#define SSTATUS_FS 0x6000
#define SSTATUS_FS_CLEAN 0x4000
#define SSTATUS_FS_DIRTY 0x6000

#define CAUSE_FETCH_ACCESS 1
#define CAUSE_ILLEGAL 2
#define CAUSE_BREAKPOINT 3
#define CAUSE_LOAD_MISALIGNED 4
#define CAUSE_STORE_MISALIGNED 6
#define CAUSE_ECALL_USER 8
#define CAUSE_FETCH_PAGE 12
#define CAUSE_LOAD_PAGE 13
#define CAUSE_STORE_PAGE 15

#define SATP_SV39 (8UL << 60)
#define SATP_ASID_SHIFT 44
#define SATP_ASID_MASK 0xffffUL

#ifndef __ASSEMBLER__

#include <stdint.h>

#define CSR_TEXT(csr) CSR_TEXT_(csr)
#define CSR_TEXT_(csr) #csr
#define csr_read(csr)                                                                              \
    ({                                                                                             \
        uint64_t csr_value;                                                                        \
        __asm__ volatile("csrr %0, " CSR_TEXT(csr) : "=r"(csr_value)::"memory");                   \
        csr_value;                                                                                 \
    })
#define csr_write(csr, value)                                                                      \
    __asm__ volatile("csrw " CSR_TEXT(csr) ", %0" ::"rK"((uint64_t)(value)) : "memory")
#define csr_set(csr, bits)                                                                         \
    __asm__ volatile("csrs " CSR_TEXT(csr) ", %0" ::"rK"((uint64_t)(bits)) : "memory")
#define csr_clear(csr, bits)                                                                       \
    __asm__ volatile("csrc " CSR_TEXT(csr) ", %0" ::"rK"((uint64_t)(bits)) : "memory")

static inline void fence_all(void)
{
    __asm__ volatile("fence iorw, iorw" ::: "memory");
}

/* Ticks of `time`; machine.timebase_hz of them make a second. */
static inline uint64_t time_now(void)
{
    return csr_read(time);
}

#endif
#endif
