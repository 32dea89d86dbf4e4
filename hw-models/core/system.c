/* SPDX-License-Identifier: Apache-2.0 */
#include "core/system.h"

#include "core/block.h"
#include "core/counters.h"
#include "core/csr.h"
#include "core/mmu.h"

#define CSR_MIP 0x344
#define CSR_MCYCLE 0xb00

/* What a read-modify-write of a register starts from: of mip, software's own bit of SEIP, not the
 * line. */
static uint64_t modified_from(const struct hart *hart, unsigned number, uint64_t read)
{
    if (number != CSR_MIP)
        return read;
    return (read & ~INTERRUPT_SEI) | (hart->csr.mip_soft & INTERRUPT_SEI);
}

bool system_csr(struct hart *hart, const struct instruction *instruction, uint64_t operand)
{
    uint32_t word = (uint32_t)instruction->immediate;
    unsigned number = word >> 20;
    unsigned function = word >> 12 & 3; /* 1 write, 2 set, 3 clear */
    bool write = function == 1 || (word >> 15 & 31) != 0;
    uint64_t old;

    if (!csr_permits(hart, number, write) || !csr_read(hart, number, &old))
        return false;
    if (write) {
        uint64_t from = modified_from(hart, number, old);
        csr_write(hart, number,
                  function == 1   ? operand
                  : function == 2 ? from | operand
                                  : from & ~operand);
        if (number >= CSR_MCYCLE && number < CSR_MCYCLE + COUNTER_NUMBERS)
            counter_skip_own(hart, number - CSR_MCYCLE);
    }
    hart->x[instruction->rd] = old;
    return true;
}

/* A write that may change what the next instructions do; those of the scratch and trap registers do not. */
bool system_flushes(const struct instruction *instruction)
{
    uint32_t word = (uint32_t)instruction->immediate;
    unsigned number = word >> 20;
    bool writes = (word >> 12 & 3) == 1 || (word >> 15 & 31) != 0;
    if (instruction_timing(instruction) != TIMING_csr)
        return true;
    return writes && (number & 0xff) - 0x40 > 3;
}

bool system_fence_i(struct hart *hart)
{
    hart->links.blocks->epoch++;
    if (hart->timed && hart->l1_enabled)
        cache_clear(&hart->l1i);
    return true;
}

bool system_sfence_vma(struct hart *hart, const struct instruction *instruction, uint64_t address,
                       uint64_t asid)
{
    bool trapped = hart->privilege == PRIVILEGE_S && (hart->csr.mstatus & STATUS_TVM);
    if (hart->privilege == PRIVILEGE_U || trapped)
        return false;
    mmu_flush(hart, &(struct mmu_flush){
                        .one_address = instruction->rs1 != 0,
                        .one_asid = instruction->rs2 != 0,
                        .address = address,
                        .asid = (uint16_t)asid,
                    });
    return true;
}

bool system_wfi(struct hart *hart)
{
    bool trapped = hart->privilege == PRIVILEGE_S && (hart->csr.mstatus & STATUS_TW);
    if (hart->privilege == PRIVILEGE_U || trapped)
        return false;
    hart->waiting = true;
    return true;
}

bool system_may_mret(const struct hart *hart)
{
    return hart->privilege == PRIVILEGE_M;
}

bool system_may_sret(const struct hart *hart)
{
    bool trapped = hart->privilege == PRIVILEGE_S && (hart->csr.mstatus & STATUS_TSR);
    return hart->privilege != PRIVILEGE_U && !trapped;
}
