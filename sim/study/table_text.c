/* SPDX-License-Identifier: Apache-2.0 */
/* The tables for people, for a terminal of 100 to 120 columns: numbers to the right, names to the left, groups of rows apart,
 * and a key's value only where it changes. */
#include <string.h>

#include "study/notes.h"
#include "study/table.h"

#define GAP 2
#define LABEL_BYTES 80

static int max(int a, int b)
{
    return a > b ? a : b;
}

static int length_of(const char *text)
{
    return text ? (int)strlen(text) : 0;
}

static bool same_group(const struct table_column *a, const struct table_column *b)
{
    return a->group && b->group && !strcmp(a->group, b->group);
}

static void label_of(const struct measurement *row, char text[LABEL_BYTES])
{
    snprintf(text, LABEL_BYTES, "%s%s", row->label, row->reconstruction ? " *" : "");
}

struct layout {
    int keys[SCENARIO_MAX_KEYS], label;
    int columns[TABLE_MAX_COLUMNS];
};

/* A key's short title is its unit: "bytes". */
static const char *key_title(const struct scenario_key *key)
{
    return key->unit && *key->unit ? key->unit : key->name;
}

/* Columns of one group are as wide as the widest of them, and together not narrower than its name. */
static void even_out(const struct table_block *block, int *widths)
{
    for (size_t i = 0, end; i < block->count; i = end) {
        int widest = widths[i];
        for (end = i + 1;
             end < block->count && same_group(&block->columns[i], &block->columns[end]); end++)
            widest = max(widest, widths[end]);
        int members = (int)(end - i), name = length_of(block->columns[i].group);
        while (members * (widest + GAP) - GAP < name)
            widest++;
        for (size_t j = i; j < end && members > 1; j++)
            widths[j] = max(widths[j], members > 2 ? widest : widths[j]);
        if (members <= 2)
            widths[i] = max(widths[i], name - (members > 1 ? widths[i + 1] + GAP : 0));
    }
}

static void lay_out(const struct compare *compare, const struct table_block *block,
                    struct layout *layout)
{
    char text[LABEL_BYTES], cell[TABLE_CELL_BYTES];
    *layout = (struct layout){.label = (int)strlen("machine")};
    for (size_t i = 0; i < compare->varied_count; i++)
        layout->keys[i] = length_of(key_title(&compare->varied[i]));
    for (size_t j = 0; j < block->count; j++)
        layout->columns[j] = length_of(block->columns[j].title);
    for (size_t i = 0; i < compare->row_count; i++) {
        const struct measurement *row = &compare->rows[i];
        label_of(row, text);
        layout->label = max(layout->label, length_of(text));
        for (size_t j = 0; j < compare->varied_count; j++)
            layout->keys[j] = max(layout->keys[j], length_of(row->keys[j]));
        for (size_t j = 0; j < block->count; j++) {
            table_cell(row, &block->columns[j], cell);
            layout->columns[j] = max(layout->columns[j], length_of(cell));
        }
    }
    even_out(block, layout->columns);
}

static void repeat(FILE *out, char character, int count)
{
    while (count-- > 0)
        putc(character, out);
}

static int left_width(const struct compare *compare, const struct layout *layout)
{
    int width = layout->label;
    for (size_t i = 0; i < compare->varied_count; i++)
        width += layout->keys[i] + GAP;
    return width;
}

/* "------- one way -------" over the columns of a group; a lone column's upper half as it is. */
static void print_groups(FILE *out, const struct compare *compare, const struct table_block *block,
                         const struct layout *layout)
{
    repeat(out, ' ', left_width(compare, layout));
    for (size_t i = 0, end; i < block->count; i = end) {
        const char *name = block->columns[i].group ? block->columns[i].group : "";
        int width = layout->columns[i];
        for (end = i + 1;
             end < block->count && same_group(&block->columns[i], &block->columns[end]); end++)
            width += GAP + layout->columns[end];
        int left = width - length_of(name);
        repeat(out, ' ', GAP);
        if (end - i == 1 || left < 4) {
            repeat(out, ' ', left);
            fputs(name, out);
        } else {
            repeat(out, '-', left / 2 - 1);
            fprintf(out, " %s ", name);
            repeat(out, '-', left - left / 2 - 1);
        }
    }
    putc('\n', out);
}

static void print_titles(FILE *out, const struct compare *compare, const struct table_block *block,
                         const struct layout *layout)
{
    for (size_t i = 0; i < compare->varied_count; i++)
        fprintf(out, "%*s%*s", layout->keys[i], key_title(&compare->varied[i]), GAP, "");
    fprintf(out, "%-*s", layout->label, "machine");
    for (size_t i = 0; i < block->count; i++)
        fprintf(out, "%*s%*s", GAP, "", layout->columns[i], block->columns[i].title);
    putc('\n', out);
}

static void print_row(FILE *out, const struct compare *compare, const struct table_block *block,
                      const struct layout *layout, size_t index)
{
    const struct measurement *row = &compare->rows[index];
    char text[LABEL_BYTES], cell[TABLE_CELL_BYTES];
    bool first = table_begins_group(compare, index);
    for (size_t i = 0; i < compare->varied_count; i++)
        fprintf(out, "%*s%*s", layout->keys[i], first ? row->keys[i] : "", GAP, "");
    label_of(row, text);
    fprintf(out, "%-*s", layout->label, text);
    for (size_t i = 0; i < block->count; i++) {
        table_cell(row, &block->columns[i], cell);
        fprintf(out, "%*s%*s", GAP, "", layout->columns[i], cell);
    }
    putc('\n', out);
}

static void print_block(FILE *out, const struct compare *compare, const struct table_block *block)
{
    struct layout layout;
    lay_out(compare, block, &layout);
    fprintf(out, "\n%s\n\n", block->title);
    print_groups(out, compare, block, &layout);
    print_titles(out, compare, block, &layout);
    for (size_t i = 0; i < compare->row_count; i++) {
        if (table_begins_group(compare, i) && (i == 0 || compare->varied_count))
            putc('\n', out);
        print_row(out, compare, block, &layout, i);
    }
}

void table_print_text(FILE *out, const struct compare *compare)
{
    struct table_block blocks[TABLE_BLOCKS];
    struct table_column columns[TABLE_BLOCKS][TABLE_MAX_COLUMNS];
    table_blocks(compare, blocks, columns);
    notes_print_head(out, compare);
    for (size_t i = 0; i < TABLE_BLOCKS; i++)
        print_block(out, compare, &blocks[i]);
    putc('\n', out);
    notes_print(out, compare, "");
}
