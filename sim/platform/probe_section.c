/* SPDX-License-Identifier: Apache-2.0 */
/* Reading probe records. See probe_section.h. Nothing in the section is trusted. */
#include "platform/probe_section.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/event.h"

#define MAX_OPERANDS 4
#define MAX_OPERAND_BYTES 64

struct reader {
    const uint8_t *at, *end;
};

struct sortable {
    struct probe_point point;
    size_t order;
};

static bool parse_register(const char *text, size_t length, uint8_t *number)
{
    static const char *const names[] = {"zero", "ra", "sp",  "gp",  "tp", "t0", "t1", "t2",
                                        "s0",   "s1", "a0",  "a1",  "a2", "a3", "a4", "a5",
                                        "a6",   "a7", "s2",  "s3",  "s4", "s5", "s6", "s7",
                                        "s8",   "s9", "s10", "s11", "t3", "t4", "t5", "t6"};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == length && memcmp(names[i], text, length) == 0) {
            *number = (uint8_t)i;
            return true;
        }
    if (length == 2 && memcmp(text, "fp", 2) == 0) {
        *number = 8;
        return true;
    }
    return false;
}

bool probe_operand_parse(const char *text, struct probe_operand *operand)
{
    *operand = (struct probe_operand){.kind = OPERAND_REGISTER};
    if (parse_register(text, strlen(text), &operand->reg))
        return true;
    if (!isdigit((unsigned char)text[0]) && !(text[0] == '-' && isdigit((unsigned char)text[1])))
        return false;
    char *rest;
    errno = 0;
    operand->value = text[0] == '-' ? strtoll(text, &rest, 0) : (int64_t)strtoull(text, &rest, 0);
    operand->kind = OPERAND_CONSTANT;
    if (errno)
        return false;
    if (*rest == '\0')
        return true;
    size_t length = strlen(rest);
    operand->kind = OPERAND_MEMORY;
    return length > 2 && rest[0] == '(' && rest[length - 1] == ')' &&
           parse_register(rest + 1, length - 2, &operand->reg);
}

static bool read_operand(struct reader *reader, struct probe_operand *operand,
                         struct problem *problem)
{
    size_t left = (size_t)(reader->end - reader->at);
    size_t length = strnlen((const char *)reader->at, left);
    if (length == left || length >= MAX_OPERAND_BYTES)
        return problem_set(problem, "an operand has no end");
    const char *text = (const char *)reader->at;
    reader->at += length + 1;
    if (!probe_operand_parse(text, operand))
        return problem_set(problem, "operand '%s' is no register, constant or offset(register)",
                           text);
    return true;
}

static bool read_record(struct reader *reader, const uint8_t *begin, struct probe_point *point,
                        struct problem *problem)
{
    uint32_t event, count;
    if (reader->end - reader->at < 16)
        return problem_set(problem, "the record is cut short");
    memcpy(&point->pc, reader->at, 8);
    memcpy(&event, reader->at + 8, 4);
    memcpy(&count, reader->at + 12, 4);
    reader->at += 16;
    if (event >= EVENT_COUNT)
        return problem_set(problem, "event %" PRIu32 " is unknown (there are %d)", event,
                           EVENT_COUNT);
    if (count > MAX_OPERANDS)
        return problem_set(problem, "%" PRIu32 " operands; at most %d", count, MAX_OPERANDS);
    point->event = (uint16_t)event;
    point->operand_count = (uint8_t)count;
    for (uint32_t i = 0; i < count; i++)
        if (!read_operand(reader, &point->operand[i], problem))
            return false;
    size_t used = ((size_t)(reader->at - begin) + 7) & ~(size_t)7;
    reader->at = used < (size_t)(reader->end - begin) ? begin + used : reader->end;
    return true;
}

static int compare(const void *a, const void *b)
{
    const struct sortable *x = a, *y = b;
    if (x->point.pc != y->point.pc)
        return x->point.pc < y->point.pc ? -1 : 1;
    return x->order < y->order ? -1 : 1;
}

static bool read_records(const uint8_t *section, size_t size_bytes, struct sortable *records,
                         size_t *count, struct problem *problem)
{
    struct reader reader = {section, section + size_bytes};
    for (*count = 0; reader.at < reader.end; ++*count) {
        size_t offset = (size_t)(reader.at - section);
        struct problem inner = {""};
        records[*count] = (struct sortable){.order = *count};
        if (!read_record(&reader, section, &records[*count].point, &inner))
            return problem_set(problem, "record at byte %zu: %s", offset, inner.text);
    }
    return true;
}

bool probe_section_read(const void *section, size_t size_bytes, struct probe_point **points,
                        size_t *point_count, struct problem *problem)
{
    size_t most = size_bytes / 16 + 1; /* no record is shorter than 16 bytes */
    struct sortable *records = calloc(most, sizeof *records);
    *points = calloc(most, sizeof **points);
    *point_count = 0;
    size_t count = 0;
    bool good = records && *points;
    if (!good)
        problem_set(problem, "out of memory");
    else if (size_bytes > 0)
        good = read_records(section, size_bytes, records, &count, problem);
    if (good) {
        qsort(records, count, sizeof *records, compare);
        for (size_t i = 0; i < count; i++)
            (*points)[i] = records[i].point;
        *point_count = count;
    } else {
        free(*points);
        *points = NULL;
    }
    free(records);
    return good;
}
