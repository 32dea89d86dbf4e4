/* SPDX-License-Identifier: Apache-2.0 */
/* Options of the workload programs, see options.h. */
#include "options.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_help(const char *program, const struct option_number *options, size_t count)
{
    printf("usage: %s [OPTION]...\n", program);
    for (size_t i = 0; i < count; i++)
        printf("  --%s=N  %s (%lu to %lu; default %lu)\n", options[i].name, options[i].doc,
               options[i].min, options[i].max, *options[i].value);
}

static const struct option_number *find(const char *word, const struct option_number *options,
                                        size_t count)
{
    size_t length = strcspn(word, "=");
    for (size_t i = 0; i < count; i++)
        if (strlen(options[i].name) == length && !strncmp(options[i].name, word, length))
            return &options[i];
    return NULL;
}

static void set(const char *program, const struct option_number *option, const char *text)
{
    char *end;
    errno = 0;
    unsigned long value = strtoul(text, &end, 0);
    if (errno || !isdigit((unsigned char)*text) || *end || value < option->min ||
        value > option->max) {
        fprintf(stderr, "%s: --%s: '%s' is not a number from %lu to %lu\n", program, option->name,
                text, option->min, option->max);
        exit(2);
    }
    *option->value = value;
}

int options_read(int argc, char **argv, const struct option_number *options, size_t count)
{
    int i = 1;
    for (; i < argc && !strncmp(argv[i], "--", 2); i++) {
        const char *word = argv[i] + 2;
        if (!*word)
            return i + 1;
        if (!strcmp(word, "help")) {
            print_help(argv[0], options, count);
            exit(0);
        }
        const struct option_number *option = find(word, options, count);
        const char *equals = strchr(word, '=');
        if (!option) {
            fprintf(stderr, "%s: --%s: no such option; --help lists them\n", argv[0], word);
            exit(2);
        }
        if (equals)
            set(argv[0], option, equals + 1);
        else if (option->max == 1)
            *option->value = 1;
        else if (i + 1 < argc)
            set(argv[0], option, argv[++i]);
        else
            set(argv[0], option, "");
    }
    return i;
}
