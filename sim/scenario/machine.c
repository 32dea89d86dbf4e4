/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a machine file into parameters that already have their defaults. */
#include "scenario/machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/paths.h"
#include "scenario/yaml_file.h"

struct machine_reader {
    struct machine_info *info;
    struct parameters *parameters;
};

static bool read_doc(struct yaml_file *file, yaml_node_t *node, void *owner)
{
    struct machine_info *info = ((struct machine_reader *)owner)->info;
    const char *text = yaml_file_text(file, node, "doc");
    if (text)
        snprintf(info->doc, sizeof info->doc, "%s", text);
    return text != NULL;
}

static bool read_reconstruction(struct yaml_file *file, yaml_node_t *node, void *owner)
{
    struct machine_info *info = ((struct machine_reader *)owner)->info;
    const char *text = yaml_file_text(file, node, "reconstruction");
    if (!text)
        return false;
    info->reconstruction = !strcmp(text, "true");
    return info->reconstruction || !strcmp(text, "false") ||
           yaml_file_problem(file, node, "reconstruction: true or false is expected, not '%s'",
                             text);
}

static bool read_parameter(struct yaml_file *file, yaml_node_t *key, yaml_node_t *value,
                           void *owner)
{
    struct machine_reader *reader = owner;
    const char *name = (const char *)key->data.scalar.value;
    const struct parameter *parameter = parameter_find(name);
    if (!parameter) {
        yaml_file_problem(file, key, "there is no parameter '%s'", name);
        return parameter_suggest(file->problem, name);
    }
    const char *text = yaml_file_text(file, value, name);
    if (!text)
        return false;
    return parameter_set(reader->parameters, parameter, text, file->problem) ||
           yaml_file_at(file, value);
}

static bool read_parameters(struct yaml_file *file, yaml_node_t *node, void *owner)
{
    return yaml_file_pairs(file, node, "parameters", read_parameter, owner);
}

static const struct yaml_field machine_fields[] = {
    {"doc", true, read_doc},
    {"reconstruction", false, read_reconstruction},
    {"parameters", true, read_parameters},
};

static void set_name(struct machine_info *info, const char *path)
{
    const char *slash = strrchr(path, '/');
    snprintf(info->name, sizeof info->name, "%s", slash ? slash + 1 : path);
    info->name[strcspn(info->name, ".")] = 0;
}

bool machine_parse(const char *path, const char *text, size_t size_bytes, struct machine_info *info,
                   struct parameters *parameters, struct problem *problem)
{
    struct yaml_file file;
    struct machine_reader reader = {info, parameters};
    *info = (struct machine_info){.name = ""};
    set_name(info, path);
    if (!yaml_file_parse(&file, path, text, size_bytes, problem))
        return false;
    bool read = yaml_file_fields(&file, yaml_file_root(&file), "a machine", machine_fields,
                                 sizeof machine_fields / sizeof *machine_fields, &reader);
    yaml_file_close(&file);
    return read;
}

bool machine_load(const char *name, struct machine_info *info, struct parameters *parameters,
                  struct problem *problem)
{
    char path[4096];
    size_t size_bytes;
    char *text = path_read(PATH_MACHINE, name, path, sizeof path, &size_bytes, problem);
    if (!text)
        return false;
    bool read = machine_parse(path, text, size_bytes, info, parameters, problem);
    free(text);
    return read;
}
