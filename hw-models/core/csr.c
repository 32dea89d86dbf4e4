/* SPDX-License-Identifier: Apache-2.0 */
/* See csr.h. Hardware performance monitors read as zero. PMP entries are locked and made legal as
 * specified for a grain of 4 KiB: NA4 cannot be chosen. */
#include "core/csr.h"

#include "core/mmu.h"

#define READ_ONLY (void)value
#define IGNORED (void)value

#define COUNTERS UINT64_C(7) /* cycle, time, instret */
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
#define PMP_COUNTED 64 /* registers that exist, read as zero beyond PMP_ENTRIES */
#define PMP_MODE 0x18
#define PMP_TOR 0x08
#define PMP_NAPOT 0x18
#define PMP_LOCKED 0x80
#define PMP_GRAIN_BITS 10 /* of an address register, below the 4 KiB grain */

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

static uint64_t pmp_address(const struct csr_file *c, unsigned n)
{
    uint64_t low = (UINT64_C(1) << PMP_GRAIN_BITS) - 1;
    return (c->pmpcfg[n] & PMP_MODE) == PMP_NAPOT ? c->pmpaddr[n] | low >> 1 : c->pmpaddr[n] & ~low;
}

static uint64_t pmp_config(const struct csr_file *c, unsigned first)
{
    uint64_t value = 0;
    for (unsigned n = 0; n < 8 && first + n < PMP_ENTRIES; n++)
        value |= (uint64_t)c->pmpcfg[first + n] << (8 * n);
    return value;
}

static void set_pmp_entry(uint8_t *entry, uint8_t value)
{
    if (*entry & PMP_LOCKED)
        return;
    if ((value & PMP_MODE) == 0x10) /* NA4 is finer than the grain */
        value = (uint8_t)((value & ~PMP_MODE) | (*entry & PMP_MODE));
    if ((value & 3) == 2) /* W without R is reserved */
        value &= (uint8_t)~2;
    *entry = value & 0x9f;
}

static void set_pmp_config(struct hart *hart, unsigned first, uint64_t value)
{
    struct csr_file *c = &hart->csr;
    for (unsigned n = 0; n < 8 && first + n < PMP_ENTRIES; n++)
        set_pmp_entry(&c->pmpcfg[first + n], (uint8_t)(value >> (8 * n)));
    c->pmp_used = 0;
    for (unsigned n = 0; n < PMP_ENTRIES; n++)
        if (c->pmpcfg[n] & PMP_MODE)
            c->pmp_used = n + 1;
    mmu_all_changed(hart);
}

static void set_pmp_address(struct hart *hart, unsigned n, uint64_t value)
{
    struct csr_file *c = &hart->csr;
    bool locked = n < PMP_ENTRIES && (c->pmpcfg[n] & PMP_LOCKED);
    bool tops_locked = n + 1 < PMP_ENTRIES && (c->pmpcfg[n + 1] & PMP_LOCKED) &&
                       (c->pmpcfg[n + 1] & PMP_MODE) == PMP_TOR;
    if (n >= PMP_ENTRIES || locked || tops_locked)
        return;
    c->pmpaddr[n] = value & ((UINT64_C(1) << 54) - 1);
    mmu_all_changed(hart);
}

static bool is_hpm(unsigned number)
{
    return (number >= 0xb03 && number <= 0xb1f) || (number >= 0xc03 && number <= 0xc1f) ||
           (number >= 0x323 && number <= 0x33f);
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
    *value = 0;
    if (is_pmp_config(number))
        *value = pmp_config(c, (number - CSR_PMPCFG) * 4);
    else if (is_pmp_address(number) && number < CSR_PMPADDR + PMP_ENTRIES)
        *value = pmp_address(c, number - CSR_PMPADDR);
    return is_pmp_config(number) || is_pmp_address(number) || is_hpm(number);
}

static bool write_array(struct hart *hart, unsigned number, uint64_t value)
{
    if (is_pmp_config(number))
        set_pmp_config(hart, (number - CSR_PMPCFG) * 4, value);
    else if (is_pmp_address(number))
        set_pmp_address(hart, number - CSR_PMPADDR, value);
    else
        return is_hpm(number);
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
