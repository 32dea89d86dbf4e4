/* SPDX-License-Identifier: Apache-2.0 */
/* A scenario's keys: what a file says of each, and the values that defaults and --set give them. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "scenario/scenario_state.h"

/* A key while its fields are being read, in whatever order they come. */
struct key_reader {
    struct scenario *scenario;
    struct scenario_key *key;
    yaml_node_t *values, *min, *max;
};

struct scenario_key *scenario_find_key(struct scenario *scenario, const char *name)
{
    for (size_t i = 0; i < scenario->key_count; i++)
        if (!strcmp(scenario->keys[i].name, name))
            return &scenario->keys[i];
    return NULL;
}

static bool check_value(const struct scenario_key *key, const char *text, struct problem *problem)
{
    uint64_t value;
    if (key->kind == KEY_FILE)
        return *text || problem_set(problem, "%s: the path of a file is expected", key->name);
    if (key->kind == KEY_PARAMETER) {
        struct parameters scratch;
        parameters_default(&scratch);
        if (!parameter_set(&scratch, key->parameter, text, problem))
            return false;
        if (key->parameter->choice)
            return true;
    }
    if (number_parse(text, &value) && value >= key->min && value <= key->max)
        return true;
    return problem_set(problem,
                       "%s: '%s' is not a whole number from %" PRIu64 " to %" PRIu64 " (%s)",
                       key->name, text, key->min, key->max, key->unit);
}

static bool add_value(struct scenario *scenario, struct scenario_key *key, const char *text,
                      struct problem *problem)
{
    if (key->value_count == SCENARIO_MAX_VALUES)
        return problem_set(problem, "%s: more than %d values", key->name, SCENARIO_MAX_VALUES);
    if (!check_value(key, text, problem))
        return false;
    key->values[key->value_count++] = arena_copy(&scenario->arena, text);
    return true;
}

static bool read_kept_text(struct yaml_file *file, yaml_node_t *node, struct key_reader *reader,
                           const char *what, const char **to)
{
    const char *text = yaml_file_text(file, node, what);
    if (text)
        *to = arena_copy(&reader->scenario->arena, text);
    return text != NULL;
}

static bool read_doc(struct yaml_file *file, yaml_node_t *node, void *owner)
{
    struct key_reader *reader = owner;
    return read_kept_text(file, node, reader, "doc", &reader->key->doc);
}

static bool read_unit(struct yaml_file *file, yaml_node_t *node, void *owner)
{
    struct key_reader *reader = owner;
    return read_kept_text(file, node, reader, "unit", &reader->key->unit);
}

static bool read_guest_path(struct yaml_file *file, yaml_node_t *node, void *owner)
{
    struct key_reader *reader = owner;
    reader->key->kind = KEY_FILE;
    if (!read_kept_text(file, node, reader, "guest_path", &reader->key->guest_path))
        return false;
    return reader->key->guest_path[0] == '/' ||
           yaml_file_problem(file, node, "guest_path: begins with a '/'");
}

static bool read_parameter(struct yaml_file *file, yaml_node_t *node, void *owner)
{
    struct key_reader *reader = owner;
    const char *name = yaml_file_text(file, node, "parameter");
    if (!name)
        return false;
    reader->key->kind = KEY_PARAMETER;
    reader->key->parameter = parameter_find(name);
    if (reader->key->parameter)
        return true;
    yaml_file_problem(file, node, "there is no parameter '%s'", name);
    return parameter_suggest(file->problem, name);
}

static bool keep_default(struct yaml_file *file, yaml_node_t *node, void *owner)
{
    (void)file;
    ((struct key_reader *)owner)->values = node;
    return true;
}

static bool keep_min(struct yaml_file *file, yaml_node_t *node, void *owner)
{
    (void)file;
    ((struct key_reader *)owner)->min = node;
    return true;
}

static bool keep_max(struct yaml_file *file, yaml_node_t *node, void *owner)
{
    (void)file;
    ((struct key_reader *)owner)->max = node;
    return true;
}

static const struct yaml_field key_fields[] = {
    {"default", false, keep_default},
    {"min", false, keep_min},
    {"max", false, keep_max},
    {"unit", false, read_unit},
    {"doc", false, read_doc},
    {"parameter", false, read_parameter},
    {"guest_path", false, read_guest_path},
};

static bool read_bound(struct yaml_file *file, yaml_node_t *node, const char *what, uint64_t *bound)
{
    if (!node)
        return true;
    const char *text = yaml_file_text(file, node, what);
    if (!text)
        return false;
    return number_parse(text, bound) ||
           yaml_file_problem(file, node, "%s: '%s' is not a whole number", what, text);
}

static bool read_default(struct yaml_file *file, yaml_node_t *item, void *owner)
{
    struct key_reader *reader = owner;
    const char *text = yaml_file_text(file, item, "default");
    if (!text)
        return false;
    if (reader->key->kind == KEY_FILE && *text && *text != '/') {
        const char *slash = strrchr(file->path, '/');
        size_t folder = slash ? (size_t)(slash - file->path + 1) : 0;
        char *path = arena_allocate(&reader->scenario->arena, folder + strlen(text) + 1);
        memcpy(path, file->path, folder);
        strcpy(path + folder, text);
        text = path;
    }
    return add_value(reader->scenario, reader->key, text, file->problem) ||
           yaml_file_at(file, item);
}

/* What a key is that leaves it out: a parameter's key is as its parameter. */
static void fill_in(struct scenario_key *key)
{
    const struct parameter *parameter = key->parameter;
    key->min = parameter ? parameter->min : 0;
    key->max = parameter ? parameter->max : UINT64_MAX;
    if (!key->unit)
        key->unit = parameter ? parameter->unit : key->kind == KEY_FILE ? "file" : "number";
    if (!key->doc)
        key->doc = parameter ? parameter->doc : "";
}

static bool is_name(const char *text)
{
    size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return length && !text[length];
}

bool scenario_read_key(struct yaml_file *file, yaml_node_t *name, yaml_node_t *value, void *owner)
{
    struct scenario *scenario = owner;
    const char *text = (const char *)name->data.scalar.value;
    if (scenario->key_count == SCENARIO_MAX_KEYS)
        return yaml_file_problem(file, name, "more than %d keys", SCENARIO_MAX_KEYS);
    if (!is_name(text))
        return yaml_file_problem(file, name, "key '%s': small letters, digits and _ make a name",
                                 text);
    struct scenario_key *key = &scenario->keys[scenario->key_count++];
    struct key_reader reader = {.scenario = scenario, .key = key};
    char what[64];
    key->name = arena_copy(&scenario->arena, text);
    snprintf(what, sizeof what, "key '%.48s'", text);
    if (!yaml_file_fields(file, value, what, key_fields, sizeof key_fields / sizeof *key_fields,
                          &reader))
        return false;
    if (key->parameter && key->guest_path)
        return yaml_file_problem(file, value, "%s: 'parameter' or 'guest_path', not both", what);
    fill_in(key);
    if (!read_bound(file, reader.min, "min", &key->min) ||
        !read_bound(file, reader.max, "max", &key->max))
        return false;
    return !reader.values || yaml_file_items(file, reader.values, "default", read_default, &reader);
}

static bool set_key(struct scenario *scenario, struct scenario_key *key, const char *value,
                    struct problem *problem)
{
    key->value_count = 0;
    key->set_by_user = true;
    if (key->kind == KEY_FILE)
        return add_value(scenario, key, value, problem);
    for (;;) {
        size_t length = strcspn(value, ",");
        if (!add_value(scenario, key, arena_copy_part(&scenario->arena, value, length), problem))
            return false;
        if (!value[length])
            return true;
        value += length + 1;
    }
}

/* The key that stands for a parameter: the file's, or a new one of the parameter's own name. NULL: too many. */
static struct scenario_key *
parameter_key(struct scenario *scenario, const struct parameter *parameter, struct problem *problem)
{
    for (size_t i = 0; i < scenario->key_count; i++)
        if (scenario->keys[i].parameter == parameter)
            return &scenario->keys[i];
    if (scenario->key_count == SCENARIO_MAX_KEYS) {
        problem_set(problem, "more than %d keys and parameters", SCENARIO_MAX_KEYS);
        return NULL;
    }
    struct scenario_key *key = &scenario->keys[scenario->key_count++];
    *key = (struct scenario_key){
        .name = parameter->name, .kind = KEY_PARAMETER, .parameter = parameter};
    fill_in(key);
    return key;
}

static bool unknown_key(struct scenario *scenario, const char *name, struct problem *problem)
{
    const char *names[SCENARIO_MAX_KEYS];
    problem_set(problem, "there is no key or parameter '%s'", name);
    if (strchr(name, '.') || !scenario->key_count)
        return parameter_suggest(problem, name);
    for (size_t i = 0; i < scenario->key_count; i++)
        names[i] = scenario->keys[i].name;
    return problem_suggest(problem, name, names, scenario->key_count);
}

bool scenario_set(struct scenario *scenario, const char *assignment, struct problem *problem)
{
    const char *equals = strchr(assignment, '=');
    if (!equals || equals == assignment)
        return problem_set(problem, "'%s': KEY=VALUE is expected", assignment);
    const char *name = arena_copy_part(&scenario->arena, assignment, (size_t)(equals - assignment));
    struct scenario_key *key = scenario_find_key(scenario, name);
    if (key)
        return set_key(scenario, key, equals + 1, problem);
    const struct parameter *parameter = parameter_find(name);
    if (!parameter)
        return unknown_key(scenario, name, problem);
    key = parameter_key(scenario, parameter, problem);
    return key && set_key(scenario, key, equals + 1, problem);
}
