/* SPDX-License-Identifier: Apache-2.0 */
/* From a scenario, a machine and the user's settings to everything one run needs. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "scenario/machine.h"
#include "scenario/paths.h"
#include "scenario/scenario_state.h"

struct planner {
    struct scenario *scenario;
    struct run_plan *plan;
};

/* What ${name} stands for in this run. */
static const char *name_value(void *owner, const char *name, struct problem *problem)
{
    struct planner *planner = owner;
    struct scenario_key *key = scenario_find_key(planner->scenario, name);
    if (key && key->kind == KEY_FILE)
        return key->guest_path;
    if (key && key->kind == KEY_NUMBER)
        return key->values[0];
    const struct parameter *parameter = key ? key->parameter : parameter_find(name);
    if (!parameter) {
        problem_set(problem, "${%s}: there is no key or parameter of this name", name);
        return NULL;
    }
    char buffer[24];
    return arena_copy(&planner->scenario->arena,
                      parameter_text(&planner->plan->parameters, parameter, buffer, sizeof buffer));
}

static bool need_values(const struct scenario *scenario, struct problem *problem)
{
    for (size_t i = 0; i < scenario->key_count; i++) {
        const struct scenario_key *key = &scenario->keys[i];
        if (key->kind != KEY_PARAMETER && !key->value_count)
            return problem_set(problem, "%s needs a value for '%s': --set %s=%s", scenario->name,
                               key->name, key->name, key->kind == KEY_FILE ? "PATH" : "NUMBER");
    }
    return true;
}

/* A scenario's parameter: calculated if it is a number. */
static bool apply_override(struct planner *planner, const struct setting *setting,
                           struct problem *problem)
{
    const struct template_names names = {planner, name_value};
    struct arena *arena = &planner->scenario->arena;
    const char *text = setting->value.text;
    char digits[24];
    uint64_t value;
    if (setting->parameter->choice) {
        text = template_expand(text, &names, arena, problem);
    } else if (template_number(text, &names, arena, &value, problem)) {
        snprintf(digits, sizeof digits, "%llu", (unsigned long long)value);
        text = digits;
    } else {
        text = NULL;
    }
    if (text && parameter_set(&planner->plan->parameters, setting->parameter, text, problem))
        return true;
    return problem_at(problem, setting->value.place);
}

static bool plan_parameters(struct planner *planner, struct problem *problem)
{
    struct scenario *scenario = planner->scenario;
    struct parameters *parameters = &planner->plan->parameters;
    struct machine_info machine;
    parameters_default(parameters);
    if (!machine_load(scenario->machine, &machine, parameters, problem))
        return false;
    memcpy(planner->plan->machine, machine.name, sizeof machine.name);
    planner->plan->reconstruction = machine.reconstruction;
    for (size_t i = 0; i < scenario->override_count; i++)
        if (!apply_override(planner, &scenario->overrides[i], problem))
            return false;
    for (size_t i = 0; i < scenario->key_count; i++) {
        const struct scenario_key *key = &scenario->keys[i];
        if (key->kind == KEY_PARAMETER && key->value_count &&
            !parameter_set(parameters, key->parameter, key->values[0], problem))
            return false;
    }
    return parameters_check(parameters, problem);
}

static bool readable(const char *path, const char *what, struct problem *problem)
{
    struct stat status;
    if (stat(path, &status))
        return problem_set(problem, "%s %s: %s", what, path, strerror(errno));
    return S_ISREG(status.st_mode) || problem_set(problem, "%s %s: not a file", what, path);
}

static bool plan_files(struct planner *planner, struct problem *problem)
{
    for (size_t i = 0; i < planner->scenario->key_count; i++) {
        const struct scenario_key *key = &planner->scenario->keys[i];
        if (key->kind != KEY_FILE)
            continue;
        if (!readable(key->values[0], key->name, problem))
            return false;
        planner->plan->files[planner->plan->file_count++] =
            (struct run_file){key->values[0], key->guest_path};
    }
    return true;
}

/* A name is the project's own program; a path is relative to the scenario file. */
static bool plan_program(struct planner *planner, struct problem *problem)
{
    const struct placed_text *program = &planner->scenario->program;
    const char *slash = strrchr(planner->scenario->path, '/');
    char path[4096];
    int length = 0;
    if (strchr(program->text, '/') && *program->text != '/' && slash)
        length = snprintf(path, sizeof path, "%.*s/%s", (int)(slash - planner->scenario->path),
                          planner->scenario->path, program->text);
    else if (!path_of(PATH_PROGRAM, program->text, path, sizeof path))
        length = sizeof path;
    if ((size_t)length >= sizeof path)
        return problem_set(problem, "%s: program: the path is too long", program->place);
    planner->plan->program = arena_copy(&planner->scenario->arena, path);
    return readable(path, "program", problem) || problem_at(problem, program->place);
}

static bool plan_arguments(struct planner *planner, struct problem *problem)
{
    const struct template_names names = {planner, name_value};
    struct scenario *scenario = planner->scenario;
    const size_t count = scenario->argument_count;
    const char **texts = arena_allocate(&scenario->arena, (count + 1) * sizeof *texts);
    for (size_t i = 0; i < count; i++) {
        texts[i] = template_expand(scenario->arguments[i].text, &names, &scenario->arena, problem);
        if (!texts[i])
            return problem_at(problem, scenario->arguments[i].place);
    }
    planner->plan->arguments = texts;
    planner->plan->argument_count = count;
    return true;
}

static bool plan_window(struct planner *planner, const struct placed_text *text, uint64_t *messages,
                        struct problem *problem)
{
    const struct template_names names = {planner, name_value};
    if (!text->text ||
        template_number(text->text, &names, &planner->scenario->arena, messages, problem))
        return true;
    return problem_at(problem, text->place);
}

bool scenario_plan(struct scenario *scenario, struct run_plan *plan, struct problem *problem)
{
    struct planner planner = {scenario, plan};
    *plan = (struct run_plan){.scenario = ""};
    snprintf(plan->scenario, sizeof plan->scenario, "%s", scenario->name);
    return need_values(scenario, problem) && plan_parameters(&planner, problem) &&
           plan_files(&planner, problem) && plan_program(&planner, problem) &&
           plan_arguments(&planner, problem) &&
           plan_window(&planner, &scenario->warmup, &plan->warmup_messages, problem) &&
           plan_window(&planner, &scenario->measure, &plan->measure_messages, problem);
}
