/* SPDX-License-Identifier: Apache-2.0 */
/* The table of parameters.def, and the checks of single values and of values that must fit each
 * other. */
#include "scenario/parameters.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory_map.h"

static const char *const mechanism_names[] = {
#define MECHANISM(id, name, compatible, doc) name,
#include "ipc/mechanisms.def"
#undef MECHANISM
    NULL};

static const char *const timing_names[] = {"full", "none", NULL};

const struct parameter parameter_table[] = {
#define PARAMETER(group, name, value, min, max, unit, doc, source)                                 \
    {#group "." #name,                                                                             \
     value,                                                                                        \
     min,                                                                                          \
     max,                                                                                          \
     NULL,                                                                                         \
     NULL,                                                                                         \
     unit,                                                                                         \
     doc,                                                                                          \
     source,                                                                                       \
     offsetof(struct parameters, group##_##name)},
#define PARAMETER_CHOICE(group, name, value, choices, doc, source)                                 \
    {#group "." #name, 0,      0,   0,      value,                                                 \
     choices,          "name", doc, source, offsetof(struct parameters, group##_##name)},
#include "scenario/parameters.def"
#undef PARAMETER
#undef PARAMETER_CHOICE
};
const size_t parameter_count = sizeof parameter_table / sizeof *parameter_table;

static uint64_t *number_at(struct parameters *parameters, const struct parameter *parameter)
{
    return (uint64_t *)((char *)parameters + parameter->offset);
}

static const char **choice_at(struct parameters *parameters, const struct parameter *parameter)
{
    return (const char **)((char *)parameters + parameter->offset);
}

const struct parameter *parameter_find(const char *name)
{
    for (size_t i = 0; i < parameter_count; i++)
        if (!strcmp(parameter_table[i].name, name))
            return &parameter_table[i];
    return NULL;
}

bool parameter_suggest(struct problem *problem, const char *wrong)
{
    const char *names[sizeof parameter_table / sizeof *parameter_table];
    for (size_t i = 0; i < parameter_count; i++)
        names[i] = parameter_table[i].name;
    return problem_suggest(problem, wrong, names, parameter_count);
}

void parameters_default(struct parameters *parameters)
{
    for (size_t i = 0; i < parameter_count; i++) {
        const struct parameter *parameter = &parameter_table[i];
        if (parameter->choice)
            *choice_at(parameters, parameter) = parameter->choice;
        else
            *number_at(parameters, parameter) = parameter->value;
    }
}

bool number_parse(const char *text, uint64_t *value)
{
    if (*text < '0' || *text > '9')
        return false;
    char *end;
    errno = 0;
    *value = strtoull(text, &end, 10);
    return !errno && !*end;
}

static bool set_choice(struct parameters *parameters, const struct parameter *parameter,
                       const char *text, struct problem *problem)
{
    size_t count = 0;
    for (; parameter->choices[count]; count++)
        if (!strcmp(parameter->choices[count], text)) {
            *choice_at(parameters, parameter) = parameter->choices[count];
            return true;
        }
    problem_set(problem, "%s: there is no '%s'", parameter->name, text);
    return problem_suggest(problem, text, parameter->choices, count);
}

static bool wants_power_of_two(const struct parameter *parameter)
{
    return !strcmp(parameter->unit, "bytes") || !strcmp(parameter->unit, "ways");
}

bool parameter_set(struct parameters *parameters, const struct parameter *parameter,
                   const char *text, struct problem *problem)
{
    if (parameter->choice)
        return set_choice(parameters, parameter, text, problem);
    bool power = wants_power_of_two(parameter);
    uint64_t value;
    if (!number_parse(text, &value) || value < parameter->min || value > parameter->max ||
        (power && (value & (value - 1))))
        return problem_set(problem, "%s: '%s' is not %s from %" PRIu64 " to %" PRIu64 " (%s)",
                           parameter->name, text, power ? "a power of two" : "a whole number",
                           parameter->min, parameter->max, parameter->unit);
    *number_at(parameters, parameter) = value;
    return true;
}

const char *parameter_text(const struct parameters *parameters, const struct parameter *parameter,
                           char *buffer, size_t size)
{
    struct parameters copy = *parameters;
    if (parameter->choice)
        return *choice_at(&copy, parameter);
    snprintf(buffer, size, "%" PRIu64, *number_at(&copy, parameter));
    return buffer;
}

static bool check_cache(const char *name, uint64_t bytes, uint64_t ways, uint64_t line_bytes,
                        struct problem *problem)
{
    if (ways * line_bytes <= bytes)
        return true;
    return problem_set(problem,
                       "cache.%s_bytes: %" PRIu64 " is less than %" PRIu64 " ways of %" PRIu64
                       "-byte lines; use at least %" PRIu64,
                       name, bytes, ways, line_bytes, ways * line_bytes);
}

bool parameters_check(const struct parameters *p, struct problem *problem)
{
    if (p->machine_hosts + p->machine_coprocessors > MAP_MAX_HARTS)
        return problem_set(problem,
                           "machine.hosts: %" PRIu64 " hosts and %" PRIu64
                           " coprocessors are more than %d harts in all",
                           p->machine_hosts, p->machine_coprocessors, MAP_MAX_HARTS);
    if (p->machine_clock_hz % p->machine_timebase_hz)
        return problem_set(
            problem, "machine.timebase_hz: %" PRIu64 " does not divide machine.clock_hz, %" PRIu64,
            p->machine_timebase_hz, p->machine_clock_hz);
    if (parameters_timed(p) &&
        (p->machine_timing_from_cycle || p->machine_timing_from_instruction ||
         p->machine_timing_from_marker))
        return problem_set(problem,
                           "machine.timing_from_%s: timing is full from the beginning; set "
                           "machine.timing=none",
                           p->machine_timing_from_cycle         ? "cycle"
                           : p->machine_timing_from_instruction ? "instruction"
                                                                : "marker");
    if (p->bus_word_bytes > p->cache_line_bytes)
        return problem_set(problem,
                           "bus.word_bytes: %" PRIu64 " is more than a line; use at most %" PRIu64
                           " (cache.line_bytes)",
                           p->bus_word_bytes, p->cache_line_bytes);
    return check_cache("l1i", p->cache_l1i_bytes, p->cache_l1i_ways, p->cache_line_bytes,
                       problem) &&
           check_cache("l1d", p->cache_l1d_bytes, p->cache_l1d_ways, p->cache_line_bytes, problem);
}

bool parameters_timed(const struct parameters *parameters)
{
    return !strcmp(parameters->machine_timing, "full");
}
