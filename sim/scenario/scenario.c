/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a scenario file. All that can be checked without a machine is checked here, with its line
 * and column. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/paths.h"
#include "scenario/scenario_state.h"

struct placed_text scenario_text(struct scenario *scenario, struct yaml_file *file,
                                 yaml_node_t *node, const char *what)
{
    struct placed_text text = {yaml_file_text(file, node, what), NULL};
    if (!text.text)
        return text;
    size_t size = strlen(file->path) + 48;
    char *place = arena_allocate(&scenario->arena, size);
    snprintf(place, size, "%s:%zu:%zu", file->path, node->start_mark.line + 1,
             node->start_mark.column + 1);
    return (struct placed_text){arena_copy(&scenario->arena, text.text), place};
}

static bool read_doc(struct yaml_file *file, yaml_node_t *node, void *owner)
{
    struct scenario *scenario = owner;
    scenario->doc = scenario_text(scenario, file, node, "doc").text;
    return scenario->doc != NULL;
}

static bool read_machine(struct yaml_file *file, yaml_node_t *node, void *owner)
{
    struct scenario *scenario = owner;
    scenario->machine = scenario_text(scenario, file, node, "machine").text;
    return scenario->machine != NULL;
}

static bool read_program(struct yaml_file *file, yaml_node_t *node, void *owner)
{
    struct scenario *scenario = owner;
    scenario->program = scenario_text(scenario, file, node, "program");
    if (!scenario->program.text)
        return false;
    return *scenario->program.text || yaml_file_problem(file, node, "program: a name is expected");
}

static bool read_argument(struct yaml_file *file, yaml_node_t *node, void *owner)
{
    struct scenario *scenario = owner;
    if (scenario->argument_count == SCENARIO_MAX_ARGUMENTS)
        return yaml_file_problem(file, node, "more than %d arguments", SCENARIO_MAX_ARGUMENTS);
    struct placed_text text = scenario_text(scenario, file, node, "arguments");
    scenario->arguments[scenario->argument_count++] = text;
    return text.text != NULL;
}

static bool read_arguments(struct yaml_file *file, yaml_node_t *node, void *owner)
{
    return yaml_file_items(file, node, "arguments", read_argument, owner);
}

static bool read_keys(struct yaml_file *file, yaml_node_t *node, void *owner)
{
    return yaml_file_pairs(file, node, "keys", scenario_read_key, owner);
}

static bool read_override(struct yaml_file *file, yaml_node_t *key, yaml_node_t *value, void *owner)
{
    struct scenario *scenario = owner;
    const char *name = (const char *)key->data.scalar.value;
    const struct parameter *parameter = parameter_find(name);
    if (!parameter) {
        yaml_file_problem(file, key, "there is no parameter '%s'", name);
        return parameter_suggest(file->problem, name);
    }
    if (scenario->override_count == SCENARIO_MAX_SETTINGS)
        return yaml_file_problem(file, key, "more than %d parameters", SCENARIO_MAX_SETTINGS);
    struct placed_text text = scenario_text(scenario, file, value, name);
    scenario->overrides[scenario->override_count++] = (struct setting){parameter, text};
    return text.text != NULL;
}

static bool read_parameters(struct yaml_file *file, yaml_node_t *node, void *owner)
{
    return yaml_file_pairs(file, node, "parameters", read_override, owner);
}

static bool read_warmup(struct yaml_file *file, yaml_node_t *node, void *owner)
{
    struct scenario *scenario = owner;
    scenario->warmup = scenario_text(scenario, file, node, "warmup_messages");
    return scenario->warmup.text != NULL;
}

static bool read_measure(struct yaml_file *file, yaml_node_t *node, void *owner)
{
    struct scenario *scenario = owner;
    scenario->measure = scenario_text(scenario, file, node, "measure_messages");
    return scenario->measure.text != NULL;
}

static bool read_window(struct yaml_file *file, yaml_node_t *node, void *owner)
{
    static const struct yaml_field fields[] = {{"warmup_messages", false, read_warmup},
                                               {"measure_messages", false, read_measure}};
    return yaml_file_fields(file, node, "window", fields, 2, owner);
}

static const struct yaml_field scenario_fields[] = {
    {"doc", true, read_doc},
    {"program", true, read_program},
    {"arguments", false, read_arguments},
    {"machine", false, read_machine},
    {"keys", false, read_keys},
    {"window", false, read_window},
    {"parameters", false, read_parameters},
};

static const char *any_value(void *owner, const char *name, struct problem *problem)
{
    struct scenario *scenario = owner;
    const char *names[SCENARIO_MAX_KEYS];
    if (scenario_find_key(scenario, name) || parameter_find(name))
        return "1";
    for (size_t i = 0; i < scenario->key_count; i++)
        names[i] = scenario->keys[i].name;
    problem_set(problem, "${%s}: there is no key or parameter of this name", name);
    problem_suggest(problem, name, names, scenario->key_count);
    return NULL;
}

/* Whether every ${name} stands for something: said when the file is read, not in the middle of a
 * study. */
static bool check_template(struct scenario *scenario, const struct placed_text *text, bool number,
                           struct problem *problem)
{
    const struct template_names names = {scenario, any_value};
    uint64_t value;
    if (!text->text)
        return true;
    if (number ? template_number(text->text, &names, &scenario->arena, &value, problem)
               : template_expand(text->text, &names, &scenario->arena, problem) != NULL)
        return true;
    return problem_at(problem, text->place);
}

static bool check_templates(struct scenario *scenario, struct problem *problem)
{
    for (size_t i = 0; i < scenario->argument_count; i++)
        if (!check_template(scenario, &scenario->arguments[i], false, problem))
            return false;
    for (size_t i = 0; i < scenario->override_count; i++)
        if (!check_template(scenario, &scenario->overrides[i].value,
                            !scenario->overrides[i].parameter->choice, problem))
            return false;
    return check_template(scenario, &scenario->warmup, true, problem) &&
           check_template(scenario, &scenario->measure, true, problem);
}

static const char *base_name(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *dot = strstr(name, ".yaml");
    return arena_copy_part(arena, name, dot ? (size_t)(dot - name) : strlen(name));
}

struct scenario *scenario_parse(const char *path, const char *text, size_t size_bytes,
                                struct problem *problem)
{
    struct yaml_file file;
    if (!yaml_file_parse(&file, path, text, size_bytes, problem))
        return NULL;
    struct scenario *scenario = calloc(1, sizeof *scenario);
    bool read = scenario != NULL;
    if (read) {
        scenario->path = arena_copy(&scenario->arena, path);
        scenario->name = base_name(&scenario->arena, path);
        scenario->machine = "uniprocessor";
        read = yaml_file_fields(&file, yaml_file_root(&file), "a scenario", scenario_fields,
                                sizeof scenario_fields / sizeof *scenario_fields, scenario) &&
               check_templates(scenario, problem);
    }
    yaml_file_close(&file);
    if (read)
        return scenario;
    scenario_free(scenario);
    return NULL;
}

struct scenario *scenario_load(const char *name, struct problem *problem)
{
    char path[4096];
    size_t size_bytes;
    char *text = path_read(PATH_SCENARIO, name, path, sizeof path, &size_bytes, problem);
    if (!text)
        return NULL;
    struct scenario *scenario = scenario_parse(path, text, size_bytes, problem);
    free(text);
    return scenario;
}

void scenario_free(struct scenario *scenario)
{
    if (!scenario)
        return;
    arena_free(&scenario->arena);
    free(scenario);
}

const char *scenario_name(const struct scenario *scenario)
{
    return scenario->name;
}

const char *scenario_doc(const struct scenario *scenario)
{
    return scenario->doc;
}

size_t scenario_key_count(const struct scenario *scenario)
{
    return scenario->key_count;
}

const struct scenario_key *scenario_key(const struct scenario *scenario, size_t index)
{
    return &scenario->keys[index];
}

void scenario_set_machine(struct scenario *scenario, const char *machine)
{
    scenario->machine = arena_copy(&scenario->arena, machine);
}
