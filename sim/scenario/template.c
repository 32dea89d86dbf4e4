/* SPDX-License-Identifier: Apache-2.0 */
/* Two passes: one finds the length of the expanded text, one writes it. Numbers are unsigned
 * 64-bit; an overflow is a mistake of the user's, not a wrapped value. */
#include "scenario/template.h"

#include <stdlib.h>
#include <string.h>

#include "scenario/parameters.h"

/* Reads one piece of the text: a literal run, "$$", or ${name}. Returns its value and length, and
 * moves on. */
static const char *next_piece(const char **text, size_t *length, const struct template_names *names,
                              struct arena *arena, struct problem *problem)
{
    const char *begin = *text;
    if (*begin != '$') {
        *length = strcspn(begin, "$");
        *text += *length;
        return begin;
    }
    if (begin[1] == '$') {
        *length = 1;
        *text += 2;
        return begin;
    }
    const char *end = begin[1] == '{' ? strchr(begin, '}') : NULL;
    if (!end) {
        problem_set(problem, "'%s': a '$' begins ${name}, or is written $$", begin);
        return NULL;
    }
    const char *name = arena_copy_part(arena, begin + 2, (size_t)(end - begin - 2));
    const char *value = names->value(names->owner, name, problem);
    *text = end + 1;
    *length = value ? strlen(value) : 0;
    return value;
}

const char *template_expand(const char *text, const struct template_names *names,
                            struct arena *arena, struct problem *problem)
{
    size_t total = 0, length;
    for (const char *at = text; *at; total += length)
        if (!next_piece(&at, &length, names, arena, problem))
            return NULL;
    char *expanded = arena_allocate(arena, total + 1), *to = expanded;
    for (const char *at = text; *at; to += length) {
        const char *piece = next_piece(&at, &length, names, arena, problem);
        memcpy(to, piece, length);
    }
    return expanded;
}

static const char *skip_blanks(const char *text)
{
    return text + strspn(text, " \t");
}

static bool read_number(const char **text, uint64_t *value)
{
    char digits[24];
    *text = skip_blanks(*text);
    size_t length = strspn(*text, "0123456789");
    if (!length || length >= sizeof digits)
        return false;
    memcpy(digits, *text, length);
    digits[length] = 0;
    *text = skip_blanks(*text + length);
    return number_parse(digits, value);
}

static bool read_product(const char **text, uint64_t *value)
{
    if (!read_number(text, value))
        return false;
    while (**text == '*') {
        uint64_t factor;
        ++*text;
        if (!read_number(text, &factor) || __builtin_mul_overflow(*value, factor, value))
            return false;
    }
    return true;
}

static bool read_sum(const char *text, uint64_t *value)
{
    if (!read_product(&text, value))
        return false;
    while (*text == '+') {
        uint64_t term;
        text++;
        if (!read_product(&text, &term) || __builtin_add_overflow(*value, term, value))
            return false;
    }
    return !*text;
}

bool template_number(const char *text, const struct template_names *names, struct arena *arena,
                     uint64_t *value, struct problem *problem)
{
    const char *expanded = template_expand(text, names, arena, problem);
    if (!expanded)
        return false;
    if (read_sum(expanded, value))
        return true;
    return problem_set(
        problem, "'%s' is no number, nor a sum of products of numbers such as 2 * 3 + 1", expanded);
}
