/* SPDX-License-Identifier: Apache-2.0 */
/* Every control and status register by one table: which there are and no others, who may read and
 * write them, which bits can be written. Then what takes more than a line: enabled counters, events.
 * Source: privileged specification 20211203, chapters 2 to 4; debug specification 1.0, chapter 5. */
#include "core/harness.h"

#define HANDLER (RAM_BASE + 0x1000)
#define STCE (UINT64_C(1) << 63)
#define ALL UINT64_MAX
#define NUMBERS 4096
#define MODE_M 3

enum {
    CSR_FFLAGS = 0x001,
    CSR_SCOUNTEREN = 0x106,
    CSR_MCOUNTINHIBIT = 0x320,
    CSR_MHPMEVENT3 = 0x323,
    CSR_MCYCLE = 0xb00,
    CSR_MINSTRET = 0xb02,
    CSR_MHPMCOUNTER3 = 0xb03,
    CSR_HPMCOUNTER3 = 0xc03,
};

/* What is read after all ones were written, and then all zeros: to `count` registers, `step` apart.
 * Of registers that cannot be written: what is read, but of those that count. */
static const struct row {
    unsigned number, count, step;
    const char *name;
    uint64_t ones, zeros;
} rows[] = {
    {0x001, 1, 1, "fflags", 0x1f, 0},
    {0x002, 1, 1, "frm", 7, 0},
    {0x003, 1, 1, "fcsr", 0xff, 0},
    {0x100, 1, 1, "sstatus", 0x80000002000c6122, 0x200000000},
    {0x104, 1, 1, "sie", 0x222, 0},
    {0x105, 1, 1, "stvec", ~UINT64_C(2), 0},
    {0x106, 1, 1, "scounteren", 0xffffffff, 0},
    {0x10a, 1, 1, "senvcfg", 1, 0},
    {0x140, 1, 1, "sscratch", ALL, 0},
    {0x141, 1, 1, "sepc", ~UINT64_C(1), 0},
    {0x142, 1, 1, "scause", ALL, 0},
    {0x143, 1, 1, "stval", ALL, 0},
    {0x144, 1, 1, "sip", 2, 0},
    {0x14d, 1, 1, "stimecmp", ALL, 0},
    {0x180, 1, 1, "satp", 0, 0}, /* mode 15 is reserved: nothing is written */
    {0x300, 1, 1, "mstatus", 0x8000000a007e79aa, 0xa00000000},
    {0x301, 1, 1, "misa", 0x800000000014112d, 0x800000000014112d},
    {0x302, 1, 1, "medeleg", 0xb3ff, 0},
    {0x303, 1, 1, "mideleg", 0x222, 0},
    {0x304, 1, 1, "mie", 0xaaa, 0},
    {0x305, 1, 1, "mtvec", ~UINT64_C(2), 0},
    {0x306, 1, 1, "mcounteren", 0xffffffff, 0},
    {0x30a, 1, 1, "menvcfg", STCE | 1, 0},
    {0x320, 1, 1, "mcountinhibit", 0xfffffffd, 0}, /* `time` cannot stand still */
    {0x323, 29, 1, "mhpmevent3..31", 0, 0},        /* there is no such event */
    {0x340, 1, 1, "mscratch", ALL, 0},
    {0x341, 1, 1, "mepc", ~UINT64_C(1), 0},
    {0x342, 1, 1, "mcause", ALL, 0},
    {0x343, 1, 1, "mtval", ALL, 0},
    {0x344, 1, 1, "mip", 0x222, 0},
    {0x3a0, 2, 2, "pmpcfg0, 2", 0x9f9f9f9f9f9f9f9f, 0x9f9f9f9f9f9f9f9f}, /* locked */
    {0x3a4, 6, 2, "pmpcfg4..14", 0, 0},
    {0x3b0, 16, 1, "pmpaddr0..15", 0x3fffffffffffff, 0},
    {0x3c0, 48, 1, "pmpaddr16..63", 0, 0},
    {0x7a0, 4, 1, "tselect, tdata1..3", 0, 0},
    {0x7a4, 1, 1, "tinfo", 1, 1},
    {0xb00, 1, 1, "mcycle", ALL, 0},
    {0xb02, 1, 1, "minstret", ALL, 0},
    {0xb03, 29, 1, "mhpmcounter3..31", ALL, 0},
    {0xc00, 32, 1, "cycle, time, instret, hpmcounter3..31", 0, 0},
    {0xf11, 3, 1, "mvendorid, marchid, mimpid", 0, 0},
    {0xf14, 1, 1, "mhartid", 5, 5},
    {0xf15, 1, 1, "mconfigptr", 0, 0},
};
#define ROWS (sizeof rows / sizeof rows[0])

static const struct row *row_of(unsigned number)
{
    for (const struct row *row = rows; row < rows + ROWS; row++)
        if (number >= row->number && (number - row->number) % row->step == 0 &&
            (number - row->number) / row->step < row->count)
            return row;
    return NULL;
}

static bool is_read_only(unsigned number)
{
    return number >> 10 == 3;
}

static struct machine *machine(void)
{
    struct hart_config config = default_config();
    const uint32_t end[] = {END};
    config.id = 5;
    struct machine *m = machine_create(&config, NULL, false);
    machine_put(m, HANDLER, end, sizeof end);
    return m;
}

/* After reset: PMP open, floating point on, the handler in place. */
static void prepare(struct machine *m)
{
    hart_reset(m->hart, RAM_BASE, 0);
    set_csr(m, CSR_MTVEC, HANDLER);
    set_csr(m, CSR_PMPADDR0 + 15, ALL);
    set_csr(m, CSR_PMPCFG0 + 2, UINT64_C(0x1f) << 56);
    set_csr(m, CSR_MSTATUS, 1 << 13);
}

/* The cause of the trap that ends `word`, or ECALL behind it, in this mode. */
static uint64_t cause_in(struct machine *m, unsigned mode, uint32_t word)
{
    const uint32_t code[] = {MRET, word, ECALL};
    machine_put(m, RAM_BASE, code, sizeof code);
    set_csr(m, CSR_MEPC, RAM_BASE + 4);
    set_csr(m, CSR_MSTATUS, (csr(m, CSR_MSTATUS) & ~UINT64_C(0x1800)) | (uint64_t)mode << 11);
    hart_set_x(m->hart, 6, 0);
    start(m, RAM_BASE);
    machine_run(m, hart_now(m->hart) + 10000);
    assert_true(m->stopped);
    if (csr(m, CSR_MCAUSE) == 2)
        assert_int_equal(csr(m, CSR_MTVAL), word);
    return csr(m, CSR_MCAUSE);
}

static void test_writable_bits(void **state)
{
    struct machine *m = machine();
    (void)state;
    for (unsigned number = 0; number < NUMBERS; number++) {
        const struct row *row = row_of(number);
        uint64_t ones = 0, zeros = 0;
        hart_reset(m->hart, RAM_BASE, 0);
        set_csr(m, CSR_MIDELEG, ALL);
        assert_int_equal(hart_csr_read(m->hart, number, &ones) == STATUS_OK, row != NULL);
        bool written = hart_csr_write(m->hart, number, ALL) == STATUS_OK;
        assert_int_equal(written, row && !is_read_only(number));
        if (!row)
            continue;
        hart_csr_read(m->hart, number, &ones);
        hart_csr_write(m->hart, number, 0);
        hart_csr_read(m->hart, number, &zeros);
        if (ones != row->ones || zeros != row->zeros)
            fail_msg("%s (0x%x): 0x%lx after ones, 0x%lx after zeros", row->name, number,
                     (unsigned long)ones, (unsigned long)zeros);
    }
    machine_free(m);
}

/* Bits 9:8 of the number are the least privilege, 11:10 both set: read only. */
static void test_privilege(void **state)
{
    static const unsigned modes[] = {0, 1, MODE_M};
    struct machine *m = machine();
    (void)state;
    for (unsigned number = 0; number < NUMBERS; number++)
        for (unsigned n = 0; n < 6; n++) {
            unsigned mode = modes[n / 2], write = n % 2;
            prepare(m);
            set_csr(m, CSR_MCOUNTEREN, ALL);
            set_csr(m, CSR_SCOUNTEREN, ALL);
            set_csr(m, CSR_MENVCFG, STCE);
            uint64_t cause = cause_in(m, mode, CSRRS(5, number, write ? 6 : 0));
            bool legal =
                row_of(number) && mode >= (number >> 8 & 3) && !(write && is_read_only(number));
            if (cause != (legal ? 8 + mode : 2))
                fail_msg("CSR 0x%x, mode %u, %s: cause %lu", number, mode, write ? "write" : "read",
                         (unsigned long)cause);
        }
    machine_free(m);
}

/* mcounteren gives to S, with scounteren to U, one counter as well as another. */
static void test_enabled_counters(void **state)
{
    struct machine *m = machine();
    (void)state;
    for (unsigned n = 0; n < 32; n++) {
        uint32_t word = CSRRS(5, CSR_CYCLE + n, 0);
        prepare(m);
        set_csr(m, CSR_SCOUNTEREN, UINT64_C(1) << n);
        assert_int_equal(cause_in(m, 1, word), 2);
        assert_int_equal(cause_in(m, 0, word), 2);
        set_csr(m, CSR_MCOUNTEREN, UINT64_C(1) << n);
        assert_int_equal(cause_in(m, 1, word), 9);
        assert_int_equal(cause_in(m, 0, word), 8);
        set_csr(m, CSR_SCOUNTEREN, ~(UINT64_C(1) << n));
        assert_int_equal(cause_in(m, 1, word), 9);
        assert_int_equal(cause_in(m, 0, word), 2);
        assert_int_equal(cause_in(m, MODE_M, word), 11);
    }
    machine_free(m);
}

static void test_conditions(void **state)
{
    struct machine *m = machine();
    const uint32_t stimecmp = CSRRS(5, CSR_STIMECMP, 0);
    (void)state;
    prepare(m);
    set_csr(m, CSR_MENVCFG, STCE);
    assert_int_equal(cause_in(m, 1, stimecmp), 2); /* mcounteren.TM is off */
    set_csr(m, CSR_MCOUNTEREN, 2);
    assert_int_equal(cause_in(m, 1, stimecmp), 9);
    set_csr(m, CSR_MENVCFG, 0);
    assert_int_equal(cause_in(m, 1, stimecmp), 2);
    assert_int_equal(cause_in(m, MODE_M, stimecmp), 11);

    set_csr(m, CSR_MSTATUS, 0); /* FS off */
    assert_int_equal(cause_in(m, MODE_M, CSRRS(5, CSR_FFLAGS, 0)), 2);
    set_csr(m, CSR_MSTATUS, 1 << 20); /* TVM */
    assert_int_equal(cause_in(m, 1, CSRRS(5, CSR_SATP, 0)), 2);
    machine_free(m);
}

/* Writes that depend on what is there, or on other registers. */
static void test_dependent_fields(void **state)
{
    static const struct {
        unsigned before, number;
        uint64_t first, written, read;
    } cases[] = {
        {CSR_MSTATUS, CSR_MSTATUS, 1 << 11, 2 << 11, UINT64_C(0xa00000800)}, /* MPP 2: kept */
        {CSR_SATP, CSR_SATP, UINT64_C(8) << 60 | 5, UINT64_C(9) << 60 | 6, UINT64_C(8) << 60 | 5},
        {CSR_SATP, CSR_SATP, UINT64_C(8) << 60 | 5, 0, 0},
        {CSR_MIDELEG, 0x104, 0x20, ALL, 0x20},
        {CSR_MIDELEG, 0x144, 0, ALL, 0},
        {CSR_MENVCFG, CSR_MIP, STCE, ALL, 0x202}, /* STIP is the comparator's */
        {CSR_MHPMEVENT3, CSR_MHPMEVENT3, 0, 15, 15},
        {CSR_MHPMEVENT3, CSR_MHPMEVENT3, 3, 16, 0},
        {CSR_PMPCFG0, CSR_PMPCFG0, 0, 0x7a, 0x18},                  /* W without R, reserved bits */
        {CSR_PMPCFG0, CSR_PMPADDR0, 0x8900, ALL, 0},                /* the bottom of a locked TOR */
        {CSR_PMPCFG0, CSR_PMPADDR0, 0x9100, ALL, 0x3fffffffffffff}, /* NA4 has none */
        {CSR_PMPCFG0, CSR_PMPADDR0 + 1, 0x9100, ALL, 0},
    };
    struct machine *m = machine();
    (void)state;
    for (size_t n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        hart_reset(m->hart, RAM_BASE, 0);
        set_csr(m, cases[n].before, cases[n].first);
        set_csr(m, cases[n].number, cases[n].written);
        if (csr(m, cases[n].number) != cases[n].read)
            fail_msg("case %zu: CSR 0x%x is 0x%lx", n, cases[n].number,
                     (unsigned long)csr(m, cases[n].number));
    }
    machine_free(m);
}

static void test_inhibited_counters(void **state)
{
    struct machine *m = machine();
    (void)state;
    set_csr(m, CSR_MHPMEVENT3, 1); /* instructions */
    hart_set_x(m->hart, 10, 4);    /* inhibits instret only */
    RUN(m, CSRRW(0, CSR_MCOUNTINHIBIT, 10), CSRRW(0, CSR_MINSTRET, 10), NOP, NOP,
        CSRRS(5, CSR_INSTRET, 0), CSRRW(0, CSR_MHPMCOUNTER3, 0), NOP, CSRRS(6, CSR_HPMCOUNTER3, 0),
        CSRRW(0, CSR_MCOUNTINHIBIT, 0), CSRRW(0, CSR_MINSTRET, 10), CSRRS(7, CSR_INSTRET, 0),
        CSRRS(8, CSR_INSTRET, 0));
    assert_int_equal(hart_x(m->hart, 5), 4);
    assert_int_equal(hart_x(m->hart, 6), 1);
    assert_int_equal(hart_x(m->hart, 7), 4); /* what was written: the write is not counted */
    assert_int_equal(hart_x(m->hart, 8), 5);

    hart_set_x(m->hart, 10, 1);
    RUN(m, CSRRW(0, CSR_MCOUNTINHIBIT, 10), CSRRS(5, CSR_CYCLE, 0), NOP, CSRRS(6, CSR_CYCLE, 0));
    assert_int_equal(hart_x(m->hart, 5), hart_x(m->hart, 6));
    uint64_t stopped = csr(m, CSR_MCYCLE);
    set_csr(m, CSR_MCOUNTINHIBIT, 0);
    assert_int_equal(csr(m, CSR_MCYCLE), stopped); /* it goes on from there */
    machine_free(m);
}

static uint64_t statistic(const struct machine *m, const char *name)
{
#define COUNTER(id, unit, doc)                                                                     \
    if (strcmp(name, #id) == 0)                                                                    \
        return hart_counters(m->hart)->id;
#include "core/hart_counters.def"
#undef COUNTER
    fail_msg("event %s is no statistic", name);
    return 0;
}

/* Each event counts what the statistic of its name does, also on a program that causes some. */
static void test_events(void **state)
{
    static const struct {
        unsigned number;
        const char *name;
    } events[] = {
#define HPM_EVENT(number, id, count, doc) {number, #id},
#include "core/hpm_events.def"
#undef HPM_EVENT
    };
    const size_t count = sizeof events / sizeof events[0];
    struct machine *m = machine();
    (void)state;
    for (unsigned n = 0; n < count; n++)
        set_csr(m, CSR_MHPMEVENT3 + n, events[n].number);
    hart_set_x(m->hart, 10, RAM_BASE + 0x8000);
    hart_set_x(m->hart, 11, SCRATCH);
    RUN(m, ADDI(9, 0, 10), LD(5, 0, 10), LD(5, 64, 10), SD(5, 8, 10), LD(6, 0, 11), ADDI(9, 9, -1),
        BNE(9, 0, -20));
    for (unsigned n = 0; n < count; n++) {
        uint64_t value = csr(m, CSR_MHPMCOUNTER3 + n);
        if (value != statistic(m, events[n].name))
            fail_msg("event %s: %lu", events[n].name, (unsigned long)value);
    }
    assert_int_equal(statistic(m, "branches_taken"), 9);
    assert_int_equal(statistic(m, "uncached_accesses"), 11); /* and the store that stops it */
    assert_int_equal(statistic(m, "l1d_misses"), HART_IS_TIMED ? 2 : 0);
    machine_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_writable_bits),    cmocka_unit_test(test_privilege),
        cmocka_unit_test(test_enabled_counters), cmocka_unit_test(test_conditions),
        cmocka_unit_test(test_dependent_fields), cmocka_unit_test(test_inhibited_counters),
        cmocka_unit_test(test_events),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
