/* SPDX-License-Identifier: Apache-2.0 */
/* All columns of all rows as RFC 4180 CSV with a header line. */
#include <inttypes.h>
#include <string.h>

#include "study/table.h"

static void print_field(FILE *out, const char *text)
{
    if (!strpbrk(text, ",\"\n")) {
        fputs(text, out);
        return;
    }
    putc('"', out);
    for (; *text; text++) {
        if (*text == '"')
            putc('"', out);
        putc(*text, out);
    }
    putc('"', out);
}

static void print_header(FILE *out, const struct compare *compare)
{
    fputs("scenario,", out);
    for (size_t i = 0; i < compare->varied_count; i++)
        fprintf(out, "%s,", compare->varied[i].name);
    fputs("machine,reconstruction,hosts,coprocessors,seed,warmup_messages,measure_messages", out);
    for (enum column i = 0; i < COLUMN_COUNT; i++)
        fprintf(out, ",%s", column_name(i));
    putc('\n', out);
}

void table_print_csv(FILE *out, const struct compare *compare)
{
    print_header(out, compare);
    for (size_t i = 0; i < compare->row_count; i++) {
        const struct measurement *row = &compare->rows[i];
        print_field(out, scenario_name(compare->scenario));
        putc(',', out);
        for (size_t j = 0; j < compare->varied_count; j++) {
            print_field(out, row->keys[j]);
            putc(',', out);
        }
        print_field(out, row->label);
        fprintf(out, ",%d,%u,%u,%" PRIu64 ",%" PRIu64 ",%" PRIu64, row->reconstruction, row->hosts,
                row->coprocessors, compare->parameters.machine_seed, compare->warmup_messages,
                compare->measure_messages);
        for (enum column j = 0; j < COLUMN_COUNT; j++)
            fprintf(out, ",%.*f", column_decimals(j), row->values[j]);
        putc('\n', out);
    }
}
