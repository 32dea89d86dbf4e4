/* SPDX-License-Identifier: Apache-2.0 */
/* See trace.h. */
#include "observe/trace.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUFFER_BYTES (1 << 20)

struct trace_writer {
    FILE *file;
    char *path;
    bool failed;
};

struct trace_reader {
    FILE *file;
    char *path;
    struct trace_header header;
    uint64_t record;
    cycle_t last_cycle;
};

void trace_header_init(struct trace_header *header, const struct machine_view *view)
{
    memset(header, 0, sizeof *header);
    memcpy(header->magic, TRACE_MAGIC, sizeof TRACE_MAGIC);
    header->version = TRACE_VERSION;
    header->event_bytes = sizeof(struct event);
    header->view = *view;
}

static bool terminated(const char *text, size_t size)
{
    return memchr(text, 0, size) != NULL;
}

bool trace_header_check(const struct trace_header *header, char *error)
{
    const struct machine_view *view = &header->view;
    if (memcmp(header->magic, TRACE_MAGIC, sizeof TRACE_MAGIC))
        snprintf(error, TRACE_ERROR_BYTES, "not a Missive trace (it must begin with \"%s\")",
                 TRACE_MAGIC);
    else if (header->version != TRACE_VERSION)
        snprintf(error, TRACE_ERROR_BYTES, "trace version %u; this program reads version %u",
                 header->version, TRACE_VERSION);
    else if (header->event_bytes != sizeof(struct event))
        snprintf(error, TRACE_ERROR_BYTES, "events of %u bytes; this program reads %zu bytes",
                 header->event_bytes, sizeof(struct event));
    else if (view->hart_count < 1 || view->hart_count > MAP_MAX_HARTS)
        snprintf(error, TRACE_ERROR_BYTES, "%u harts; there must be 1 to %d", view->hart_count,
                 MAP_MAX_HARTS);
    else if (!terminated(view->machine, sizeof view->machine) ||
             !terminated(view->scenario, sizeof view->scenario) ||
             !terminated(view->mechanism, sizeof view->mechanism))
        snprintf(error, TRACE_ERROR_BYTES,
                 "the name of machine, scenario or mechanism does not end");
    else
        return true;
    return false;
}

struct trace_writer *trace_create(const char *path, const struct machine_view *view, char *error)
{
    struct trace_writer *writer = calloc(1, sizeof *writer);
    char *copy = strdup(path);
    FILE *file = writer && copy ? fopen(path, "wb") : NULL;
    if (!file) {
        snprintf(error, TRACE_ERROR_BYTES, "%s: cannot be written: %s", path, strerror(errno));
        free(writer);
        free(copy);
        return NULL;
    }
    *writer = (struct trace_writer){.file = file, .path = copy};
    setvbuf(file, NULL, _IOFBF, BUFFER_BYTES);
    struct trace_header header;
    trace_header_init(&header, view);
    writer->failed = fwrite(&header, sizeof header, 1, file) != 1;
    return writer;
}

void trace_write(void *owner, const struct event *event)
{
    struct trace_writer *writer = owner;
    if (!writer->failed && fwrite_unlocked(event, sizeof *event, 1, writer->file) != 1)
        writer->failed = true;
}

bool trace_close(struct trace_writer *writer, char *error)
{
    bool failed = writer->failed;
    if (fclose(writer->file))
        failed = true;
    if (failed)
        snprintf(error, TRACE_ERROR_BYTES, "%s: not complete: %s", writer->path, strerror(errno));
    free(writer->path);
    free(writer);
    return !failed;
}

static const char *check_head(struct trace_reader *reader, char *phrase)
{
    errno = 0;
    if (fread(&reader->header, sizeof reader->header, 1, reader->file) != 1)
        return errno ? strerror(errno) : "not a Missive trace: shorter than a trace's head";
    return trace_header_check(&reader->header, phrase) ? NULL : phrase;
}

struct trace_reader *trace_open(const char *path, char *error)
{
    char phrase[TRACE_ERROR_BYTES];
    struct trace_reader *reader = calloc(1, sizeof *reader);
    const char *problem = "out of memory";
    if (reader) {
        reader->path = strdup(path);
        reader->file = fopen(path, "rb");
        problem = reader->file ? check_head(reader, phrase) : strerror(errno);
    }
    if (!problem)
        return reader;
    snprintf(error, TRACE_ERROR_BYTES, "%.120s: %.120s", path, problem);
    trace_reader_destroy(reader);
    return NULL;
}

const struct machine_view *trace_view(const struct trace_reader *reader)
{
    return &reader->header.view;
}

enum trace_result trace_next(struct trace_reader *reader, struct event *event, char *error)
{
    size_t got = fread_unlocked(event, 1, sizeof *event, reader->file);
    if (got == 0 && !ferror(reader->file))
        return TRACE_END;
    unsigned long long record = reader->record;
    if (got != sizeof *event)
        snprintf(error, TRACE_ERROR_BYTES, "%.120s: cut short in event %llu", reader->path, record);
    else if (event->kind >= EVENT_COUNT)
        snprintf(error, TRACE_ERROR_BYTES,
                 "%.120s: event %llu has the unknown kind %u (0 to %d are known)", reader->path,
                 record, event->kind, EVENT_COUNT - 1);
    else if (event->cycle < reader->last_cycle)
        snprintf(error, TRACE_ERROR_BYTES,
                 "%.120s: event %llu is at cycle %llu, before its predecessor's %llu", reader->path,
                 record, (unsigned long long)event->cycle, (unsigned long long)reader->last_cycle);
    else {
        reader->record++;
        reader->last_cycle = event->cycle;
        return TRACE_EVENT;
    }
    return TRACE_BROKEN;
}

void trace_rewind(struct trace_reader *reader)
{
    reader->record = 0;
    reader->last_cycle = 0;
    fseek(reader->file, sizeof reader->header, SEEK_SET);
}

void trace_reader_destroy(struct trace_reader *reader)
{
    if (!reader)
        return;
    if (reader->file)
        fclose(reader->file);
    free(reader->path);
    free(reader);
}
