/* SPDX-License-Identifier: Apache-2.0 */
/* See compare.h. */
#define _GNU_SOURCE /* asprintf */
#include "study/compare.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scenario/paths.h"
#include "study/jobs.h"

#define MAX_ARGUMENTS (2 * (COMPARE_MAX_SETS + SCENARIO_MAX_KEYS) + 16)

/* What is known of a row before it runs. */
struct planned {
    size_t machine; /* index into options->machines */
    size_t combination;
    uint64_t hosts; /* not 0: instead of the machine's own */
};

/* One run's words and files, all in memory of their own. */
struct run {
    char *arguments[MAX_ARGUMENTS];
    char *owned[SCENARIO_MAX_KEYS + 2]; /* of the arguments, those to be freed */
    size_t count, owned_count;
    char stats_path[128], stderr_path[128];
};

struct work {
    const struct compare_options *options;
    struct compare *compare;
    struct problem *problem;
    struct planned planned[COMPARE_MAX_ROWS];
    size_t row_count, ended;
    char folder[64];
    char simulator[4096];
    struct run *runs;
    struct job *jobs;
};

/* --- what to run --- */

static size_t combination_count(const struct compare *compare)
{
    size_t count = 1;
    for (size_t i = 0; i < compare->varied_count; i++)
        count *= compare->varied[i].value_count;
    return count;
}

/* The value of varied key `key` in a combination; the last key varies fastest. */
static const char *combination_value(const struct compare *compare, size_t combination, size_t key)
{
    for (size_t i = compare->varied_count - 1; i > key; i--)
        combination /= compare->varied[i].value_count;
    const struct scenario_key *varied = &compare->varied[key];
    return varied->values[combination % varied->value_count];
}

static bool load(struct work *work)
{
    const struct compare_options *options = work->options;
    struct compare *compare = work->compare;
    compare->scenario = scenario_load(options->scenario, work->problem);
    if (!compare->scenario)
        return false;
    for (size_t i = 0; i < options->set_count; i++)
        if (!scenario_set(compare->scenario, options->sets[i], work->problem))
            return false;
    for (size_t i = 0; i < scenario_key_count(compare->scenario); i++) {
        const struct scenario_key *key = scenario_key(compare->scenario, i);
        if (key->value_count > 1)
            compare->varied[compare->varied_count++] = *key;
    }
    size_t most = combination_count(compare) * (options->machine_count + 1);
    return most <= COMPARE_MAX_ROWS ||
           problem_set(work->problem, "%zu rows; %d are the most", most, COMPARE_MAX_ROWS);
}

static bool set_combination(struct work *work, size_t combination)
{
    struct compare *compare = work->compare;
    char assignment[512];
    for (size_t i = 0; i < compare->varied_count; i++) {
        snprintf(assignment, sizeof assignment, "%s=%s", compare->varied[i].name,
                 combination_value(compare, combination, i));
        if (!scenario_set(compare->scenario, assignment, work->problem))
            return false;
    }
    return true;
}

static void add_row(struct work *work, const struct planned *planned, const struct run_plan *plan)
{
    struct compare *compare = work->compare;
    struct measurement *row = &compare->rows[work->row_count];
    work->planned[work->row_count++] = *planned;
    memcpy(row->machine, plan->machine, sizeof row->machine);
    row->reconstruction = plan->reconstruction;
    for (size_t i = 0; i < compare->varied_count; i++)
        row->keys[i] = combination_value(compare, planned->combination, i);
    if (planned->hosts)
        snprintf(row->label, sizeof row->label, "%s, %" PRIu64 " hosts", plan->machine,
                 planned->hosts);
    else
        snprintf(row->label, sizeof row->label, "%s", plan->machine);
    if (work->row_count > 1)
        return;
    compare->warmup_messages = plan->warmup_messages;
    compare->measure_messages = plan->measure_messages;
    compare->parameters = plan->parameters;
}

static bool is_software(const struct parameters *parameters)
{
    return !parameters->machine_coprocessors && !strcmp(parameters->machine_mechanism, "software");
}

/* All machines at one combination of the keys. */
static bool plan_combination(struct work *work, size_t combination)
{
    const struct compare_options *options = work->options;
    struct run_plan *plans = calloc(options->machine_count, sizeof *plans);
    uint64_t most_harts = 0;
    bool good = plans ? set_combination(work, combination)
                      : problem_set(work->problem, "the host has no memory left");
    for (size_t i = 0; good && i < options->machine_count; i++) {
        scenario_set_machine(work->compare->scenario, options->machines[i]);
        good = scenario_plan(work->compare->scenario, &plans[i], work->problem);
        const struct parameters *parameters = &plans[i].parameters;
        if (good && !parameters_timed(parameters))
            good =
                problem_set(work->problem,
                            "machine.timing is none: there is no time to compare; full is needed");
        uint64_t harts = parameters->machine_hosts + parameters->machine_coprocessors;
        most_harts = harts > most_harts ? harts : most_harts;
    }
    for (size_t i = 0; good && i < options->machine_count; i++) {
        const struct parameters *parameters = &plans[i].parameters;
        add_row(work, &(struct planned){i, combination, 0}, &plans[i]);
        if (i == 0 && is_software(parameters) && most_harts > parameters->machine_hosts)
            add_row(work, &(struct planned){i, combination, most_harts}, &plans[i]);
    }
    free(plans);
    return good;
}

static bool plan(struct work *work)
{
    if (!load(work))
        return false;
    size_t combinations = combination_count(work->compare);
    size_t most = combinations * (work->options->machine_count + 1);
    work->compare->rows = calloc(most, sizeof *work->compare->rows);
    if (!work->compare->rows)
        return problem_set(work->problem, "the host has no memory left");
    for (size_t i = 0; i < combinations; i++)
        if (!plan_combination(work, i))
            return false;
    work->compare->row_count = work->row_count;
    return true;
}

/* --- running it --- */

static void say(struct run *run, const char *word)
{
    run->arguments[run->count++] = (char *)(uintptr_t)word; /* execve changes no word */
}

static bool say_setting(struct run *run, const char *name, const char *value)
{
    char *text;
    if (asprintf(&text, "%s=%s", name, value) < 0)
        return false;
    run->owned[run->owned_count++] = text;
    say(run, "--set");
    say(run, text);
    return true;
}

static bool make_run(struct work *work, size_t row)
{
    const struct compare_options *options = work->options;
    const struct planned *planned = &work->planned[row];
    struct run *run = &work->runs[row];
    char hosts[24];
    snprintf(run->stats_path, sizeof run->stats_path, "%s/%zu.json", work->folder, row);
    snprintf(run->stderr_path, sizeof run->stderr_path, "%s/%zu.err", work->folder, row);
    say(run, work->simulator);
    say(run, "run");
    say(run, options->scenario);
    say(run, "--machine");
    say(run, options->machines[planned->machine]);
    for (size_t i = 0; i < options->set_count; i++) {
        say(run, "--set");
        say(run, options->sets[i]);
    }
    for (size_t i = 0; i < work->compare->varied_count; i++)
        if (!say_setting(run, work->compare->varied[i].name, work->compare->rows[row].keys[i]))
            return false;
    snprintf(hosts, sizeof hosts, "%" PRIu64, planned->hosts);
    if (planned->hosts && !say_setting(run, "machine.hosts", hosts))
        return false;
    if (options->timeout_seconds) {
        say(run, "--timeout");
        say(run, options->timeout_seconds);
    }
    say(run, "--stats");
    say(run, run->stats_path);
    work->jobs[row] = (struct job){.arguments = run->arguments, .stderr_path = run->stderr_path};
    return true;
}

/* "smart-bus, message_bytes 8" */
static void describe(const struct compare *compare, const struct measurement *row, char *text,
                     size_t size)
{
    int length = snprintf(text, size, "%s", row->label);
    for (size_t i = 0; i < compare->varied_count && length >= 0 && (size_t)length < size; i++)
        length += snprintf(text + length, size - (size_t)length, ", %s %s", compare->varied[i].name,
                           row->keys[i]);
}

static void tell_progress(void *owner, const struct job *job)
{
    struct work *work = owner;
    char text[160];
    describe(work->compare, &work->compare->rows[job - work->jobs], text, sizeof text);
    fprintf(stderr, "\r\033[K%zu of %zu runs: %s", ++work->ended, work->row_count, text);
    if (work->ended == work->row_count || job->status)
        fputs("\r\033[K", stderr);
}

static bool prepare(struct work *work)
{
    const char *parent = getenv("TMPDIR");
    snprintf(work->folder, sizeof work->folder, "%.40s/missive-XXXXXX",
             parent && *parent ? parent : "/tmp");
    work->runs = calloc(work->row_count, sizeof *work->runs);
    work->jobs = calloc(work->row_count, sizeof *work->jobs);
    if (!work->runs || !work->jobs || !mkdtemp(work->folder))
        return problem_set(work->problem, "no folder for the runs' statistics in %.40s",
                           work->folder);
    if (!path_of(PATH_SIMULATOR, NULL, work->simulator, sizeof work->simulator))
        return problem_set(work->problem, "the simulator's path is too long");
    for (size_t i = 0; i < work->row_count; i++)
        if (!make_run(work, i))
            return problem_set(work->problem, "the host has no memory left");
    return true;
}

static void clean_up(struct work *work)
{
    for (size_t i = 0; work->runs && i < work->row_count; i++) {
        struct run *run = &work->runs[i];
        for (size_t j = 0; j < run->owned_count; j++)
            free(run->owned[j]);
        unlink(run->stats_path);
        unlink(run->stderr_path);
    }
    if (*work->folder)
        rmdir(work->folder);
    free(work->runs);
    free(work->jobs);
}

/* --- what came out --- */

/* The whole file, to be freed; NULL: not readable. */
static char *read_text(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    size_t size = 0;
    if (!file)
        return NULL;
    if (getdelim(&text, &size, 0, file) < 0) {
        free(text);
        text = NULL;
    }
    fclose(file);
    return text;
}

/* The last line a run left on stderr, which says why it failed. */
static void report_failure(struct work *work, size_t row)
{
    char where[160];
    char *text = read_text(work->runs[row].stderr_path);
    describe(work->compare, &work->compare->rows[row], where, sizeof where);
    char *line = text ? text : "";
    for (char *next = text ? strtok(text, "\n") : NULL; next; next = strtok(NULL, "\n"))
        if (!strstr(next, "guest MIPS"))
            line = next;
    problem_set(work->problem, "%s: the run ended with status %d: %s", where,
                work->jobs[row].status, *line ? line : "it said nothing");
    free(text);
}

static bool gather(struct work *work)
{
    struct compare *compare = work->compare;
    const struct measurement *base = NULL;
    for (size_t i = 0; i < work->row_count; i++) {
        struct measurement *row = &compare->rows[i];
        char *text = read_text(work->runs[i].stats_path);
        bool good = text ? measurement_read(row, text, work->problem)
                         : problem_set(work->problem, "%s: the run left no statistics", row->label);
        free(text);
        if (!good)
            return false;
        if (!i || work->planned[i].combination != work->planned[i - 1].combination)
            base = row;
        measurement_compare(row, base);
    }
    return true;
}

static bool find_failure(struct work *work, int *status)
{
    for (size_t i = 0; i < work->row_count; i++)
        if (work->jobs[i].status > 0) {
            *status = work->jobs[i].status;
            report_failure(work, i);
            return true;
        }
    return false;
}

enum compare_result compare_run(const struct compare_options *options, struct compare *compare,
                                int *status, struct problem *problem)
{
    struct work *work = calloc(1, sizeof *work);
    enum compare_result result = COMPARE_RUN_FAILED;
    *compare = (struct compare){0};
    *status = 0;
    if (!work) {
        problem_set(problem, "the host has no memory left");
        return result;
    }
    work->options = options;
    work->compare = compare;
    work->problem = problem;
    if (!plan(work))
        result = COMPARE_BAD_INPUT;
    else if (prepare(work) &&
             jobs_run(work->jobs, work->row_count, options->jobs,
                      options->progress ? tell_progress : NULL, work, problem) &&
             !find_failure(work, status) && gather(work))
        result = COMPARE_DONE;
    clean_up(work);
    free(work);
    return result;
}

void compare_free(struct compare *compare)
{
    free(compare->rows);
    scenario_free(compare->scenario);
    *compare = (struct compare){0};
}
