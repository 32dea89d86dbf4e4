/* SPDX-License-Identifier: Apache-2.0 */
/* One line about a mistake of the user's, and the valid name nearest to a wrong one (edit distance
 * of Damerau and Levenshtein, adjacent letters swapped counting as one). */
#include "scenario/problem.h"

#include <stdio.h>
#include <string.h>

#define NAME_MAX_LENGTH 63 /* longer names are too wrong to have a near one */

static void make_one_line(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            *text = '?';
}

bool problem_set_list(struct problem *problem, const char *format, va_list arguments)
{
    vsnprintf(problem->text, sizeof problem->text, format, arguments);
    make_one_line(problem->text);
    return false;
}

bool problem_set(struct problem *problem, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    problem_set_list(problem, format, arguments);
    va_end(arguments);
    return false;
}

bool problem_at(struct problem *problem, const char *place)
{
    struct problem before = *problem;
    return problem_set(problem, "%s: %s", place, before.text);
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

static unsigned edit_distance(const char *a, const char *b)
{
    size_t length_a = strlen(a), length_b = strlen(b);
    if (length_a > NAME_MAX_LENGTH || length_b > NAME_MAX_LENGTH)
        return NAME_MAX_LENGTH;
    unsigned row[3][NAME_MAX_LENGTH + 1];
    unsigned *before = row[0], *above = row[1], *here = row[2];
    for (size_t j = 0; j <= length_b; j++)
        above[j] = (unsigned)j;
    for (size_t i = 1; i <= length_a; i++) {
        here[0] = (unsigned)i;
        for (size_t j = 1; j <= length_b; j++) {
            here[j] =
                least(above[j - 1] + (a[i - 1] != b[j - 1]), least(above[j], here[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                here[j] = least(here[j], before[j - 2] + 1);
        }
        unsigned *spare = before;
        before = above, above = here, here = spare;
    }
    return above[length_b];
}

static const char *nearest(const char *wrong, const char *const *valid, size_t count)
{
    const char *best = NULL;
    unsigned best_distance = (unsigned)strlen(wrong) / 3 + 2;
    for (size_t i = 0; i < count; i++) {
        unsigned distance = edit_distance(wrong, valid[i]);
        if (distance < best_distance)
            best = valid[i], best_distance = distance;
    }
    return best;
}

bool problem_suggest(struct problem *problem, const char *wrong, const char *const *valid,
                     size_t count)
{
    char *text = problem->text;
    size_t size = sizeof problem->text, used = strlen(text);
    const char *near = nearest(wrong, valid, count);
    if (near) {
        snprintf(text + used, size - used, "; did you mean '%s'?", near);
        return false;
    }
    for (size_t i = 0; i < count && used < size - 1; i++) {
        snprintf(text + used, size - used, "%s%s", i ? ", " : "; valid: ", valid[i]);
        used = strlen(text);
    }
    return false;
}
