/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a scenario file, as a machine file and as a --set: what is accepted can be planned, what is refused has one
 * line that says why. */
#define _GNU_SOURCE /* memrchr */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/machine.h"
#include "scenario/scenario.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size_bytes);

static void must_say_why(const struct problem *problem)
{
    if (!*problem->text || strchr(problem->text, '\n'))
        abort();
}

static void plan(struct scenario *scenario)
{
    struct run_plan run_plan;
    struct problem problem = {""};
    if (!scenario_plan(scenario, &run_plan, &problem))
        must_say_why(&problem);
}

/* The last line is what the user sets. */
static void set_last_line(struct scenario *scenario, const char *text, size_t size_bytes)
{
    char assignment[256] = "";
    struct problem problem = {""};
    const char *line = memrchr(text, '\n', size_bytes);
    size_t length = line ? (size_t)(text + size_bytes - line - 1) : 0;
    if (length < sizeof assignment && length)
        memcpy(assignment, line + 1, length);
    if (!scenario_set(scenario, assignment, &problem))
        must_say_why(&problem);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size_bytes)
{
    const char *text = (const char *)bytes;
    struct problem problem = {""};
    struct machine_info info;
    struct parameters parameters;
    struct scenario *scenario = scenario_parse("fuzz.yaml", text, size_bytes, &problem);
    if (scenario) {
        plan(scenario);
        set_last_line(scenario, text, size_bytes);
        plan(scenario);
        scenario_free(scenario);
    } else {
        must_say_why(&problem);
    }
    problem = (struct problem){""};
    parameters_default(&parameters);
    if (!machine_parse("fuzz.yaml", text, size_bytes, &info, &parameters, &problem))
        must_say_why(&problem);
    return 0;
}
