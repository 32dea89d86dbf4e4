/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of hand-made rows: all formats say the same numbers, the page is not overrun, and the sentences below follow
 * from the rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "study/table.h"

static const char scenario_text[] =
    "doc: a test\n"
    "program: /bin/true\n"
    "keys:\n"
    "  size_bytes: {default: [8, 64], min: 1, max: 100, unit: bytes, doc: size of a message}\n";

#define ROWS 6

static struct compare compare;

/* Three machines at two sizes; the second is the first with two hosts. At 8 bytes the hardware is slower. */
static const struct {
    const char *machine, *label, *size;
    bool reconstruction;
    unsigned hosts, coprocessors;
    double one_way, copy, coprocessor;
} given[ROWS] = {
    {"plain", "plain", "8", false, 1, 0, 1000, 400, 0},
    {"plain", "plain, 2 hosts", "8", false, 2, 0, 700, 400, 0},
    {"helped", "helped", "8", true, 1, 1, 1120, 270, 250},
    {"plain", "plain", "64", false, 1, 0, 2000, 1400, 0},
    {"plain", "plain, 2 hosts", "64", false, 2, 0, 1700, 1400, 0},
    {"helped", "helped", "64", true, 1, 1, 1234, 384, 250},
};

static void fill_row(struct measurement *row, size_t i)
{
    snprintf(row->machine, sizeof row->machine, "%s", given[i].machine);
    snprintf(row->label, sizeof row->label, "%s", given[i].label);
    row->keys[0] = given[i].size;
    row->reconstruction = given[i].reconstruction;
    row->complete = true;
    row->hosts = given[i].hosts;
    row->coprocessors = given[i].coprocessors;
    row->values[COLUMN_messages] = row->values[COLUMN_round_trips] = 200;
    row->values[COLUMN_one_way_mean] = given[i].one_way;
    row->values[COLUMN_round_trip_mean] = 2 * given[i].one_way;
    row->values[COLUMN_messages_per_second] = 1e9 / given[i].one_way;
    row->values[COLUMN_LATENCY + ACTIVITY_copy] = given[i].copy;
    row->values[COLUMN_LATENCY + ACTIVITY_coprocessor] = given[i].coprocessor;
    row->values[COLUMN_LATENCY + ACTIVITY_other] =
        given[i].one_way - given[i].copy - given[i].coprocessor;
    row->values[COLUMN_hardware_state_bits] = given[i].reconstruction ? 5000 : 0;
    measurement_compare(row, &compare.rows[i < 3 ? 0 : 3]);
}

static int setup(void **state)
{
    (void)state;
    struct problem problem;
    compare.scenario =
        scenario_parse("test.yaml", scenario_text, sizeof scenario_text - 1, &problem);
    compare.rows = calloc(ROWS, sizeof *compare.rows);
    if (!compare.scenario || !compare.rows)
        return -1;
    compare.varied[compare.varied_count++] = *scenario_key(compare.scenario, 0);
    compare.row_count = ROWS;
    parameters_default(&compare.parameters);
    for (size_t i = 0; i < ROWS; i++)
        fill_row(&compare.rows[i], i);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    compare_free(&compare);
    return 0;
}

static char *print(enum table_format format)
{
    char *text = NULL;
    size_t size;
    FILE *memory = open_memstream(&text, &size);
    assert_non_null(memory);
    table_print(memory, &compare, format);
    fclose(memory);
    return text;
}

static size_t count(const char *text, const char *words)
{
    size_t found = 0;
    for (const char *at = text; (at = strstr(at, words)); at += strlen(words))
        found++;
    return found;
}

static void every_format_has_every_row(void **state)
{
    (void)state;
    for (enum table_format format = 0; format < TABLE_FORMAT_COUNT; format++) {
        char *text = print(format);
        for (size_t i = 0; i < ROWS; i++) {
            char number[16];
            snprintf(number, sizeof number, "%.0f", given[i].one_way);
            if (!strstr(text, number))
                fail_msg("%s lacks %s:\n%s", table_format_names[format], number, text);
        }
        free(text);
    }
}

/* A header and rows of as many fields. */
static void csv_is_rectangular(void **state)
{
    (void)state;
    char *text = print(TABLE_csv);
    size_t lines = 0, fields = 0;
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"), lines++) {
        size_t commas = 0;
        bool quoted = false;
        for (const char *c = line; *c; c++) {
            quoted ^= *c == '"';
            commas += *c == ',' && !quoted;
        }
        if (!lines)
            fields = commas;
        assert_int_equal(commas, fields);
    }
    assert_int_equal(lines, 1 + ROWS);
    assert_true(fields > COLUMN_COUNT);
    free(text);
}

static void text_fits_the_page(void **state)
{
    (void)state;
    char *text = print(TABLE_table);
    size_t width = 0;
    for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
        size_t length = strcspn(line, "\n");
        width = length > width ? length : width;
        assert_true(length == 0 || line[length - 1] != '\t');
    }
    assert_true(width <= 120);
    assert_int_equal(count(text, "plain, 2 hosts "), 2 * TABLE_BLOCKS + 1); /* and a sentence */
    free(text);
}

static void sentences_follow_from_the_rows(void **state)
{
    (void)state;
    char *text = print(TABLE_markdown);
    static const char *const sentences[] = {
        ("- helped does not pay at size_bytes 8: a message takes 1.12 times as long as on plain "
         "(rate 0.89): coprocessor +250, copy -130.\n"),
        "- helped pays elsewhere: a message takes 0.62 times as long as on plain (rate 1.62).\n",
        ("- helped against as many harts in software: a message takes 0.73 to 1.60 times as long "
         "as "
         "on plain, 2 hosts (rate 0.62 to 1.38); ahead in 1 of 2.\n"),
        "- helped adds 5000 bits of state to the hardware.\n",
        "- helped (*): reconstruction",
    };
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
        if (!strstr(text, sentences[i]))
            fail_msg("no \"%s\" in\n%s", sentences[i], text);
    assert_null(strstr(text, "Warning"));
    free(text);

    compare.rows[0].values[COLUMN_messages] = 3;
    text = print(TABLE_markdown);
    assert_non_null(strstr(text, "Warning: only 3 messages are measured"));
    free(text);
    compare.rows[0].values[COLUMN_messages] = 200;

    double slow = compare.rows[2].values[COLUMN_one_way_mean];
    compare.rows[2].values[COLUMN_one_way_mean] = 1001;
    text = print(TABLE_markdown);
    assert_non_null(strstr(text, "- helped makes no difference somewhere: a message takes 1.00 "));
    assert_non_null(strstr(text, "- helped pays elsewhere: a message takes 0.62 "));
    free(text);
    compare.rows[2].values[COLUMN_one_way_mean] = slow;

    compare.rows[2].complete = false;
    strcpy(compare.rows[5].complaint, "a complaint");
    text = print(TABLE_markdown);
    assert_non_null(strstr(text, "Warning: helped at size_bytes 8: the window is not complete"));
    assert_non_null(strstr(text, "Warning: helped at size_bytes 64: a complaint.\n"));
    free(text);
    compare.rows[2].complete = true;
    *compare.rows[5].complaint = 0;
}

static void reads_reports_with_suspicion(void **state)
{
    (void)state;
    struct measurement row;
    struct problem problem;
    memset(&row, 0, sizeof row);
    assert_false(measurement_read(&row, "{", &problem));
    assert_string_equal(problem.text, "the run's statistics are no JSON");
    assert_false(measurement_read(&row, "{\"messages\": {}}", &problem));
    assert_string_equal(problem.text, "the run's statistics lack messages/measured");
    assert_false(measurement_read(&row, "[1, 2]", &problem));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_format_has_every_row),
        cmocka_unit_test(csv_is_rectangular),
        cmocka_unit_test(text_fits_the_page),
        cmocka_unit_test(sentences_follow_from_the_rows),
        cmocka_unit_test(reads_reports_with_suspicion),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
