/* SPDX-License-Identifier: Apache-2.0 */
/* See table.h: the tables for people as lists of columns, and what all printers share. */
#include "study/table.h"

#include <string.h>

const char *const table_format_names[TABLE_FORMAT_COUNT + 1] = {
#define TABLE_FORMAT(id) #id,
    TABLE_FORMATS
#undef TABLE_FORMAT
};

#define CYCLES(group, title, id)                                                                   \
    {                                                                                              \
        group, title, COLUMN_##id, false, false, 0                                                 \
    }
#define SHARE(group, title, id, if_any)                                                            \
    {                                                                                              \
        group, title, COLUMN_##id, true, if_any, 0                                                 \
    }

static const struct table_column latency_columns[] = {
    CYCLES(NULL, "messages", messages),
    CYCLES("one way", "mean", one_way_mean),
    CYCLES("one way", "median", one_way_median),
    CYCLES("one way", "95 %", one_way_p95),
    CYCLES("one way", "99 %", one_way_p99),
    CYCLES("round trip", "mean", round_trip_mean),
    CYCLES("round trip", "median", round_trip_median),
    CYCLES("round trip", "95 %", round_trip_p95),
    CYCLES("round trip", "99 %", round_trip_p99),
    {"ratio", "one way", COLUMN_ratio_one_way, false, false, 2},
    {"ratio", "rate", COLUMN_ratio_messages_per_second, false, false, 2},
};

static const struct table_column resource_columns[] = {
    {"throughput", "messages/s", COLUMN_messages_per_second, false, false, 0},
    {"throughput", "B/cycle", COLUMN_bytes_per_cycle, false, false, 3},
    {"bus, a message", "requests", COLUMN_bus_requests_per_message, false, false, 0},
    {"bus, a message", "words", COLUMN_bus_words_per_message, false, true, 0},
    {"bus, a message", "bytes", COLUMN_bus_bytes_per_message, false, false, 0},
    SHARE("hosts, %", "busy", host_busy, false),
    SHARE("hosts, %", "message", host_message, false),
    SHARE("hosts, %", "kernel", host_kernel, false),
    SHARE("hosts, %", "user", host_user, false),
    SHARE("busy, %", "coproc.", coprocessor_busy, true),
    SHARE("busy, %", "bus", bus_busy, false),
    SHARE("busy, %", "memory", memory_busy, false),
};

/* Titles of activities, hyphenated so that a table of all of them fits a page. */
static const char *const activity_titles[ACTIVITY_COUNT][2] = {
#define ACTIVITY(id, label, doc) [ACTIVITY_##id] = {NULL, label},
#include "base/activity.def"
#undef ACTIVITY
};

static const char *const hyphenated[ACTIVITY_COUNT][2] = {
    [ACTIVITY_schedule] = {"sched-", "ule"},   [ACTIVITY_protocol] = {"proto-", "col"},
    [ACTIVITY_preempted] = {"pre-", "empted"}, [ACTIVITY_coprocessor] = {"copro-", "cessor"},
    [ACTIVITY_buffered] = {"buf-", "fered"},
};

static bool any_value(const struct compare *compare, enum column column)
{
    for (size_t i = 0; i < compare->row_count; i++)
        if (compare->rows[i].values[column] > 0)
            return true;
    return false;
}

static size_t select_columns(const struct compare *compare, const struct table_column *from,
                             size_t count, struct table_column *to)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (!from[i].if_any || any_value(compare, from[i].column))
            to[kept++] = from[i];
    return kept;
}

/* The activities that occur, and their sum. */
static size_t select_activities(const struct compare *compare, struct table_column *to)
{
    size_t kept = 0;
    for (unsigned i = 0; i < ACTIVITY_COUNT; i++) {
        enum column column = (enum column)(COLUMN_LATENCY + i);
        const char *const *title = hyphenated[i][1] ? hyphenated[i] : activity_titles[i];
        if (any_value(compare, column))
            to[kept++] = (struct table_column){title[0], title[1], column, false, true, 0};
    }
    to[kept++] = (struct table_column){"in", "all", COLUMN_one_way_mean, false, false, 0};
    return kept;
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

void table_blocks(const struct compare *compare, struct table_block blocks[TABLE_BLOCKS],
                  struct table_column columns[TABLE_BLOCKS][TABLE_MAX_COLUMNS])
{
    blocks[0] = (struct table_block){
        "Latency, in cycles (ratio: to the first machine; rate: of messages a second)", columns[0],
        select_columns(compare, latency_columns, COUNT(latency_columns), columns[0])};
    blocks[1] = (struct table_block){"Where the cycles of a message go, one way, mean", columns[1],
                                     select_activities(compare, columns[1])};
    blocks[2] = (struct table_block){
        "Resources, in the window", columns[2],
        select_columns(compare, resource_columns, COUNT(resource_columns), columns[2])};
}

void table_cell(const struct measurement *row, const struct table_column *column,
                char text[TABLE_CELL_BYTES])
{
    double value = row->values[column->column] * (column->percent ? 100 : 1);
    if (value > 0)
        snprintf(text, TABLE_CELL_BYTES, "%.*f", column->decimals, value);
    else
        strcpy(text, "-");
}

bool table_begins_group(const struct compare *compare, size_t row)
{
    for (size_t i = 0; row && i < compare->varied_count; i++)
        if (strcmp(compare->rows[row].keys[i], compare->rows[row - 1].keys[i]))
            return true;
    return row == 0;
}

void table_print(FILE *out, const struct compare *compare, enum table_format format)
{
    static void (*const printers[TABLE_FORMAT_COUNT])(FILE *, const struct compare *) = {
        [TABLE_table] = table_print_text,
        [TABLE_csv] = table_print_csv,
        [TABLE_markdown] = table_print_markdown,
        [TABLE_latex] = table_print_latex,
    };
    printers[format](out, compare);
}
