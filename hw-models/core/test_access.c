/* SPDX-License-Identifier: Apache-2.0 */
/* Caches, requests, atomics and snoops: what is asked for and when, and that an access gets on and
 * stays whole whatever other masters do meanwhile. */
#include "core/harness.h"
#include "core/hart_state.h"

#define LINE (RAM_BASE + 0x8000)

static struct machine *machine(void)
{
    const struct hart_config config = default_config();
    struct machine *m = machine_create(&config, NULL, true);
    hart_set_x(m->hart, 10, LINE);
    return m;
}

static struct snoop_result snoop(struct machine *m, uint64_t address, enum snoop_kind kind)
{
    return hart_snoop(m->hart, address & ~UINT64_C(63), kind, hart_now(m->hart));
}

static enum mesi state_of(struct machine *m, uint64_t address)
{
    return snoop(m, address, SNOOP_PEEK).was;
}

static void test_states_of_a_line(void **state)
{
    NEEDS_TIMING();
    struct machine *m = machine();
    (void)state;
    RUN(m, LD(5, 0, 10));
    assert_int_equal(state_of(m, LINE), MESI_EXCLUSIVE);
    RUN(m, SD(5, 8, 10)); /* silently */
    assert_int_equal(state_of(m, LINE), MESI_MODIFIED);
    assert_int_equal(m->requests[REQUEST_READ], 1);
    assert_int_equal(snoop(m, LINE, SNOOP_READ).was, MESI_MODIFIED);
    assert_int_equal(state_of(m, LINE), MESI_SHARED);
    RUN(m, LD(5, 0, 10), SD(5, 16, 10), SD(5, 24, 10));
    assert_int_equal(m->requests[REQUEST_UPGRADE], 1);
    assert_int_equal(m->requests[REQUEST_READ], 1);
    assert_int_equal(snoop(m, LINE, SNOOP_INVALIDATE).was, MESI_MODIFIED);
    assert_int_equal(state_of(m, LINE), MESI_INVALID);
    RUN(m, SD(5, 16, 10), SD(5, 24, 10));
    assert_int_equal(m->requests[REQUEST_READ_EXCLUSIVE], 1);
    assert_int_equal(hart_counters(m->hart)->snoops_hit, 2);
    machine_free(m);
}

static void test_dirty_victim_goes_first(void **state)
{
    NEEDS_TIMING();
    struct machine *m = machine();
    (void)state;
    /* Three lines of one set of two ways: 2 KiB apart. */
    hart_set_x(m->hart, 11, LINE + 2048);
    hart_set_x(m->hart, 12, LINE + 4096);
    RUN(m, SD(5, 0, 10), LD(5, 0, 11), LD(5, 0, 12));
    assert_int_equal(m->requests[REQUEST_WRITE_BACK], 1);
    assert_int_equal(hart_counters(m->hart)->write_backs, 1);
    assert_int_equal(state_of(m, LINE), MESI_INVALID);
    RUN(m, LD(5, 0, 10)); /* pushes a clean one out */
    assert_int_equal(m->requests[REQUEST_WRITE_BACK], 1);
    assert_int_equal(state_of(m, LINE + 2048), MESI_INVALID);
    machine_free(m);
}

/* Recency counts also for accesses that the filter answers. */
static void test_lru_sees_every_hit(void **state)
{
    NEEDS_TIMING();
    struct machine *m = machine();
    (void)state;
    hart_set_x(m->hart, 11, LINE + 2048);
    hart_set_x(m->hart, 12, LINE + 4096);
    RUN(m, LD(5, 0, 10), LD(5, 0, 10), LD(5, 0, 11), LD(5, 8, 11), LD(5, 8, 10), LD(5, 0, 12));
    assert_int_equal(state_of(m, LINE), MESI_EXCLUSIVE);
    assert_int_equal(state_of(m, LINE + 2048), MESI_INVALID);
    assert_int_equal(hart_counters(m->hart)->l1d_accesses, 6);
    assert_int_equal(hart_counters(m->hart)->l1d_misses, 3);
    machine_free(m);
}

static void test_misaligned_accesses(void **state)
{
    struct machine *m = machine();
    (void)state;
    for (unsigned n = 0; n < 64; n++) {
        uint64_t address = LINE + n, value = UINT64_C(0x0123456789abcdef) * (n + 1);
        hart_set_x(m->hart, 10, address);
        hart_set_x(m->hart, 11, value);
        RUN(m, SD(11, 0, 10), LD(12, 0, 10), LW(13, 1, 10));
        assert_int_equal(hart_x(m->hart, 12), value);
        assert_int_equal(hart_x(m->hart, 13), (uint64_t)(int64_t)(int32_t)(value >> 8));
        uint64_t stored;
        memcpy(&stored, ram_at(&m->ram, address), sizeof stored);
        assert_int_equal(stored, value);
    }
    machine_free(m);
}

static void test_uncached(void **state)
{
    struct machine *m = machine();
    (void)state;
    hart_set_x(m->hart, 10, SCRATCH);
    hart_set_x(m->hart, 11, 0x8182838485868788);
    RUN(m, SD(11, 0, 10), LW(12, 0, 10), LBU(13, 0, 10), LB(14, 0, 10), LD(15, 0, 10));
    assert_int_equal(hart_x(m->hart, 12), 0xffffffff85868788);
    assert_int_equal(hart_x(m->hart, 13), 0x88);
    assert_int_equal(hart_x(m->hart, 14), 0xffffffffffffff88);
    assert_int_equal(hart_x(m->hart, 15), 0x8182838485868788);
    assert_int_equal(hart_counters(m->hart)->uncached_accesses, 6);
    machine_free(m);
}

static void test_without_caches(void **state)
{
    NEEDS_TIMING();
    struct hart_config config = default_config();
    (void)state;
    config.l1_enabled = 0;
    struct machine *m = machine_create(&config, NULL, false);
    hart_set_x(m->hart, 10, LINE);
    hart_set_x(m->hart, 11, 7);
    RUN(m, SD(11, 0, 10), AMOADD_D(12, 11, 10), LR_D(13, 10), SC_D(14, 11, 10), SC_D(15, 11, 10),
        LD(16, 0, 10));
    assert_int_equal(hart_x(m->hart, 12), 7);
    assert_int_equal(hart_x(m->hart, 13), 14);
    assert_int_equal(hart_x(m->hart, 14), 0);
    assert_int_equal(hart_x(m->hart, 15), 1);
    assert_int_equal(hart_x(m->hart, 16), 7);
    assert_int_equal(m->requests[REQUEST_STORE], 3 + 1);
    assert_int_equal(m->requests[REQUEST_FETCH] + m->requests[REQUEST_READ], 0);
    machine_free(m);
}

static void test_fence_i_empties_l1i(void **state)
{
    NEEDS_TIMING();
    struct machine *m = machine();
    (void)state;
    hart_set_x(m->hart, 14, 10);
    RUN(m, FENCE_I, ADDI(14, 14, -1), BNE(14, 0, -8));
    assert_int_equal(m->requests[REQUEST_FETCH], 1 + 10);
    assert_int_equal(hart_counters(m->hart)->l1i_misses, 11);
    machine_free(m);
}

static void test_amo(void **state)
{
    (void)state;
    static const struct {
        unsigned f5;
        uint64_t doubleword, word; /* of 0x00000001_ffffffff and 0x...f_00000002 */
    } cases[] = {
        {0x01, 0xffffffff00000002, 0x1},
        {0x00, 0x0000000100000001, 0x1},
    };
    for (size_t n = 0; n < 2; n++)
        for (unsigned wide = 0; wide < 2; wide++) {
            struct machine *m = machine();
            machine_put_word(m, LINE, UINT64_C(0x1ffffffff));
            hart_set_x(m->hart, 11, UINT64_C(0xffffffff00000002));
            RUN(m, R_TYPE(cases[n].f5 << 2, 11, 10, 2 + wide, 12, 0x2f));
            uint64_t narrow = cases[n].f5 ? UINT64_C(0x100000002) : UINT64_C(0x100000001);
            assert_int_equal(machine_word(m, LINE), wide ? cases[n].doubleword : narrow);
            assert_int_equal(hart_x(m->hart, 12), wide ? UINT64_C(0x1ffffffff) : UINT64_MAX);
            machine_free(m);
        }
}

static void test_minimum_and_maximum_of_words(void **state)
{
    (void)state;
    static const struct {
        unsigned f5;
        uint32_t result; /* of memory 0xfffffffe (-2) and register 1 */
    } cases[] = {{0x10, 0xfffffffe}, {0x14, 1}, {0x18, 1}, {0x1c, 0xfffffffe}};
    for (size_t n = 0; n < 4; n++) {
        struct machine *m = machine();
        machine_put_word(m, LINE, 0xfffffffe);
        hart_set_x(m->hart, 11, 1);
        RUN(m, R_TYPE(cases[n].f5 << 2, 11, 10, 2, 12, 0x2f));
        assert_int_equal(machine_word(m, LINE), cases[n].result);
        machine_free(m);
    }
}

static void test_lr_sc(void **state)
{
    struct machine *m = machine();
    (void)state;
    hart_set_x(m->hart, 11, 5);
    RUN(m, SC_D(12, 11, 10));
    assert_int_equal(hart_x(m->hart, 12), 1); /* nothing is reserved */
    RUN(m, LR_D(12, 10), SC_D(13, 11, 10), SC_D(14, 11, 10));
    assert_int_equal(hart_x(m->hart, 13), 0);
    assert_int_equal(hart_x(m->hart, 14), 1);
    assert_int_equal(machine_word(m, LINE), 5);
    hart_set_x(m->hart, 15, LINE + 64);
    RUN(m, LR_D(12, 10), SC_D(13, 11, 15));
    assert_int_equal(hart_x(m->hart, 13), 1); /* another line */
    machine_free(m);
}

static void test_lr_window(void **state)
{
    NEEDS_TIMING();
    struct machine *m = machine();
    (void)state;
    const uint32_t code[] = {LR_D(12, 10), LR_D(12, 10), SC_D(13, 0, 10), END};
    machine_put(m, RAM_BASE, code, sizeof code);
    start(m, RAM_BASE);
    while (m->requests[REQUEST_READ_EXCLUSIVE] == 0)
        if (hart_run(m->hart, 1000) == HART_REQUEST)
            machine_answer(m);
    cycle_t locked = hart_now(m->hart);
    hart_run(m->hart, locked + 1);

    struct snoop_result result = hart_snoop(m->hart, LINE, SNOOP_INVALIDATE, locked);
    assert_int_equal(result.defer_until, locked + 80);
    assert_int_equal(result.was, MESI_MODIFIED);
    assert_int_equal(hart_snoop(m->hart, LINE + 64, SNOOP_INVALIDATE, locked).defer_until, 0);
    hart_run(m->hart, locked + 3); /* LR again: no new window while somebody waits */
    result = hart_snoop(m->hart, LINE, SNOOP_INVALIDATE, locked + 80);
    assert_int_equal(result.defer_until, 0);
    assert_int_equal(result.was, MESI_MODIFIED);
    machine_run(m, 1000);
    assert_int_equal(hart_x(m->hart, 13), 1);
    machine_free(m);
}

/* Between an answer and the next hart_run the line is taken away: the access has happened all the
 * same. */
static void steal(struct machine *m)
{
    for (unsigned n = 0; n < 8; n++) {
        uint64_t line = LINE + 64 * n;
        hart_snoop(m->hart, line, m->seed++ % 3 ? SNOOP_INVALIDATE : SNOOP_READ,
                   hart_now(m->hart) + 1000);
    }
}

static void test_progress_although_lines_are_stolen(void **state)
{
    struct machine *m = machine();
    (void)state;
    m->meddle = steal;
    m->slice = 1;
    hart_set_x(m->hart, 11, LINE + 61);
    hart_set_x(m->hart, 12, 1);
    hart_set_x(m->hart, 14, 100);
    RUN(m, AMOADD_D(5, 12, 10), LD(6, 0, 11), ADDI(6, 6, 1), SD(6, 0, 11), ADDI(14, 14, -1),
        BNE(14, 0, -20));
    assert_int_equal(machine_word(m, LINE), 100);
    assert_int_equal(hart_x(m->hart, 6), 100);
    machine_free(m);
}

static void test_upgrade_that_lost_its_line(void **state)
{
    NEEDS_TIMING();
    struct machine *m = machine();
    (void)state;
    RUN(m, LD(5, 0, 10));
    snoop(m, LINE, SNOOP_READ);
    const uint32_t code[] = {LR_D(12, 10), SC_D(13, 10, 10), SD(10, 8, 10), END};
    machine_put(m, RAM_BASE, code, sizeof code);
    start(m, RAM_BASE);
    assert_int_equal(hart_run(m->hart, 100000), HART_REQUEST);
    assert_int_equal(hart_request(m->hart)->kind, REQUEST_UPGRADE);
    snoop(m, LINE, SNOOP_INVALIDATE);
    machine_answer(m);
    assert_int_equal(state_of(m, LINE), MESI_MODIFIED);
    machine_run(m, 100000);
    assert_int_equal(hart_x(m->hart, 13), 0);
    assert_int_equal(machine_word(m, LINE + 8), LINE);
    machine_free(m);
}

static void test_refused_answer_is_an_access_fault(void **state)
{
    NEEDS_TIMING();
    struct machine *m = machine();
    const uint32_t code[] = {SD(10, 0, 10)}, handler[] = {END};
    struct response refused = {.status = STATUS_DENIED, .cycle = 50};
    (void)state;
    machine_put(m, RAM_BASE, code, sizeof code);
    machine_put(m, RAM_BASE + 0x100, handler, sizeof handler);
    set_csr(m, CSR_MTVEC, RAM_BASE + 0x100);
    start(m, RAM_BASE);
    assert_int_equal(hart_run(m->hart, 1000), HART_REQUEST);
    machine_answer(m); /* the fetch */
    assert_int_equal(hart_run(m->hart, 1000), HART_REQUEST);
    hart_complete(m->hart, &refused);
    machine_run(m, 10000);
    assert_int_equal(csr(m, CSR_MCAUSE), 7);
    assert_int_equal(csr(m, CSR_MEPC), RAM_BASE);
    assert_int_equal(csr(m, CSR_MTVAL), LINE);
    machine_free(m);
}

/* Where the filter says yes, L1D and its states must say so too, and each line has at most one
 * entry. */
static void check_filter(struct machine *m)
{
    struct hart *h = m->hart;
    unsigned entries = 0, lines = 0;
    for (unsigned n = 0; n < FILTER_ENTRIES; n++) {
        const struct filter_entry *entry = &h->filter[n];
        if (!entry->read_key && !entry->write_key)
            continue;
        entries++;
        assert_int_equal(h->filter_of_line[entry->line], n);
        const struct cache_line *line = &h->l1d.lines[entry->line];
        uint64_t virtual = entry->read_key & ~UINT64_C(63);
        uint8_t *host = (uint8_t *)(entry->host + (uintptr_t) virtual);
        assert_ptr_equal(host, ram_at(&m->ram, cache_address(line)));
        assert_true(cache_state(line) != MESI_INVALID);
        if (entry->write_key)
            assert_int_equal(cache_state(line), MESI_MODIFIED);
    }
    for (unsigned n = 0; n < CACHE_MAX_LINES; n++)
        lines += h->filter_of_line[n] != FILTER_NONE;
    assert_int_equal(entries, lines);
}

static void steal_and_check(struct machine *m)
{
    check_filter(m);
    m->seed = m->seed * 1664525 + 1013904223;
    if (m->seed >> 28 < 4)
        hart_snoop(m->hart, LINE + (m->seed >> 16) % 64 * 64,
                   m->seed >> 12 & 1 ? SNOOP_READ : SNOOP_INVALIDATE, hart_now(m->hart) + 1000);
    check_filter(m);
}

static void test_filter_is_a_subset_of_the_cache(void **state)
{
    NEEDS_TIMING();
    struct machine *m = machine();
    (void)state;
    m->meddle = steal_and_check;
    m->slice = 7;
    hart_set_x(m->hart, 14, 3000);
    hart_set_x(m->hart, 15, LINE);
    hart_set_x(m->hart, 16, 0xff8);
    /* A walk over 4 KiB in odd strides, loading and storing. */
    RUN(m, ADD(5, 15, 6), LD(7, 0, 5), ADDI(7, 7, 1), SD(7, 0, 5), ADDI(6, 6, 1096),
        R_TYPE(0, 16, 6, 7, 6, 0x33), ADDI(14, 14, -1), BNE(14, 0, -28));
    uint64_t sum = 0;
    for (unsigned n = 0; n < 512; n++)
        sum += machine_word(m, LINE + 8 * n);
    assert_int_equal(sum, 3000);
    machine_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_states_of_a_line),
        cmocka_unit_test(test_dirty_victim_goes_first),
        cmocka_unit_test(test_lru_sees_every_hit),
        cmocka_unit_test(test_misaligned_accesses),
        cmocka_unit_test(test_uncached),
        cmocka_unit_test(test_without_caches),
        cmocka_unit_test(test_fence_i_empties_l1i),
        cmocka_unit_test(test_amo),
        cmocka_unit_test(test_minimum_and_maximum_of_words),
        cmocka_unit_test(test_lr_sc),
        cmocka_unit_test(test_lr_window),
        cmocka_unit_test(test_progress_although_lines_are_stolen),
        cmocka_unit_test(test_upgrade_that_lost_its_line),
        cmocka_unit_test(test_refused_answer_is_an_access_fault),
        cmocka_unit_test(test_filter_is_a_subset_of_the_cache),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
