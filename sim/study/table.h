/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of a comparison, printed. CSV has every column in one table, for programs; text, Markdown and LaTeX (booktabs) have
 * three tables of the same rows, for people: latency, where the cycles of a message go, resources. Text and Markdown say
 * below what the rows mean (notes.h). */
#ifndef MISSIVE_STUDY_TABLE_H
#define MISSIVE_STUDY_TABLE_H

#include <stdio.h>

#include "study/compare.h"

/* TABLE_FORMAT(id): what --format takes. */
#define TABLE_FORMATS                                                                              \
    TABLE_FORMAT(table) TABLE_FORMAT(csv) TABLE_FORMAT(markdown) TABLE_FORMAT(latex)
enum table_format {
#define TABLE_FORMAT(id) TABLE_##id,
    TABLE_FORMATS
#undef TABLE_FORMAT
        TABLE_FORMAT_COUNT
};
extern const char *const table_format_names[TABLE_FORMAT_COUNT + 1]; /* NULL at the end */

void table_print(FILE *out, const struct compare *compare, enum table_format format);

/* --- for the printers, one file each --- */

/* A column of a table for people. */
struct table_column {
    const char *group; /* columns side by side with the same group stand under it; NULL: none */
    const char *title;
    enum column column;
    bool percent; /* a share, printed in percent */
    bool if_any;  /* left out if all rows have 0 */
    int decimals;
};

struct table_block {
    const char *title;
    const struct table_column *columns;
    size_t count;
};

#define TABLE_BLOCKS 3
#define TABLE_CELL_BYTES 32
#define TABLE_MAX_COLUMNS 32
/* The tables for people, without the columns that say nothing; `columns` is the caller's memory for them. */
void table_blocks(const struct compare *compare, struct table_block blocks[TABLE_BLOCKS],
                  struct table_column columns[TABLE_BLOCKS][TABLE_MAX_COLUMNS]);
/* A value as text; "-" where there is none. */
void table_cell(const struct measurement *row, const struct table_column *column,
                char text[TABLE_CELL_BYTES]);
/* Whether a row begins a new combination of keys. */
bool table_begins_group(const struct compare *compare, size_t row);

void table_print_text(FILE *out, const struct compare *compare);
void table_print_csv(FILE *out, const struct compare *compare);
void table_print_markdown(FILE *out, const struct compare *compare);
void table_print_latex(FILE *out, const struct compare *compare);

#endif
