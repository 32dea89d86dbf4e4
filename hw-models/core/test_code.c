/* SPDX-License-Identifier: Apache-2.0 */
/* Code that is written without a fence.i: the hart's own stores, another hart's and another
 * master's are all seen when the code is entered next. */
#include "core/harness.h"

#define SUBROUTINE (RAM_BASE + 0x2000)
#define ADD_TO_5(n) ADDI(5, 5, n)
#define RETURN JALR(0, 1, 0)

static struct code_lines code;

static struct machine *machine(void)
{
    static uint64_t pages[RAM_BYTES / CODE_PAGE_BYTES];
    const struct hart_config config = default_config();
    struct machine *m = machine_create(&config, NULL, false);
    memset(pages, 0, sizeof pages);
    code = (struct code_lines){.pages = pages};
    m->ram.code = &code;
    hart_set_x(m->hart, 10, SUBROUTINE);
    hart_set_x(m->hart, 11, ADD_TO_5(16));
    hart_set_x(m->hart, 12, RETURN);
    return m;
}

static void put_subroutine(struct machine *m, uint64_t address)
{
    const uint32_t subroutine[] = {ADD_TO_5(1), RETURN};
    machine_put(m, address, subroutine, sizeof subroutine);
}

/* Stores to the line go unseen by the slow path once it is the hart's own: until it is code. */
static void its_own_stores(void **state)
{
    (void)state;
    struct machine *m = machine();
    put_subroutine(m, SUBROUTINE);
    RUN(m, SW(12, 4, 10), SW(12, 4, 10), JALR(1, 10, 0), SW(11, 0, 10), JALR(1, 10, 0),
        SW(11, 0, 10), JALR(1, 10, 0));
    assert_int_equal(hart_x(m->hart, 5), 1 + 16 + 16);
    machine_free(m);
}

/* The second line of the page becomes code while the first is written. */
static void a_store_beside_code_stays_cheap_and_seen(void **state)
{
    (void)state;
    struct machine *m = machine();
    put_subroutine(m, SUBROUTINE + 64);
    RUN(m, SW(11, 0, 10), SW(12, 4, 10), JALR(1, 10, 64), SW(11, 0, 10), JALR(1, 10, 0),
        SW(12, 0, 10), JALR(1, 10, 0), JALR(1, 10, 64));
    assert_int_equal(hart_x(m->hart, 5), 1 + 16 + 1);
    machine_free(m);
}

static void a_store_to_a_page_that_has_code(void **state)
{
    (void)state;
    struct machine *m = machine();
    put_subroutine(m, SUBROUTINE + 64);
    RUN(m, JALR(1, 10, 64), SW(11, 0, 10), SW(11, 0, 10), SW(11, 64, 10), JALR(1, 10, 64));
    assert_int_equal(hart_x(m->hart, 5), 1 + 16);
    machine_free(m);
}

/* What was written is what was there: the code is relied on again. */
static void the_same_again(void **state)
{
    (void)state;
    struct machine *m = machine();
    put_subroutine(m, SUBROUTINE);
    hart_set_x(m->hart, 13, ADD_TO_5(1));
    RUN(m, JALR(1, 10, 0), SW(13, 0, 10), SW(13, 0, 10), JALR(1, 10, 0), SW(11, 0, 10),
        JALR(1, 10, 0));
    assert_int_equal(hart_x(m->hart, 5), 1 + 1 + 16);
    machine_free(m);
}

static void an_atomic(void **state)
{
    (void)state;
    struct machine *m = machine();
    put_subroutine(m, SUBROUTINE);
    hart_set_x(m->hart, 13, UINT64_C(15) << 20); /* the immediate 1 becomes 16 */
    RUN(m, JALR(1, 10, 0), AMOADD_D(0, 13, 10), JALR(1, 10, 0));
    assert_int_equal(hart_x(m->hart, 5), 1 + 16);
    machine_free(m);
}

static void write_when_twice_called(struct machine *m)
{
    const uint32_t instruction = ADD_TO_5(16);
    if (hart_x(m->hart, 5) == 2)
        ram_write(&m->ram, SUBROUTINE, &instruction, sizeof instruction);
}

static void another_master(void **state)
{
    (void)state;
    struct machine *m = machine();
    put_subroutine(m, SUBROUTINE);
    m->slice = 1;
    m->meddle = write_when_twice_called;
    RUN(m, JALR(1, 10, 0), JALR(1, 10, 0), NOP, NOP, NOP, JALR(1, 10, 0));
    assert_int_equal(hart_x(m->hart, 5), 2 + 16);
    machine_free(m);
}

static void run_from(struct machine *m, uint64_t address, const uint32_t *program, size_t bytes)
{
    machine_put(m, address, program, bytes);
    hart_set_pc(m->hart, address);
    machine_run(m, hart_now(m->hart) + 100000);
    assert_true(m->stopped);
}

/* The other hart owns the line for writing before it becomes code. More marks than are remembered
 * may pass in between. */
static void another_hart(void **state)
{
    const uint32_t store[] = {SW(11, 0, 10), SW(11, 0, 10), END};
    const uint32_t call[] = {JALR(1, 10, 0), END};
    (void)state;
    for (unsigned marks = 0; marks <= 2 * CODE_LINES_RECENT; marks += CODE_LINES_RECENT) {
        struct machine *m = machine(), *other = machine();
        uint8_t *bytes = other->ram.bytes;
        other->ram = m->ram;
        run_from(other, RAM_BASE + 0x1000, store, sizeof store);
        put_subroutine(m, SUBROUTINE);
        run_from(m, RAM_BASE, call, sizeof call);
        for (unsigned n = 0; n < marks; n++)
            code_lines_mark(&code, 0x10000 + n * CODE_LINE_BYTES);
        run_from(other, RAM_BASE + 0x1000, store, sizeof store);
        run_from(m, RAM_BASE, call, sizeof call);
        assert_int_equal(hart_x(m->hart, 5), 1 + 16);
        other->ram.bytes = bytes;
        machine_free(other);
        machine_free(m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_own_stores),
        cmocka_unit_test(a_store_beside_code_stays_cheap_and_seen),
        cmocka_unit_test(a_store_to_a_page_that_has_code),
        cmocka_unit_test(the_same_again),
        cmocka_unit_test(an_atomic),
        cmocka_unit_test(another_master),
        cmocka_unit_test(another_hart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
