/* SPDX-License-Identifier: Apache-2.0 */
/* Marks of decoded lines: set once, taken away by writes to any of a line's bytes and by no others. */
#include "memory/ram.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define RAM_BYTES (4 * CODE_PAGE_BYTES)

static uint8_t bytes[RAM_BYTES];
static uint64_t pages[RAM_BYTES / CODE_PAGE_BYTES];

static struct code_lines none(void)
{
    for (unsigned n = 0; n < RAM_BYTES / CODE_PAGE_BYTES; n++)
        pages[n] = 0;
    return (struct code_lines){.pages = pages};
}

static void marks_once(void **state)
{
    (void)state;
    struct code_lines code = none();
    assert_true(code_lines_mark(&code, 4096 + 70));
    assert_false(code_lines_mark(&code, 4096 + 64));
    assert_true(code_lines_mark(&code, 4096 + 63));
    assert_int_equal(code.marked, 2);
    assert_int_equal(code.recent[0] / CODE_LINE_BYTES, (4096 + 64) / 64);
    assert_true(code_lines_in_page(&code, 8191));
    assert_false(code_lines_in_page(&code, 8192));
}

static void a_write_takes_the_marks_it_touches(void **state)
{
    (void)state;
    struct code_lines code = none();
    const struct ram ram = {bytes, 0x80000000, RAM_BYTES, &code};
    code_lines_mark(&code, 4096 - 64);
    code_lines_mark(&code, 4096);
    code_lines_mark(&code, 4096 + 128);
    assert_false(ram_wrote(&ram, ram.base + 4096 + 64, 64));
    assert_false(ram_wrote(&ram, ram.base + 4096 - 65, 1));
    assert_int_equal(code.written, 0);
    ram_write(&ram, ram.base + 4095, "ab",
              2); /* the last byte of one line, the first of the next */
    assert_int_equal(bytes[4096], 'b');
    assert_int_equal(code.written, 1);
    assert_false(code_lines_in_page(&code, 0));
    assert_true(code_lines_in_page(&code, 4096));
    assert_true(ram_wrote(&ram, ram.base, RAM_BYTES));
    assert_false(code_lines_in_page(&code, 4096));
    assert_true(code_lines_mark(&code, 4096));
}

static void without_marks_nothing_is_heard(void **state)
{
    (void)state;
    const struct ram ram = {.bytes = bytes, .base = 0x80000000, .size_bytes = RAM_BYTES};
    assert_false(ram_wrote(&ram, ram.base, RAM_BYTES));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_once),
        cmocka_unit_test(a_write_takes_the_marks_it_touches),
        cmocka_unit_test(without_marks_nothing_is_heard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
