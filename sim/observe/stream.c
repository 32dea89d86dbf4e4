/* SPDX-License-Identifier: Apache-2.0 */
/* See stream.h. Pending events live in the probe's own buffer. They are a few ascending runs (one
 * for each source that ran since the last advance), so a natural merge sort orders them in one or
 * two passes. */
#include "observe/stream.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INITIAL_EVENTS 4096
#define MAX_FOLDS 8

struct stream {
    struct probe probe;
    struct event *scratch; /* as large as the probe's buffer */
    struct fold folds[MAX_FOLDS];
    unsigned fold_count;
    cycle_t released; /* everything before this cycle was handed on */
    uint64_t event_count, late_count;
};

static bool stream_resize(struct stream *stream, size_t capacity)
{
    struct event *events = realloc(stream->probe.events, capacity * sizeof *events);
    if (!events)
        return false;
    stream->probe.events = events;
    struct event *scratch = realloc(stream->scratch, capacity * sizeof *scratch);
    if (!scratch)
        return false;
    stream->scratch = scratch;
    stream->probe.capacity = capacity;
    return true;
}

static void stream_grow(struct probe *probe)
{
    struct stream *stream = probe->owner;
    if (!stream_resize(stream, probe->capacity * 2)) {
        fprintf(stderr, "missive: out of memory for %zu events\n", probe->capacity * 2);
        exit(1);
    }
}

struct stream *stream_create(void)
{
    struct stream *stream = calloc(1, sizeof *stream);
    if (!stream)
        return NULL;
    stream->probe.owner = stream;
    stream->probe.drain = stream_grow;
    if (!stream_resize(stream, INITIAL_EVENTS)) {
        stream_destroy(stream);
        return NULL;
    }
    return stream;
}

void stream_destroy(struct stream *stream)
{
    if (!stream)
        return;
    free(stream->probe.events);
    free(stream->scratch);
    free(stream);
}

struct probe *stream_probe(struct stream *stream)
{
    return &stream->probe;
}

bool stream_add_fold(struct stream *stream, struct fold fold)
{
    if (stream->fold_count == MAX_FOLDS)
        return false;
    stream->folds[stream->fold_count++] = fold;
    return true;
}

static bool comes_before(const struct event *a, const struct event *b)
{
    return a->cycle != b->cycle ? a->cycle < b->cycle : a->source < b->source;
}

/* The end of the ascending run that starts at `begin`. */
static size_t run_end(const struct event *events, size_t begin, size_t count)
{
    size_t end = begin + 1;
    while (end < count && !comes_before(&events[end], &events[end - 1]))
        end++;
    return end;
}

static void merge(struct event *out, const struct event *a, const struct event *a_end,
                  const struct event *b, const struct event *b_end)
{
    while (a < a_end && b < b_end)
        *out++ = comes_before(b, a) ? *b++ : *a++;
    memcpy(out, a, (size_t)(a_end - a) * sizeof *a);
    out += a_end - a;
    memcpy(out, b, (size_t)(b_end - b) * sizeof *b);
}

/* Merges neighbouring runs until one is left. Stable: an earlier run's event wins a tie. */
static void stream_sort(struct stream *stream)
{
    struct probe *probe = &stream->probe;
    size_t count = probe->count;
    while (run_end(probe->events, 0, count) < count) {
        struct event *from = probe->events;
        for (size_t begin = 0; begin < count;) {
            size_t middle = run_end(from, begin, count);
            size_t end = middle < count ? run_end(from, middle, count) : count;
            merge(stream->scratch + begin, from + begin, from + middle, from + middle, from + end);
            begin = end;
        }
        probe->events = stream->scratch;
        stream->scratch = from;
    }
}

static void stream_hand_on(struct stream *stream, struct event *event)
{
    if (event->cycle < stream->released) {
        event->cycle = stream->released;
        stream->late_count++;
    }
    stream->event_count++;
    for (unsigned i = 0; i < stream->fold_count; i++)
        stream->folds[i].event(stream->folds[i].owner, event);
}

void stream_advance(struct stream *stream, cycle_t now)
{
    struct probe *probe = &stream->probe;
    if (now <= stream->released)
        return;
    if (probe->count) {
        stream_sort(stream);
        size_t final = 0;
        while (final < probe->count && probe->events[final].cycle < now)
            stream_hand_on(stream, &probe->events[final++]);
        probe->count -= final;
        memmove(probe->events, probe->events + final, probe->count * sizeof *probe->events);
    }
    stream->released = now;
    for (unsigned i = 0; i < stream->fold_count; i++)
        if (stream->folds[i].reached)
            stream->folds[i].reached(stream->folds[i].owner, now);
}

void stream_finish(struct stream *stream, cycle_t now)
{
    stream_advance(stream, now);
    stream_advance(stream, CYCLE_NEVER);
}

uint64_t stream_event_count(const struct stream *stream)
{
    return stream->event_count;
}

uint64_t stream_late_count(const struct stream *stream)
{
    return stream->late_count;
}
