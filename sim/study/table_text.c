/* SPDX-License-Identifier: Apache-2.0 */
/* The tables for people, for a terminal of 100 to 120 columns: numbers to the right, names to the left, groups of rows apart,
 * and a key's value only where it changes. */
#include <stdlib.h>
#include <string.h>

#include "study/notes.h"
#include "study/table.h"

#define GAP 2 /* between columns; 1 where the table is wider than the page */
#define PAGE_WIDTH 118
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
    int gap;
    int keys[SCENARIO_MAX_KEYS], label;
    int columns[TABLE_MAX_COLUMNS];
};

/* A key's short title is its unit: "bytes". */
static const char *key_title(const struct scenario_key *key)
{
    return key->unit && *key->unit ? key->unit : key->name;
}

/* Columns of a group that differ little in width get the same; all together are not narrower than the group's name. */
static void even_out(const struct table_block *block, int *widths, int gap)
{
    for (size_t i = 0, end; i < block->count; i = end) {
        int narrowest = widths[i], widest = widths[i], sum = widths[i];
        for (end = i + 1;
             end < block->count && same_group(&block->columns[i], &block->columns[end]); end++) {
            narrowest = narrowest < widths[end] ? narrowest : widths[end];
            widest = max(widest, widths[end]);
            sum += gap + widths[end];
        }
        for (size_t j = i; j < end && widest - narrowest <= 2; j++) {
            sum += widest - widths[j];
            widths[j] = widest;
        }
        widths[i] += max(0, length_of(block->columns[i].group) - sum);
    }
}

static void lay_out(const struct compare *compare, const struct table_block *block, int gap,
                    struct layout *layout)
{
    char text[LABEL_BYTES], cell[TABLE_CELL_BYTES];
    *layout = (struct layout){.gap = gap, .label = (int)strlen("machine")};
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
    even_out(block, layout->columns, layout->gap);
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
        width += layout->keys[i] + layout->gap;
    return width;
}

static int width_of(const struct compare *compare, const struct table_block *block,
                    const struct layout *layout)
{
    int width = left_width(compare, layout);
    for (size_t i = 0; i < block->count; i++)
        width += layout->gap + layout->columns[i];
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
            width += layout->gap + layout->columns[end];
        int left = width - length_of(name);
        repeat(out, ' ', layout->gap);
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
        fprintf(out, "%*s%*s", layout->keys[i], key_title(&compare->varied[i]), layout->gap, "");
    fprintf(out, "%-*s", layout->label, "machine");
    for (size_t i = 0; i < block->count; i++)
        fprintf(out, "%*s%*s", layout->gap, "", layout->columns[i], block->columns[i].title);
    putc('\n', out);
}

static void print_row(FILE *out, const struct compare *compare, const struct table_block *block,
                      const struct layout *layout, size_t index)
{
    const struct measurement *row = &compare->rows[index];
    char text[LABEL_BYTES], cell[TABLE_CELL_BYTES];
    bool first = table_begins_group(compare, index);
    for (size_t i = 0; i < compare->varied_count; i++)
        fprintf(out, "%*s%*s", layout->keys[i], first ? row->keys[i] : "", layout->gap, "");
    label_of(row, text);
    fprintf(out, "%-*s", layout->label, text);
    for (size_t i = 0; i < block->count; i++) {
        table_cell(row, &block->columns[i], cell);
        fprintf(out, "%*s%*s", layout->gap, "", layout->columns[i], cell);
    }
    putc('\n', out);
}

static void print_block(FILE *out, const struct compare *compare, const struct table_block *block)
{
    struct layout layout;
    lay_out(compare, block, GAP, &layout);
    if (width_of(compare, block, &layout) > PAGE_WIDTH)
        lay_out(compare, block, 1, &layout);
    fprintf(out, "\n%s\n\n", block->title);
    print_groups(out, compare, block, &layout);
    print_titles(out, compare, block, &layout);
    for (size_t i = 0; i < compare->row_count; i++) {
        if (table_begins_group(compare, i) && (i == 0 || compare->varied_count))
            putc('\n', out);
        print_row(out, compare, block, &layout, i);
    }
}

/* A line broken at spaces; what follows the first is set in by two. */
static void print_wrapped(FILE *out, const char *line)
{
    int column = 0;
    for (const char *word = line; *word;) {
        int length = (int)strcspn(word, " ");
        if (column && column + 1 + length > PAGE_WIDTH)
            column = fprintf(out, "\n  ") - 1;
        else if (column)
            column += fprintf(out, " ");
        column += fprintf(out, "%.*s", length, word);
        word += length + (word[length] == ' ');
    }
    putc('\n', out);
}

static void print_notes(FILE *out, const struct compare *compare)
{
    char *text = NULL;
    size_t size;
    FILE *memory = open_memstream(&text, &size);
    if (!memory)
        return;
    notes_print(memory, compare, "- ");
    fclose(memory);
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
        print_wrapped(out, line);
    free(text);
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
    print_notes(out, compare);
}
