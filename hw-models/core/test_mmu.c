/* SPDX-License-Identifier: Apache-2.0 */
/* Sv39: walks, permissions, A and D, superpages, ASIDs, MPRV, and what a flush must drop. Tables
 * are built by the test; data accesses come from machine mode with MPRV, so that code needs no
 * mapping. */
#include "core/harness.h"

#define V 0x01
#define R 0x02
#define W 0x04
#define X 0x08
#define U 0x10
#define G 0x20
#define A 0x40
#define D 0x80

#define ROOT (RAM_BASE + 0x10000)
#define MIDDLE (RAM_BASE + 0x11000)
#define LEAVES (RAM_BASE + 0x12000)
#define DATA (RAM_BASE + 0x20000)
#define HANDLER (RAM_BASE + 0x1000)
#define VA UINT64_C(0x4321000) /* its indices are 0, 0x21, 0x121 */
#define LEAF (LEAVES + 8 * 0x121)
#define SATP(root, asid) (UINT64_C(8) << 60 | (uint64_t)(asid) << 44 | (root) >> 12)
#define PTE(address, flags) ((address) >> 12 << 10 | (flags))
#define MPRV (1 << 17)
#define SUM (1 << 18)
#define MXR (1 << 19)
#define MPP_S (1 << 11)

static struct machine *machine_of(const struct hart_config *config)
{
    struct machine *m = machine_create(config, NULL, true);
    const uint32_t end[] = {END};
    machine_put(m, HANDLER, end, sizeof end);
    machine_put_word(m, ROOT, PTE(MIDDLE, V));
    machine_put_word(m, MIDDLE + 8 * 0x21, PTE(LEAVES, V));
    machine_put_word(m, LEAF, PTE(DATA, V | R | W | A | D));
    machine_put_word(m, DATA + 8, 0x1122334455667788);
    set_csr(m, CSR_MTVEC, HANDLER);
    set_csr(m, CSR_PMPADDR0, UINT64_MAX);
    set_csr(m, CSR_PMPCFG0, 0x1f);
    set_csr(m, CSR_SATP, SATP(ROOT, 1));
    hart_set_x(m->hart, 10, VA + 8);
    hart_set_x(m->hart, 5, 0);
    return m;
}

static struct machine *machine(void)
{
    const struct hart_config config = default_config();
    return machine_of(&config);
}

#define END_WITHOUT_MPRV LUI(6, MPRV >> 12), CSRRC(0, CSR_MSTATUS, 6)

/* One data access as `status` says (MPRV and the like); 0 or the cause of its trap. */
static uint64_t try_access(struct machine *m, uint64_t status, uint32_t word)
{
    set_csr(m, CSR_MCAUSE, 0);
    set_csr(m, CSR_MSTATUS, status | MPRV);
    RUN(m, word, END_WITHOUT_MPRV);
    return csr(m, CSR_MCAUSE);
}

static void test_walk(void **state)
{
    NEEDS_TIMING();
    struct machine *m = machine();
    (void)state;
    assert_int_equal(try_access(m, MPP_S, LD(5, 0, 10)), 0);
    assert_int_equal(hart_x(m->hart, 5), 0x1122334455667788);
    assert_int_equal(hart_counters(m->hart)->page_walks, 1);
    assert_int_equal(m->requests[REQUEST_READ], 4); /* three entries and the line itself */
    assert_int_equal(try_access(m, MPP_S, LD(5, 8, 10)), 0);
    assert_int_equal(hart_counters(m->hart)->page_walks, 1); /* now it is in the TLB */
    machine_free(m);
}

static void test_faults(void **state)
{
    (void)state;
    static const struct {
        uint64_t leaf, status;
        uint32_t word;
        uint64_t cause;
    } cases[] = {
        {0, MPP_S, LD(5, 0, 10), 13},
        {PTE(DATA, R | W | A | D), MPP_S, LD(5, 0, 10), 13}, /* not valid */
        {PTE(DATA, V | W | A | D), MPP_S, LD(5, 0, 10), 13}, /* W without R */
        {PTE(DATA, V | R | A), MPP_S, SD(5, 0, 10), 15},
        {PTE(DATA, V | R | A), MPP_S, LD(5, 0, 10), 0},
        {PTE(DATA, V | R | A), MPP_S, AMOADD_D(5, 0, 10), 15},
        {PTE(DATA, V | R | A), MPP_S, LR_D(5, 10), 0},
        {PTE(DATA, V | X | A), MPP_S, LD(5, 0, 10), 13},
        {PTE(DATA, V | X | A), MPP_S | MXR, LD(5, 0, 10), 0},
        {PTE(DATA, V | R | U | A), MPP_S, LD(5, 0, 10), 13},
        {PTE(DATA, V | R | U | A), MPP_S | SUM, LD(5, 0, 10), 0},
        {PTE(DATA, V | R | A), 0, LD(5, 0, 10), 13}, /* U mode on a page of S */
        {PTE(DATA, V | R | U | A), 0, LD(5, 0, 10), 0},
        {PTE(DATA, V), MPP_S, LD(5, 0, 10), 13}, /* no leaf at the end */
        {PTE(DATA, V | R | A) | UINT64_C(1) << 60, MPP_S, LD(5, 0, 10), 13}, /* reserved bit */
        {PTE(UINT64_C(0x100000000), V | R | A), MPP_S, LR_D(5, 10), 5},      /* leads nowhere */
    };
    for (size_t n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        struct machine *m = machine();
        machine_put_word(m, LEAF, cases[n].leaf);
        uint64_t cause = try_access(m, cases[n].status, cases[n].word);
        if (cause != cases[n].cause)
            fail_msg("case %zu: cause %lu, should be %lu", n, (unsigned long)cause,
                     (unsigned long)cases[n].cause);
        if (cause)
            assert_int_equal(csr(m, CSR_MTVAL), VA + 8);
        machine_free(m);
    }
}

static void test_table_faults(void **state)
{
    struct machine *m = machine();
    (void)state;
    machine_put_word(m, ROOT, PTE(UINT64_C(0x1000000000), V)); /* a table outside RAM */
    assert_int_equal(try_access(m, MPP_S, SD(5, 0, 10)), 7);
    machine_put_word(m, ROOT, PTE(MIDDLE, V | A));
    assert_int_equal(try_access(m, MPP_S, LD(5, 0, 10)), 13); /* A of a table is reserved */
    hart_set_x(m->hart, 10, UINT64_C(0x4000000000));          /* bit 38 is the sign */
    assert_int_equal(try_access(m, MPP_S, LD(5, 0, 10)), 13);
    machine_free(m);
}

/* PMP must let a walk write what it marks, and says no with an access fault; QEMU 7.2 does not ask. */
static void test_marks_need_permission_to_write(void **state)
{
    struct machine *m = machine();
    const uint64_t clean = PTE(DATA, V | R | W | A);
    (void)state;
    machine_put_word(m, LEAF, clean);
    set_csr(m, CSR_PMPADDR0, LEAVES >> 2 | 0x1ff);
    set_csr(m, CSR_PMPADDR0 + 1, UINT64_MAX);
    set_csr(m, CSR_PMPCFG0, 0x1f19); /* the leaves' page: read only */
    assert_int_equal(try_access(m, MPP_S, LD(5, 0, 10)), 0);
    assert_int_equal(try_access(m, MPP_S, SD(5, 0, 10)), 7);
    assert_int_equal(csr(m, CSR_MTVAL), VA + 8);
    assert_int_equal(machine_word(m, LEAF), clean);
    machine_free(m);
}

static void test_accessed_and_dirty_are_set(void **state)
{
    struct machine *m = machine();
    (void)state;
    machine_put_word(m, LEAF, PTE(DATA, V | R | W));
    assert_int_equal(try_access(m, MPP_S, LD(5, 0, 10)), 0);
    assert_int_equal(machine_word(m, LEAF), PTE(DATA, V | R | W | A));
    assert_int_equal(try_access(m, MPP_S, SD(5, 0, 10)), 0);
    assert_int_equal(machine_word(m, LEAF), PTE(DATA, V | R | W | A | D));
    machine_free(m);
}

static void test_svade_leaves_them_to_software(void **state)
{
    struct hart_config config = default_config();
    config.svade = 1;
    struct machine *m = machine_of(&config);
    (void)state;
    machine_put_word(m, LEAF, PTE(DATA, V | R | W));
    assert_int_equal(try_access(m, MPP_S, LD(5, 0, 10)), 13);
    machine_put_word(m, LEAF, PTE(DATA, V | R | W | A));
    assert_int_equal(try_access(m, MPP_S, LD(5, 0, 10)), 0);
    assert_int_equal(try_access(m, MPP_S, SD(5, 0, 10)), 15); /* the TLB holds the page */
    assert_int_equal(machine_word(m, LEAF), PTE(DATA, V | R | W | A));
    machine_put_word(m, LEAF, PTE(DATA, V | R | W | A | D));
    assert_int_equal(try_access(m, MPP_S, AMOADD_D(5, 0, 10)), 0);
    machine_free(m);
}

static void test_superpages(void **state)
{
    struct machine *m = machine();
    (void)state;
    machine_put_word(m, MIDDLE + 8 * 0x21, PTE(RAM_BASE + 0x200000, V | R | A));
    machine_put_word(m, RAM_BASE + 0x321008, 42);
    assert_int_equal(try_access(m, MPP_S, LD(5, 0, 10)), 0);
    assert_int_equal(hart_x(m->hart, 5), 42);
    hart_set_x(m->hart, 10, VA + 0x1000);
    assert_int_equal(try_access(m, MPP_S, LD(5, 0, 10)), 0);
    assert_int_equal(hart_counters(m->hart)->page_walks, 1); /* the same entry */
    machine_free(m);

    m = machine();
    machine_put_word(m, MIDDLE + 8 * 0x21, PTE(RAM_BASE + 0x201000, V | R | A)); /* misaligned */
    assert_int_equal(try_access(m, MPP_S, LD(5, 0, 10)), 13);
    machine_put_word(m, ROOT, PTE(RAM_BASE, V | R | A)); /* 1 GiB */
    machine_put_word(m, RAM_BASE + 0x100008, 43);
    hart_set_x(m->hart, 10, 0x100008);
    assert_int_equal(try_access(m, MPP_S, LD(5, 0, 10)), 0);
    assert_int_equal(hart_x(m->hart, 5), 43);
    machine_free(m);
}

/* A changed entry is seen after the right sfence.vma, and a TLB entry of another address space
 * never is. */
static void test_flush(void **state)
{
    struct machine *m = machine();
    (void)state;
    machine_put_word(m, DATA + 0x1008, 99);
    assert_int_equal(try_access(m, MPP_S, LD(5, 0, 10)), 0);
    machine_put_word(m, LEAF, PTE(DATA + 0x1000, V | R | W | A | D));
    hart_set_x(m->hart, 12, 2); /* the wrong address space */
    RUN(m, SFENCE_VMA(10, 12));
    assert_int_equal(try_access(m, MPP_S, LD(5, 0, 10)), 0);
    assert_int_equal(hart_x(m->hart, 5), 0x1122334455667788);
    hart_set_x(m->hart, 12, 1);
    RUN(m, SFENCE_VMA(10, 12));
    assert_int_equal(try_access(m, MPP_S, LD(5, 0, 10)), 0);
    assert_int_equal(hart_x(m->hart, 5), 99);

    machine_put_word(m, LEAF, PTE(DATA, V | R | W | A | D));
    set_csr(m, CSR_SATP, SATP(ROOT, 2)); /* no flush, another ASID */
    assert_int_equal(try_access(m, MPP_S, LD(5, 0, 10)), 0);
    assert_int_equal(hart_x(m->hart, 5), 0x1122334455667788);
    set_csr(m, CSR_SATP, SATP(ROOT, 1)); /* the old entry is still there: that is no fault */
    assert_int_equal(try_access(m, MPP_S, LD(5, 0, 10)), 0);
    assert_int_equal(hart_x(m->hart, 5), 99);
    machine_free(m);
}

/* A flush of one address forgets all of the superpage it lies in, and no other page. */
static void test_flush_of_one_address(void **state)
{
    struct machine *m = machine();
    (void)state;
    machine_put_word(m, RAM_BASE + 0x321008, 42);
    machine_put_word(m, DATA + 0x1008, 99);
    machine_put_word(m, ROOT + 8, PTE(MIDDLE + 0x4000, V));
    machine_put_word(m, MIDDLE + 0x4000, PTE(RAM_BASE + 0x200000, V | R | A));
    hart_set_x(m->hart, 11, 0x40121008);
    hart_set_x(m->hart, 12, 0x401ff000); /* another page of the same superpage */
    for (unsigned n = 0; n < 2; n++) {
        assert_int_equal(try_access(m, MPP_S, LD(5, 0, 11)), 0);
        assert_int_equal(hart_x(m->hart, 5), 42);
        assert_int_equal(try_access(m, MPP_S, LD(5, 0, 10)), 0);
        assert_int_equal(hart_x(m->hart, 5), 0x1122334455667788);
        RUN(m, SFENCE_VMA(10, 0));
    }
    assert_int_equal(try_access(m, MPP_S, LD(5, 0, 10)), 0);
    uint64_t walks = hart_counters(m->hart)->page_walks;
    assert_int_equal(try_access(m, MPP_S, LD(5, 0, 11)), 0);
    assert_int_equal(hart_counters(m->hart)->page_walks, walks);

    machine_put_word(m, MIDDLE + 0x4000, 0);
    machine_put_word(m, LEAF, PTE(DATA + 0x1000, V | R | A));
    RUN(m, SFENCE_VMA(12, 0));
    assert_int_equal(try_access(m, MPP_S, LD(5, 0, 11)), 13);
    assert_int_equal(try_access(m, MPP_S, LD(5, 0, 10)), 0);
    assert_int_equal(hart_x(m->hart, 5), 0x1122334455667788);
    RUN(m, SFENCE_VMA(10, 0));
    assert_int_equal(try_access(m, MPP_S, LD(5, 0, 10)), 0);
    assert_int_equal(hart_x(m->hart, 5), 99);
    machine_free(m);
}

/* The same when no TLB entry stands for the superpage any more. */
static void test_flush_of_a_superpage_left_behind(void **state)
{
    struct machine *m = machine();
    (void)state;
    machine_put_word(m, ROOT + 8, PTE(MIDDLE + 0x4000, V));
    for (unsigned n = 0; n < 12; n++) {
        machine_put_word(m, MIDDLE + 0x4000 + 8 * n, PTE(RAM_BASE + 0x200000, V | R | A));
        hart_set_x(m->hart, 10, 0x40000008 + 0x201000 * n);
        assert_int_equal(try_access(m, MPP_S, LD(5, 0, 10)), 0);
    }
    machine_put_word(m, MIDDLE + 0x4000, 0);
    hart_set_x(m->hart, 10, 0x40000008);
    hart_set_x(m->hart, 12, 0x401ff000);
    RUN(m, SFENCE_VMA(12, 0));
    assert_int_equal(try_access(m, MPP_S, LD(5, 0, 10)), 13);
    machine_free(m);
}

/* More pages than any TLB holds, then sfence.vma for each: whatever remembers one must forget it. */
static void test_flush_of_many(void **state)
{
    struct machine *m = machine();
    (void)state;
    for (unsigned round = 0; round < 2; round++) {
        for (unsigned n = 0; n < 200; n++) {
            machine_put_word(m, DATA + 0x1000 * n, n);
            machine_put_word(m, LEAVES + 8 * n,
                             PTE(DATA + 0x1000 * ((n + round) % 200), V | R | A | D));
            hart_set_x(m->hart, 10, 0x4200000 + 0x1000 * n);
            if (round)
                RUN(m, SFENCE_VMA(10, 0));
        }
        for (unsigned n = 0; n < 200; n++) {
            hart_set_x(m->hart, 10, 0x4200000 + 0x1000 * n);
            assert_int_equal(try_access(m, MPP_S, LD(5, 0, 10)), 0);
            assert_int_equal(hart_x(m->hart, 5), (n + round) % 200);
        }
    }
    machine_free(m);
}

static void test_global_pages_survive(void **state)
{
    struct machine *m = machine();
    (void)state;
    machine_put_word(m, ROOT, PTE(MIDDLE, V | G)); /* inherited by what lies below */
    assert_int_equal(try_access(m, MPP_S, LD(5, 0, 10)), 0);
    set_csr(m, CSR_SATP, SATP(ROOT, 2));
    hart_set_x(m->hart, 12, 2);
    RUN(m, SFENCE_VMA(0, 12)); /* of one address space: global entries stay */
    assert_int_equal(try_access(m, MPP_S, LD(5, 0, 10)), 0);
    assert_int_equal(hart_counters(m->hart)->page_walks, 1);
    RUN(m, SFENCE_VMA(0, 0));
    assert_int_equal(try_access(m, MPP_S, LD(5, 0, 10)), 0);
    assert_int_equal(hart_counters(m->hart)->page_walks, 2);
    machine_free(m);
}

/* An access across two pages: both are checked before anything is written. */
static void test_split_over_pages(void **state)
{
    struct machine *m = machine();
    (void)state;
    machine_put_word(m, LEAF + 8, PTE(DATA + 0x5000, V | R | W | A | D));
    hart_set_x(m->hart, 10, VA + 0xffd);
    hart_set_x(m->hart, 11, 0x0102030405060708);
    assert_int_equal(try_access(m, MPP_S, SD(11, 0, 10)), 0);
    assert_int_equal(machine_word(m, DATA + 0xff8) >> 40, 0x060708);
    assert_int_equal(machine_word(m, DATA + 0x5000), 0x0102030405);
    assert_int_equal(try_access(m, MPP_S, LD(5, 0, 10)), 0);
    assert_int_equal(hart_x(m->hart, 5), 0x0102030405060708);

    machine_put_word(m, LEAF + 8, PTE(DATA + 0x5000, V | R | A));
    RUN(m, SFENCE_VMA(0, 0));
    hart_set_x(m->hart, 11, 0);
    assert_int_equal(try_access(m, MPP_S, SD(11, 0, 10)), 15);
    assert_int_equal(csr(m, CSR_MTVAL), VA + 0x1000);
    assert_int_equal(machine_word(m, DATA + 0xff8) >> 40, 0x060708);
    machine_free(m);
}

/* Code in pages that are not next to each other, an instruction across both, a fault in the second
 * half. */
static void test_fetch_over_pages(void **state)
{
    struct machine *m = machine();
    const uint32_t mret = MRET;
    (void)state;
    for (unsigned mapped = 0; mapped < 2; mapped++) {
        machine_put_word(m, LEAF, PTE(DATA, V | X | A));
        machine_put_word(m, LEAF + 8, mapped ? PTE(DATA + 0x7000, V | X | A) : 0);
        uint32_t word = ADDI(9, 0, 123), ecall = ECALL;
        machine_put(m, DATA + 0xffe, &word, 2);
        machine_put(m, DATA + 0x7000, (uint8_t *)&word + 2, 2);
        machine_put(m, DATA + 0x7002, &ecall, 4);
        machine_put(m, RAM_BASE, &mret, 4);
        set_csr(m, CSR_MEPC, VA + 0xffe);
        set_csr(m, CSR_MSTATUS, MPP_S);
        start(m, RAM_BASE);
        machine_run(m, 1000000);
        assert_true(m->stopped);
        assert_int_equal(csr(m, CSR_MCAUSE), mapped ? 9 : 12);
        assert_int_equal(csr(m, CSR_MEPC), mapped ? VA + 0x1002 : VA + 0xffe);
        assert_int_equal(csr(m, CSR_MTVAL), mapped ? 0 : VA + 0x1000);
        assert_int_equal(hart_x(m->hart, 9), mapped ? 123 : 0);
    }
    machine_free(m);
}

/* What was permitted with SUM, MXR or in a lesser mode is looked at anew without. */
static void test_permissions_are_those_of_now(void **state)
{
    struct machine *m = machine();
    (void)state;
    machine_put_word(m, LEAF, PTE(DATA, V | X | U | A));
    for (unsigned n = 0; n < 2; n++) {
        assert_int_equal(try_access(m, MPP_S | SUM | MXR, LD(5, 0, 10)), 0);
        assert_int_equal(try_access(m, MPP_S | SUM, LD(5, 0, 10)), 13);
        assert_int_equal(try_access(m, MPP_S | MXR, LD(5, 0, 10)), 13);
        assert_int_equal(try_access(m, MXR, LD(5, 0, 10)), 0);
        assert_int_equal(try_access(m, 0, LD(5, 0, 10)), 13);
    }
    machine_free(m);
}

/* The page machine mode runs in lies elsewhere for S: mret must not go on in the old one. */
static void test_fetch_follows_the_privilege(void **state)
{
    struct machine *m = machine();
    const uint32_t machine_code[] = {MRET, ADDI(9, 0, 1), END};
    const uint32_t supervisor_code[] = {NOP, ADDI(9, 0, 2), ECALL};
    (void)state;
    machine_put_word(m, ROOT + 8 * 2, PTE(MIDDLE, V));
    machine_put_word(m, MIDDLE, PTE(LEAVES, V));
    machine_put_word(m, LEAVES, PTE(DATA, V | X | A)); /* of virtual RAM_BASE */
    machine_put(m, RAM_BASE, machine_code, sizeof machine_code);
    machine_put(m, DATA, supervisor_code, sizeof supervisor_code);
    set_csr(m, CSR_MEPC, RAM_BASE + 4);
    set_csr(m, CSR_MSTATUS, MPP_S);
    start(m, RAM_BASE);
    machine_run(m, 10000);
    assert_int_equal(hart_x(m->hart, 9), 2);
    assert_int_equal(csr(m, CSR_MCAUSE), 9);
    machine_free(m);
}

enum {
    CODE_PAGES = 60,        /* more than the instruction TLB has entries */
    CODE_STRIDE = 4096 + 64 /* each in another set of L1I */
};

static cycle_t run_over_pages(cycle_t slice, unsigned blocks, uint64_t *walks)
{
    struct machine *m = machine();
    const uint32_t mret = MRET, step[] = {ADDI(9, 9, 1), JAL(0, CODE_STRIDE - 4)};
    const uint32_t last[] = {ADDI(8, 8, -1), BEQ(8, 0, 8), JALR(0, 7, 0), ECALL};
    for (unsigned n = 0; n < CODE_PAGES; n++)
        machine_put_word(m, LEAVES + 8 * (0x121 + n), PTE(DATA + 0x1000 * n, V | X | A));
    for (unsigned n = 0; n < CODE_PAGES - 1; n++)
        machine_put(m, DATA + CODE_STRIDE * n, step, sizeof step);
    machine_put(m, DATA + CODE_STRIDE * (CODE_PAGES - 1), last, sizeof last);
    machine_put(m, RAM_BASE, &mret, sizeof mret);
    set_csr(m, CSR_MEPC, VA);
    set_csr(m, CSR_MSTATUS, MPP_S);
    hart_set_x(m->hart, 7, VA + CODE_STRIDE * (CODE_PAGES - 40)); /* the last 40 pages, 10 times */
    hart_set_x(m->hart, 8, 10);
    block_store_init(m->blocks, blocks);
    m->slice = slice;
    machine_run(m, 1000000);
    assert_true(m->stopped);
    assert_int_equal(csr(m, CSR_MCAUSE), 9);
    assert_int_equal(hart_x(m->hart, 9), CODE_PAGES - 1 + 9 * 39);
    *walks = hart_counters(m->hart)->page_walks;
    cycle_t now = hart_now(m->hart);
    machine_free(m);
    return now;
}

/* What is remembered about jumps is forgotten when the TLB forgets the page. */
static void test_walks_do_not_depend_on_what_is_remembered(void **state)
{
    NEEDS_TIMING();
    uint64_t walks, others;
    cycle_t now = run_over_pages(0, 512, &walks);
    (void)state;
    assert_in_range(walks, CODE_PAGES + 100, 10 * CODE_PAGES);
    assert_int_equal(run_over_pages(0, 1, &others), now);
    assert_int_equal(others, walks);
    assert_int_equal(run_over_pages(3, 1, &others), now);
    assert_int_equal(others, walks);
}

/* Entries and data fall into one set of a direct-mapped L1D, or there is no L1D at all: still it
 * gets on. */
static void test_conflicting_lines_and_no_cache(void **state)
{
    (void)state;
    for (unsigned enabled = 0; enabled < 2; enabled++) {
        struct hart_config config = default_config();
        config.l1_enabled = enabled;
        config.l1d_bytes = config.l1i_bytes = 64;
        config.l1d_ways = config.l1i_ways = 1;
        struct machine *m = machine_of(&config);
        machine_put_word(m, LEAF, PTE(DATA, V | R | W));
        machine_put_word(m, LEAF + 8, PTE(DATA + 0x1000, V | R | W));
        hart_set_x(m->hart, 10, VA + 0xffc);
        hart_set_x(m->hart, 11, 0x1234);
        assert_int_equal(try_access(m, MPP_S, SD(11, 0, 10)), 0);
        assert_int_equal(try_access(m, MPP_S, LD(5, 0, 10)), 0);
        assert_int_equal(hart_x(m->hart, 5), 0x1234);
        assert_int_equal(machine_word(m, LEAF), PTE(DATA, V | R | W | A | D));
        machine_free(m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_walk),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_table_faults),
        cmocka_unit_test(test_marks_need_permission_to_write),
        cmocka_unit_test(test_accessed_and_dirty_are_set),
        cmocka_unit_test(test_svade_leaves_them_to_software),
        cmocka_unit_test(test_superpages),
        cmocka_unit_test(test_flush),
        cmocka_unit_test(test_flush_of_one_address),
        cmocka_unit_test(test_flush_of_a_superpage_left_behind),
        cmocka_unit_test(test_flush_of_many),
        cmocka_unit_test(test_global_pages_survive),
        cmocka_unit_test(test_split_over_pages),
        cmocka_unit_test(test_fetch_over_pages),
        cmocka_unit_test(test_permissions_are_those_of_now),
        cmocka_unit_test(test_fetch_follows_the_privilege),
        cmocka_unit_test(test_walks_do_not_depend_on_what_is_remembered),
        cmocka_unit_test(test_conflicting_lines_and_no_cache),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
