/* SPDX-License-Identifier: Apache-2.0 */
/* The tables for people as Markdown (pipe tables) and as LaTeX (booktabs): the same blocks, other marks. */
#include <string.h>

#include "study/notes.h"
#include "study/table.h"

/* A column's title in one piece; hyphenated halves are joined. */
static void print_title(FILE *out, const struct table_column *column,
                        void (*print)(FILE *, const char *))
{
    size_t length = column->group ? strlen(column->group) : 0;
    char title[64] = "";
    if (length && column->group[length - 1] == '-')
        snprintf(title, sizeof title, "%.*s%s", (int)length - 1, column->group, column->title);
    else
        snprintf(title, sizeof title, "%s%s%s", length ? column->group : "", length ? " " : "",
                 column->title);
    print(out, title);
}

/* --- Markdown --- */

static void print_plain(FILE *out, const char *text)
{
    fputs(text, out);
}

static void print_markdown_block(FILE *out, const struct compare *compare,
                                 const struct table_block *block)
{
    char cell[TABLE_CELL_BYTES];
    fprintf(out, "\n### %s\n\n|", block->title);
    for (size_t i = 0; i < compare->varied_count; i++)
        fprintf(out, " %s |", compare->varied[i].name);
    fputs(" machine |", out);
    for (size_t i = 0; i < block->count; i++) {
        putc(' ', out);
        print_title(out, &block->columns[i], print_plain);
        fputs(" |", out);
    }
    fputs("\n|", out);
    for (size_t i = 0; i < compare->varied_count; i++)
        fputs("---:|", out);
    fputs(":---|", out);
    for (size_t i = 0; i < block->count; i++)
        fputs("---:|", out);
    putc('\n', out);
    for (size_t i = 0; i < compare->row_count; i++) {
        const struct measurement *row = &compare->rows[i];
        putc('|', out);
        for (size_t j = 0; j < compare->varied_count; j++)
            fprintf(out, " %s |", row->keys[j]);
        fprintf(out, " %s%s |", row->label, row->reconstruction ? " (*)" : "");
        for (size_t j = 0; j < block->count; j++) {
            table_cell(row, &block->columns[j], cell);
            fprintf(out, " %s |", cell);
        }
        putc('\n', out);
    }
}

void table_print_markdown(FILE *out, const struct compare *compare)
{
    struct table_block blocks[TABLE_BLOCKS];
    struct table_column columns[TABLE_BLOCKS][TABLE_MAX_COLUMNS];
    table_blocks(compare, blocks, columns);
    notes_print_head(out, compare);
    for (size_t i = 0; i < TABLE_BLOCKS; i++)
        print_markdown_block(out, compare, &blocks[i]);
    putc('\n', out);
    notes_print(out, compare, "- ");
}

/* --- LaTeX --- */

static void print_escaped(FILE *out, const char *text)
{
    for (; *text; text++) {
        if (strchr("#$%&_{}", *text))
            putc('\\', out);
        putc(*text, out);
    }
}

static void print_latex_header(FILE *out, const struct compare *compare,
                               const struct table_block *block)
{
    fputs("\\begin{tabular}{", out);
    for (size_t i = 0; i < compare->varied_count; i++)
        putc('r', out);
    putc('l', out);
    for (size_t i = 0; i < block->count; i++)
        putc('r', out);
    fputs("}\n\\toprule\n", out);
    for (size_t i = 0; i < compare->varied_count; i++) {
        print_escaped(out, compare->varied[i].name);
        fputs(" & ", out);
    }
    fputs("machine", out);
    for (size_t i = 0; i < block->count; i++) {
        fputs(" & ", out);
        print_title(out, &block->columns[i], print_escaped);
    }
    fputs(" \\\\\n", out);
}

static void print_latex_block(FILE *out, const struct compare *compare,
                              const struct table_block *block)
{
    char cell[TABLE_CELL_BYTES];
    fprintf(out, "\n%% %s\n", block->title);
    print_latex_header(out, compare, block);
    for (size_t i = 0; i < compare->row_count; i++) {
        const struct measurement *row = &compare->rows[i];
        if (table_begins_group(compare, i))
            fputs("\\midrule\n", out);
        for (size_t j = 0; j < compare->varied_count; j++) {
            print_escaped(out, row->keys[j]);
            fputs(" & ", out);
        }
        print_escaped(out, row->label);
        if (row->reconstruction)
            fputs("$^*$", out);
        for (size_t j = 0; j < block->count; j++) {
            table_cell(row, &block->columns[j], cell);
            fprintf(out, " & %s", strcmp(cell, "-") ? cell : "--");
        }
        fputs(" \\\\\n", out);
    }
    fputs("\\bottomrule\n\\end{tabular}\n", out);
}

/* The sentences come as comments: a paper has its own. */
void table_print_latex(FILE *out, const struct compare *compare)
{
    struct table_block blocks[TABLE_BLOCKS];
    struct table_column columns[TABLE_BLOCKS][TABLE_MAX_COLUMNS];
    table_blocks(compare, blocks, columns);
    fputs("% Needs \\usepackage{booktabs}. * marks a reconstruction.\n", out);
    notes_print(out, compare, "% ");
    for (size_t i = 0; i < TABLE_BLOCKS; i++)
        print_latex_block(out, compare, &blocks[i]);
}
