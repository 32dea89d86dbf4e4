/* SPDX-License-Identifier: Apache-2.0 */
/* One event of look-ahead over either reader. */
#include "source.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BATCH_EVENTS 4096
#define POLL_NANOSECONDS 2000000

struct source {
    struct trace_reader *trace; /* one of the two */
    struct live *live;
    struct machine_view view;
    pid_t simulator; /* 0: not ours */
    bool ended, broken;
    cycle_t last_cycle;
    size_t at, count; /* of the batch */
    struct event batch[BATCH_EVENTS];
    char problem[TRACE_ERROR_BYTES];
};

static struct source *fail(struct source *source)
{
    source_close(source, false);
    return NULL;
}

struct source *source_open_trace(const char *path, char *error)
{
    struct source *source = calloc(1, sizeof *source);
    if (!source) {
        snprintf(error, TRACE_ERROR_BYTES, "out of memory");
        return NULL;
    }
    source->trace = trace_open(path, error);
    if (!source->trace)
        return fail(source);
    source->view = *trace_view(source->trace);
    return source;
}

static pid_t start(char *const command[], char *error)
{
    pid_t child = fork();
    if (child == 0) {
        execvp(command[0], command);
        fprintf(stderr, "missive-viz: %s: cannot be started: %s\n", command[0], strerror(errno));
        _exit(127);
    }
    if (child < 0)
        snprintf(error, TRACE_ERROR_BYTES, "%.120s: cannot be started: %s", command[0],
                 strerror(errno));
    return child;
}

/* The simulator has gone before it attached. */
static bool simulator_failed(struct source *source, const char *name, char *error)
{
    int status;
    if (source->simulator <= 0 || waitpid(source->simulator, &status, WNOHANG) != source->simulator)
        return false;
    source->simulator = 0;
    snprintf(error, TRACE_ERROR_BYTES, "%.60s: the simulator ended before it sent an event", name);
    return true;
}

static bool await_view(struct source *source, const char *name, unsigned wait_seconds, char *error)
{
    const struct machine_view *view = NULL;
    uint64_t polls = (uint64_t)wait_seconds * (1000000000 / POLL_NANOSECONDS);
    for (uint64_t i = 0; !(view = live_view(source->live)); i++) {
        if (simulator_failed(source, name, error))
            return false;
        if (i >= polls) {
            snprintf(error, TRACE_ERROR_BYTES, "%.60s: no simulator has attached within %u s", name,
                     wait_seconds);
            return false;
        }
        nanosleep(&(struct timespec){.tv_nsec = POLL_NANOSECONDS}, NULL);
    }
    source->view = *view;
    if (view->hart_count >= 1 && view->hart_count <= MAP_MAX_HARTS)
        return true;
    snprintf(error, TRACE_ERROR_BYTES, "%.60s: a machine of %u harts; there must be 1 to %d", name,
             view->hart_count, MAP_MAX_HARTS);
    return false;
}

struct source *source_open_live(const char *name, char *const command[], unsigned wait_seconds,
                                char *error)
{
    struct source *source = calloc(1, sizeof *source);
    if (!source) {
        snprintf(error, TRACE_ERROR_BYTES, "out of memory");
        return NULL;
    }
    source->live = live_create(name, error);
    if (!source->live)
        return fail(source);
    if (command && (source->simulator = start(command, error)) < 0)
        return fail(source);
    return await_view(source, name, wait_seconds, error) ? source : fail(source);
}

const struct machine_view *source_view(const struct source *source)
{
    return &source->view;
}

const char *source_problem(const struct source *source)
{
    return source->problem;
}

static enum source_result fill_from_trace(struct source *source)
{
    while (source->count < BATCH_EVENTS && !source->ended && !source->broken) {
        enum trace_result result =
            trace_next(source->trace, &source->batch[source->count], source->problem);
        if (result == TRACE_EVENT)
            source->count++;
        source->ended = result == TRACE_END;
        source->broken = result == TRACE_BROKEN;
    }
    if (source->count > 0)
        return SOURCE_EVENT;
    return source->broken ? SOURCE_BROKEN : SOURCE_ENDED;
}

/* What the simulator says of itself is read before the ring, so that it cannot promise more than the ring then holds. */
static enum source_result fill_from_live(struct source *source, cycle_t limit)
{
    cycle_t reached = live_reached_cycle(source->live);
    bool ended = live_ended(source->live);
    source->count = live_read(source->live, source->batch, BATCH_EVENTS);
    if (source->count > 0)
        return SOURCE_EVENT;
    if (ended)
        return SOURCE_ENDED;
    return reached > limit ? SOURCE_QUIET : SOURCE_WAITING;
}

static bool event_is_sound(struct source *source, const struct event *event)
{
    if (event->kind >= EVENT_COUNT)
        snprintf(source->problem, sizeof source->problem, "cycle %llu: unknown event kind %u",
                 (unsigned long long)event->cycle, event->kind);
    else if (event->cycle < source->last_cycle)
        snprintf(source->problem, sizeof source->problem, "cycle %llu comes after cycle %llu",
                 (unsigned long long)event->cycle, (unsigned long long)source->last_cycle);
    else
        return true;
    source->broken = true;
    return false;
}

enum source_result source_next(struct source *source, cycle_t limit, struct event *event)
{
    if (source->at == source->count) {
        if (source->broken)
            return SOURCE_BROKEN;
        source->at = source->count = 0;
        enum source_result result =
            source->trace ? fill_from_trace(source) : fill_from_live(source, limit);
        if (result != SOURCE_EVENT)
            return result;
    }
    const struct event *next = &source->batch[source->at];
    if (!event_is_sound(source, next)) {
        source->at = source->count = 0;
        return SOURCE_BROKEN;
    }
    if (next->cycle > limit)
        return SOURCE_QUIET;
    source->last_cycle = next->cycle;
    *event = *next;
    source->at++;
    return SOURCE_EVENT;
}

void source_grant(struct source *source, cycle_t cycle)
{
    if (source->live)
        live_grant(source->live, cycle);
}

void source_grant_ahead(struct source *source, cycle_t cycles)
{
    if (source->live)
        live_grant(source->live, live_reached_cycle(source->live) + cycles);
}

cycle_t source_reached(const struct source *source)
{
    return source->live ? live_reached_cycle(source->live) : CYCLE_NEVER;
}

int source_close(struct source *source, bool wait)
{
    int status = 0;
    live_close(source->live);
    trace_reader_destroy(source->trace);
    if (source->simulator > 0 && wait)
        while (waitpid(source->simulator, &status, 0) < 0 && errno == EINTR)
            ;
    free(source);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
