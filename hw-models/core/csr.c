/* SPDX-License-Identifier: Apache-2.0 */
/* See csr.h. */
#include "core/csr.h"

#include "core/counters.h"
#include "core/mmu.h"
#include "core/pmp.h"

#define READ_ONLY (void)value
#define IGNORED (void)value

#define MISA                                                                                       \
    (UINT64_C(2) << 62 | 1 << ('A' - 'A') | 1 << ('C' - 'A') | 1 << ('D' - 'A') |                  \
     1 << ('F' - 'A') | 1 << ('I' - 'A') | 1 << ('M' - 'A') | 1 << ('S' - 'A') | 1 << ('U' - 'A'))
#define DELEGABLE_EXCEPTIONS UINT64_C(0xb3ff)
#define SSTATUS_WRITABLE                                                                           \
    (STATUS_SIE | STATUS_SPIE | STATUS_SPP | STATUS_FS | STATUS_SUM | STATUS_MXR)
#define MSTATUS_WRITABLE                                                                           \
    (SSTATUS_WRITABLE | STATUS_MIE | STATUS_MPIE | STATUS_MPP | STATUS_MPRV | STATUS_TVM |         \
     STATUS_TW | STATUS_TSR)
#define STATUS_SD (UINT64_C(1) << 63)
#define SATP_SV39 8

#define CSR_PMPCFG 0x3a0
#define CSR_PMPADDR 0x3b0
#define CSR_MCOUNTINHIBIT 0x320 /* before mhpmevent3 */
#define CSR_MCYCLE 0xb00
#define CSR_CYCLE 0xc00
#define PMP_COUNTED 64 /* registers that exist, read as zero beyond PMP_ENTRIES */

static void set_bits(uint64_t *target, uint64_t value, uint64_t writable)
{
    *target = (*target & ~writable) | (value & writable);
}

static uint64_t mstatus(const struct csr_file *c)
{
    uint64_t value = c->mstatus | STATUS_XLEN64;
    return (value & STATUS_FS) == STATUS_FS ? value | STATUS_SD : value;
}

static uint64_t sstatus(const struct csr_file *c)
{
    return mstatus(c) & (SSTATUS_WRITABLE | STATUS_SD | UINT64_C(3) << 32);
}

static void set_mstatus(struct hart *hart, uint64_t value, uint64_t writable)
{
    uint64_t reserved_mpp = UINT64_C(2) << 11;
    if ((value & STATUS_MPP) == reserved_mpp)
        writable &= ~STATUS_MPP;
    set_bits(&hart->csr.mstatus, value, writable);
}

static uint64_t legal_vector(uint64_t value)
{
    return value & ~UINT64_C(2); /* direct or vectored */
}

static void set_satp(struct hart *hart, uint64_t value)
{
    uint64_t mode = value >> 60;
    if ((mode != 0 && mode != SATP_SV39) || value == hart->csr.satp)
        return;
    hart->csr.satp = value;
    mmu_all_changed(hart);
}

static uint64_t software_interrupts(const struct csr_file *c)
{
    return INTERRUPT_SSI | INTERRUPT_SEI | (c->menvcfg & ENVIRONMENT_STCE ? 0 : INTERRUPT_STI);
}

static uint64_t fpu_flags(const struct hart *hart)
{
    return hart->fpu.flags;
}

static void set_fcsr(struct hart *hart, uint64_t flags, uint64_t frm)
{
    hart->fpu.flags = flags & 31;
    hart->fpu.frm = frm & 7;
    hart->csr.mstatus |= STATUS_FS;
}

/* mhpmcounter3..31, or what lies as far behind another base. */
static bool is_hpm(unsigned number, unsigned base)
{
    return number >= base + 3 && number < base + COUNTER_NUMBERS;
}

static bool is_pmp_config(unsigned number)
{
    return number >= CSR_PMPCFG && number < CSR_PMPCFG + PMP_COUNTED / 4 && number % 2 == 0;
}

static bool is_pmp_address(unsigned number)
{
    return number >= CSR_PMPADDR && number < CSR_PMPADDR + PMP_COUNTED;
}

bool csr_read(const struct hart *hart, unsigned number, uint64_t *value)
{
    const struct csr_file *c = &hart->csr;
    switch (number) {
#define CSR(code, name, read, write)                                                               \
    case code:                                                                                     \
        *value = (read);                                                                           \
        return true;
#include "core/csr.def"
#undef CSR
    }
    if (is_pmp_config(number))
        *value = pmp_config(hart, (number - CSR_PMPCFG) * 4);
    else if (is_pmp_address(number))
        *value = pmp_address(hart, number - CSR_PMPADDR);
    else if (is_hpm(number, CSR_MCYCLE) || is_hpm(number, CSR_CYCLE))
        *value = counter_read(hart, number % COUNTER_NUMBERS);
    else if (is_hpm(number, CSR_MCOUNTINHIBIT))
        *value = c->mhpmevent[number % COUNTER_NUMBERS];
    else
        return false;
    return true;
}

static bool write_array(struct hart *hart, unsigned number, uint64_t value)
{
    if (is_pmp_config(number))
        pmp_set_config(hart, (number - CSR_PMPCFG) * 4, value);
    else if (is_pmp_address(number))
        pmp_set_address(hart, number - CSR_PMPADDR, value);
    else if (is_hpm(number, CSR_MCYCLE))
        counter_write(hart, number % COUNTER_NUMBERS, value);
    else if (is_hpm(number, CSR_MCOUNTINHIBIT))
        counter_select(hart, number % COUNTER_NUMBERS, value);
    else
        return false;
    return true;
}

static bool write_listed(struct hart *hart, unsigned number, uint64_t value)
{
    struct csr_file *c = &hart->csr;
    switch (number) {
#define CSR(code, name, read, write)                                                               \
    case code:                                                                                     \
        write;                                                                                     \
        return true;
#include "core/csr.def"
#undef CSR
    }
    return false;
}

bool csr_write(struct hart *hart, unsigned number, uint64_t value)
{
    bool known = write_listed(hart, number, value) || write_array(hart, number, value);
    hart_mode_changed(hart);
    return known;
}

static bool counter_permitted(const struct hart *hart, unsigned number)
{
    uint64_t bit = UINT64_C(1) << (number & 31);
    if (hart->privilege < PRIVILEGE_M && !(hart->csr.mcounteren & bit))
        return false;
    return hart->privilege > PRIVILEGE_U || (hart->csr.scounteren & bit);
}

bool csr_permits(const struct hart *hart, unsigned number, bool write)
{
    const struct csr_file *c = &hart->csr;
    if (hart->privilege < (number >> 8 & 3) || (write && number >> 10 == 3))
        return false;
    if (number >= 1 && number <= 3)
        return c->mstatus & STATUS_FS;
    if (number >> 5 == 0xc00 >> 5)
        return counter_permitted(hart, number);
    if (number == 0x180)
        return hart->privilege == PRIVILEGE_M || !(c->mstatus & STATUS_TVM);
    if (number == 0x14d && hart->privilege < PRIVILEGE_M)
        return (c->menvcfg & ENVIRONMENT_STCE) && (c->mcounteren & 2);
    return true;
}

const char *csr_name(unsigned number)
{
    switch (number) {
#define CSR(code, name, read, write)                                                               \
    case code:                                                                                     \
        return name;
#include "core/csr.def"
#undef CSR
    }
    return NULL;
}
