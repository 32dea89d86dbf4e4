/* SPDX-License-Identifier: Apache-2.0 */
/* A thin layer over libyaml's document: it adds the place to every mistake, refuses keys given
 * twice (which YAML forbids and libyaml lets pass), and names the field that was probably meant. */
#include "scenario/yaml_file.h"

#include <stdio.h>
#include <string.h>

#define MAX_FIELDS 16

/* Of bytes that are no text libyaml knows the offset only. */
static yaml_mark_t mark_of_offset(const char *text, size_t size_bytes, size_t offset)
{
    yaml_mark_t mark = {offset, 0, 0};
    for (size_t i = 0; i < offset && i < size_bytes; i++) {
        mark.column = text[i] == '\n' ? 0 : mark.column + 1;
        mark.line += text[i] == '\n';
    }
    return mark;
}

struct source {
    const char *text;
    size_t size_bytes;
};

static bool parse_problem(const yaml_parser_t *parser, const struct source *source,
                          const struct yaml_file *file)
{
    yaml_mark_t mark = parser->mark;
    if (parser->error == YAML_READER_ERROR)
        mark = mark_of_offset(source->text, source->size_bytes, parser->problem_offset);
    else if (parser->problem_mark.line || parser->problem_mark.column)
        mark = parser->problem_mark;
    return problem_set(file->problem, "%s:%zu:%zu: broken YAML: %s%s%s", file->path, mark.line + 1,
                       mark.column + 1, parser->problem ? parser->problem : "out of memory",
                       parser->context ? " " : "", parser->context ? parser->context : "");
}

static bool load_only_document(struct yaml_file *file, yaml_parser_t *parser,
                               const struct source *source)
{
    if (!yaml_parser_load(parser, &file->document))
        return parse_problem(parser, source, file);
    if (!yaml_document_get_root_node(&file->document)) {
        yaml_document_delete(&file->document);
        return problem_set(file->problem, "%s:1:1: empty; a mapping is expected", file->path);
    }
    yaml_document_t second;
    bool loaded = yaml_parser_load(parser, &second);
    bool only = loaded && !yaml_document_get_root_node(&second);
    if (!loaded)
        parse_problem(parser, source, file);
    else if (!only)
        problem_set(file->problem, "%s:%zu:1: a second document; one is expected", file->path,
                    second.start_mark.line + 1);
    if (loaded)
        yaml_document_delete(&second);
    if (!only)
        yaml_document_delete(&file->document);
    return only;
}

bool yaml_file_parse(struct yaml_file *file, const char *path, const char *text, size_t size_bytes,
                     struct problem *problem)
{
    yaml_parser_t parser;
    file->path = path;
    file->problem = problem;
    if (!yaml_parser_initialize(&parser))
        return problem_set(problem, "%s: out of memory", path);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, size_bytes);
    bool loaded = load_only_document(file, &parser, &(struct source){text, size_bytes});
    yaml_parser_delete(&parser);
    return loaded;
}

void yaml_file_close(struct yaml_file *file)
{
    yaml_document_delete(&file->document);
}

yaml_node_t *yaml_file_root(struct yaml_file *file)
{
    return yaml_document_get_root_node(&file->document);
}

bool yaml_file_at(struct yaml_file *file, const yaml_node_t *node)
{
    struct problem before = *file->problem;
    return problem_set(file->problem, "%s:%zu:%zu: %s", file->path, node->start_mark.line + 1,
                       node->start_mark.column + 1, before.text);
}

bool yaml_file_problem(struct yaml_file *file, const yaml_node_t *node, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    problem_set_list(file->problem, format, arguments);
    va_end(arguments);
    return yaml_file_at(file, node);
}

const char *yaml_file_text(struct yaml_file *file, yaml_node_t *node, const char *what)
{
    const char *text = (const char *)node->data.scalar.value;
    if (node->type == YAML_SCALAR_NODE && strlen(text) == node->data.scalar.length)
        return text;
    yaml_file_problem(file, node, "%s: a plain value is expected", what);
    return NULL;
}

static yaml_node_t *node_at(struct yaml_file *file, int index)
{
    return yaml_document_get_node(&file->document, index);
}

static bool given_before(struct yaml_file *file, yaml_node_t *mapping, const yaml_node_pair_t *pair)
{
    const char *key = (const char *)node_at(file, pair->key)->data.scalar.value;
    for (yaml_node_pair_t *p = mapping->data.mapping.pairs.start; p < pair; p++)
        if (!strcmp((const char *)node_at(file, p->key)->data.scalar.value, key))
            return true;
    return false;
}

bool yaml_file_pairs(struct yaml_file *file, yaml_node_t *mapping, const char *what,
                     yaml_pair_read read, void *owner)
{
    if (mapping->type != YAML_MAPPING_NODE)
        return yaml_file_problem(file, mapping, "%s: a mapping (name: value) is expected", what);
    for (yaml_node_pair_t *pair = mapping->data.mapping.pairs.start;
         pair < mapping->data.mapping.pairs.top; pair++) {
        yaml_node_t *key = node_at(file, pair->key);
        if (!yaml_file_text(file, key, what))
            return false;
        if (given_before(file, mapping, pair))
            return yaml_file_problem(file, key, "'%s' is given twice", key->data.scalar.value);
        if (!read(file, key, node_at(file, pair->value), owner))
            return false;
    }
    return true;
}

struct field_reader {
    const char *what;
    const struct yaml_field *fields;
    size_t count;
    void *owner;
    bool seen[MAX_FIELDS];
};

static bool read_field(struct yaml_file *file, yaml_node_t *key, yaml_node_t *value, void *owner)
{
    struct field_reader *reader = owner;
    const char *name = (const char *)key->data.scalar.value;
    const char *valid[MAX_FIELDS];
    for (size_t i = 0; i < reader->count; i++) {
        valid[i] = reader->fields[i].name;
        if (strcmp(valid[i], name))
            continue;
        reader->seen[i] = true;
        return reader->fields[i].read(file, value, reader->owner);
    }
    yaml_file_problem(file, key, "%s has no '%s'", reader->what, name);
    return problem_suggest(file->problem, name, valid, reader->count);
}

bool yaml_file_fields(struct yaml_file *file, yaml_node_t *mapping, const char *what,
                      const struct yaml_field *fields, size_t count, void *owner)
{
    struct field_reader reader = {what, fields, count, owner, {false}};
    if (!yaml_file_pairs(file, mapping, what, read_field, &reader))
        return false;
    for (size_t i = 0; i < count; i++)
        if (fields[i].required && !reader.seen[i])
            return yaml_file_problem(file, mapping, "%s needs '%s'", what, fields[i].name);
    return true;
}

bool yaml_file_items(struct yaml_file *file, yaml_node_t *list, const char *what,
                     bool (*read)(struct yaml_file *file, yaml_node_t *item, void *owner),
                     void *owner)
{
    if (list->type == YAML_MAPPING_NODE)
        return yaml_file_problem(file, list, "%s: a value or a list [a, b] is expected", what);
    if (list->type != YAML_SEQUENCE_NODE)
        return read(file, list, owner);
    yaml_node_item_t *item = list->data.sequence.items.start;
    for (; item < list->data.sequence.items.top; item++)
        if (!read(file, node_at(file, *item), owner))
            return false;
    return true;
}
