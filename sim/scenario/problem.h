/* SPDX-License-Identifier: Apache-2.0 */
/* What is wrong with something the user gave, in one line: what, where, what would be right.
 * Functions that read the user's input return false (or NULL) and leave their reason here. */
#ifndef MISSIVE_SCENARIO_PROBLEM_H
#define MISSIVE_SCENARIO_PROBLEM_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct problem {
    char text[1024]; /* no line break, no control character; "" while there is none */
};

/* Writes the text (cut if it is too long) and returns false, so that it can stand behind `return`.
 */
bool problem_set(struct problem *problem, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
bool problem_set_list(struct problem *problem, const char *format, va_list arguments);

/* Puts "place: " before the text, where it came from. Returns false. */
bool problem_at(struct problem *problem, const char *place);

/* Puts "; did you mean 'x'?" behind the text, or "; valid: a, b, c" if nothing valid is near.
 * Returns false. */
bool problem_suggest(struct problem *problem, const char *wrong, const char *const *valid,
                     size_t count);

#endif
