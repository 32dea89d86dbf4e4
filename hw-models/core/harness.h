/* SPDX-License-Identifier: Apache-2.0 */
/* For the tests of this folder: one hart on flat RAM, whose every request is answered after a fixed
 * number of cycles, and a small assembler. A program ends by storing anything to STOP. Most
 * tests are built twice, the second time for a hart without timing. */
#ifndef MISSIVE_CORE_HARNESS_H
#define MISSIVE_CORE_HARNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/hart.h"

#define RAM_BASE UINT64_C(0x80000000)
#define RAM_BYTES (4u << 20)
#define STOP UINT64_C(0x100000)
#define SCRATCH UINT64_C(0x10000000) /* a device: 8 bytes that keep what is stored */
#define EVENTS 65536

#ifdef UNTIMED_HART
#define HART_IS_TIMED false
#else
#define HART_IS_TIMED true
#endif
/* First in a test of caches, their requests or cycles. */
#define NEEDS_TIMING()                                                                             \
    if (!HART_IS_TIMED)                                                                            \
    skip()

struct machine {
    struct ram ram;
    struct hart *hart;
    struct block_store *blocks;
    cycle_t latency;
    cycle_t slice; /* the most one hart_run is given; 0: no limit */
    unsigned requests[REQUEST_KIND_COUNT];
    uint64_t scratch;
    bool stopped;
    void (*meddle)(
        struct machine *machine); /* before every hart_run and every answer; may be NULL */
    unsigned seed;
    struct probe probe;
    struct event events[EVENTS];
};

static inline struct hart_config default_config(void)
{
    return (struct hart_config){
        .line_bytes = 64,
        .l1i_bytes = 4096,
        .l1i_ways = 2,
        .l1d_bytes = 4096,
        .l1d_ways = 2,
        .l1_enabled = 1,
#define PARAMETER(group, name, standard, min, max, unit, doc, source) .name = (standard),
#include "core/core.def"
#undef PARAMETER
        .cycles_per_tick = 10,
        .untimed = !HART_IS_TIMED,
    };
}

static inline void overflow(struct probe *probe)
{
    (void)probe;
    fail_msg("more events than the test expects");
}

static inline struct machine *machine_create(const struct hart_config *config,
                                             const struct annotations *annotations, bool observed)
{
    struct machine *m = calloc(1, sizeof *m);
    assert_non_null(m);
    m->ram = (struct ram){aligned_alloc(4096, RAM_BYTES), RAM_BASE, RAM_BYTES};
    memset(m->ram.bytes, 0, RAM_BYTES);
    m->hart = calloc(1, hart_size());
    m->blocks = malloc(block_store_size(512));
    block_store_init(m->blocks, 512);
    m->latency = 20;
    m->probe = (struct probe){m->events, 0, EVENTS, overflow, NULL};
    struct hart_links links = {&m->ram, m->blocks, annotations, observed ? &m->probe : NULL};
    assert_int_equal(hart_init(m->hart, config, &links), STATUS_OK);
    return m;
}

static inline void machine_free(struct machine *m)
{
    free(m->ram.bytes);
    free(m->hart);
    free(m->blocks);
    free(m);
}

static inline void machine_put(struct machine *m, uint64_t address, const void *bytes, size_t size)
{
    assert_true(ram_holds(&m->ram, address, size));
    memcpy(ram_at(&m->ram, address), bytes, size);
}

static inline uint64_t machine_word(const struct machine *m, uint64_t address)
{
    uint64_t value;
    memcpy(&value, ram_at(&m->ram, address), sizeof value);
    return value;
}

static inline void machine_put_word(struct machine *m, uint64_t address, uint64_t value)
{
    machine_put(m, address, &value, sizeof value);
}

static inline void machine_answer(struct machine *m)
{
    const struct request *r = hart_request(m->hart);
    struct response response = {.status = STATUS_OK, .cycle = r->cycle + m->latency};

    m->requests[r->kind]++;
    response.granted = r->kind == REQUEST_READ ? MESI_EXCLUSIVE : MESI_MODIFIED;
    if (r->kind == REQUEST_LOAD || r->kind == REQUEST_STORE) {
        if (r->address == STOP)
            m->stopped = true;
        else if (r->address >> 3 == SCRATCH >> 3 && r->kind == REQUEST_STORE)
            m->scratch = r->data;
        else if (r->address >> 3 == SCRATCH >> 3)
            response.data = m->scratch;
        else if (!r->data_apart)
            response.status = STATUS_NO_TARGET;
    }
    hart_complete(m->hart, &response);
}

/* Until the program stops, or `until`, or WFI or a breakpoint; the outcome of the last hart_run. */
static inline enum hart_outcome machine_run(struct machine *m, cycle_t until)
{
    enum hart_outcome outcome = HART_RAN;
    m->stopped = false;
    while (!m->stopped && hart_now(m->hart) < until) {
        if (m->meddle)
            m->meddle(m);
        cycle_t end = m->slice ? cycle_min(until, hart_now(m->hart) + m->slice) : until;
        outcome = hart_run(m->hart, end);
        if (outcome == HART_WAITING || outcome == HART_STOPPED)
            break;
        if (outcome != HART_REQUEST)
            continue;
        if (m->meddle)
            m->meddle(m);
        machine_answer(m);
    }
    return outcome;
}

/* A debugger's jump, with a fresh look at the code. */
static inline void start(struct machine *m, uint64_t pc)
{
    block_store_init(m->blocks, 512);
    hart_set_pc(m->hart, pc);
}

/* Runs it from RAM_BASE with all else as it is. */
#define RUN(m, ...)                                                                                \
    do {                                                                                           \
        const uint32_t program_[] = {__VA_ARGS__, END};                                            \
        machine_put(m, RAM_BASE, program_, sizeof program_);                                       \
        start(m, RAM_BASE);                                                                        \
        machine_run(m, 10000000);                                                                  \
        assert_true((m)->stopped);                                                                 \
    } while (0)

static inline uint64_t csr(const struct machine *m, unsigned number)
{
    uint64_t value = 0;
    assert_int_equal(hart_csr_read(m->hart, number, &value), STATUS_OK);
    return value;
}

static inline void set_csr(struct machine *m, unsigned number, uint64_t value)
{
    assert_int_equal(hart_csr_write(m->hart, number, value), STATUS_OK);
}

/* The assembler. Registers are numbers. */
#define U32(value) ((uint32_t)(value))
#define R_TYPE(f7, rs2, rs1, f3, rd, op)                                                           \
    (U32(f7) << 25 | U32(rs2) << 20 | U32(rs1) << 15 | U32(f3) << 12 | U32(rd) << 7 | (op))
#define I_TYPE(imm, rs1, f3, rd, op)                                                               \
    ((U32(imm) & 0xfff) << 20 | U32(rs1) << 15 | U32(f3) << 12 | U32(rd) << 7 | (op))
#define S_TYPE(imm, rs2, rs1, f3, op)                                                              \
    ((U32(imm) >> 5 & 0x7f) << 25 | U32(rs2) << 20 | U32(rs1) << 15 | U32(f3) << 12 |              \
     (U32(imm) & 31) << 7 | (op))
#define B_TYPE(imm, rs2, rs1, f3)                                                                  \
    ((U32(imm) >> 12 & 1) << 31 | (U32(imm) >> 5 & 0x3f) << 25 | U32(rs2) << 20 | U32(rs1) << 15 | \
     U32(f3) << 12 | (U32(imm) >> 1 & 15) << 8 | (U32(imm) >> 11 & 1) << 7 | 0x63)
#define JAL(rd, imm)                                                                               \
    ((U32(imm) >> 20 & 1) << 31 | (U32(imm) >> 1 & 0x3ff) << 21 | (U32(imm) >> 11 & 1) << 20 |     \
     (U32(imm) >> 12 & 0xff) << 12 | U32(rd) << 7 | 0x6f)
#define LUI(rd, imm20) (U32(imm20) << 12 | U32(rd) << 7 | 0x37)
#define AUIPC(rd, imm20) (U32(imm20) << 12 | U32(rd) << 7 | 0x17)
#define JALR(rd, rs1, imm) I_TYPE(imm, rs1, 0, rd, 0x67)
#define ADDI(rd, rs1, imm) I_TYPE(imm, rs1, 0, rd, 0x13)
#define SLLI(rd, rs1, n) I_TYPE(n, rs1, 1, rd, 0x13)
#define ADD(rd, rs1, rs2) R_TYPE(0, rs2, rs1, 0, rd, 0x33)
#define SUB(rd, rs1, rs2) R_TYPE(0x20, rs2, rs1, 0, rd, 0x33)
#define MUL(rd, rs1, rs2) R_TYPE(1, rs2, rs1, 0, rd, 0x33)
#define BEQ(rs1, rs2, imm) B_TYPE(imm, rs2, rs1, 0)
#define BNE(rs1, rs2, imm) B_TYPE(imm, rs2, rs1, 1)
#define LB(rd, imm, rs1) I_TYPE(imm, rs1, 0, rd, 0x03)
#define LW(rd, imm, rs1) I_TYPE(imm, rs1, 2, rd, 0x03)
#define LD(rd, imm, rs1) I_TYPE(imm, rs1, 3, rd, 0x03)
#define LBU(rd, imm, rs1) I_TYPE(imm, rs1, 4, rd, 0x03)
#define SB(rs2, imm, rs1) S_TYPE(imm, rs2, rs1, 0, 0x23)
#define SW(rs2, imm, rs1) S_TYPE(imm, rs2, rs1, 2, 0x23)
#define SD(rs2, imm, rs1) S_TYPE(imm, rs2, rs1, 3, 0x23)
#define FLD(rd, imm, rs1) I_TYPE(imm, rs1, 3, rd, 0x07)
#define FSD(rs2, imm, rs1) S_TYPE(imm, rs2, rs1, 3, 0x27)
#define FADD_D(rd, rs1, rs2) R_TYPE(1, rs2, rs1, 7, rd, 0x53)
#define AMOADD_D(rd, rs2, rs1) R_TYPE(0, rs2, rs1, 3, rd, 0x2f)
#define LR_D(rd, rs1) R_TYPE(0x08, 0, rs1, 3, rd, 0x2f)
#define SC_D(rd, rs2, rs1) R_TYPE(0x0c, rs2, rs1, 3, rd, 0x2f)
#define CSRRW(rd, number, rs1) I_TYPE(number, rs1, 1, rd, 0x73)
#define CSRRS(rd, number, rs1) I_TYPE(number, rs1, 2, rd, 0x73)
#define CSRRC(rd, number, rs1) I_TYPE(number, rs1, 3, rd, 0x73)
#define ECALL 0x00000073u
#define EBREAK 0x00100073u
#define MRET 0x30200073u
#define SRET 0x10200073u
#define WFI 0x10500073u
#define PAUSE 0x0100000fu
#define FENCE 0x0ff0000fu
#define FENCE_I 0x0000100fu
#define SFENCE_VMA(rs1, rs2) R_TYPE(0x09, rs2, rs1, 0, 0, 0x73)
#define NOP ADDI(0, 0, 0)
/* Ends a program in any mode that may write to STOP; spoils x31. */
#define END LUI(31, 0x100), SW(0, 0, 31), JAL(0, 0)

enum {
    CSR_SSTATUS = 0x100,
    CSR_STVEC = 0x105,
    CSR_SEPC = 0x141,
    CSR_SCAUSE = 0x142,
    CSR_STVAL = 0x143,
    CSR_STIMECMP = 0x14d,
    CSR_SATP = 0x180,
    CSR_MSTATUS = 0x300,
    CSR_MEDELEG = 0x302,
    CSR_MIDELEG = 0x303,
    CSR_MIE = 0x304,
    CSR_MTVEC = 0x305,
    CSR_MCOUNTEREN = 0x306,
    CSR_MENVCFG = 0x30a,
    CSR_MEPC = 0x341,
    CSR_MCAUSE = 0x342,
    CSR_MTVAL = 0x343,
    CSR_MIP = 0x344,
    CSR_PMPCFG0 = 0x3a0,
    CSR_PMPADDR0 = 0x3b0,
    CSR_CYCLE = 0xc00,
    CSR_TIME = 0xc01,
    CSR_INSTRET = 0xc02,
};

#endif
