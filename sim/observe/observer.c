/* SPDX-License-Identifier: Apache-2.0 */
/* See observer.h. */
#include "observe/observer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "observe/checker.h"
#include "observe/report.h"

struct observer {
    struct machine_view view;
    struct messages *messages;
    struct occupancy *occupancy;
    struct statistics *statistics;
    struct checker *checker;
    struct occupancy_counters counters;
    cJSON *counter_values;
    cycle_t untimed_cycles; /* of the beginning */
    char complaint[320];
};

struct observer *observer_create(const struct machine_view *view)
{
    struct observer *observer = calloc(1, sizeof *observer);
    if (!observer)
        return NULL;
    observer->view = *view;
    observer->counter_values = cJSON_CreateObject();
    observer->messages = messages_create(view);
    if (observer->messages) {
        observer->occupancy = occupancy_create(view, observer->messages);
        observer->checker = checker_create(observer->messages);
    }
    if (observer->occupancy)
        observer->statistics = statistics_create(view, observer->messages, observer->occupancy);
    if (observer->statistics && observer->checker && observer->counter_values)
        return observer;
    observer_destroy(observer);
    return NULL;
}

void observer_destroy(struct observer *observer)
{
    if (!observer)
        return;
    statistics_destroy(observer->statistics);
    checker_destroy(observer->checker);
    occupancy_destroy(observer->occupancy);
    messages_destroy(observer->messages);
    cJSON_Delete(observer->counter_values);
    free(observer);
}

/* Messages know first; statistics read the occupancy before the event changes it. */
static void on_event(void *owner, const struct event *event)
{
    struct observer *observer = owner;
    messages_event(observer->messages, event);
    statistics_event(observer->statistics, event);
    occupancy_event(observer->occupancy, event);
    checker_event(observer->checker, event);
}

struct fold observer_fold(struct observer *observer)
{
    return (struct fold){observer, on_event, NULL};
}

static void take_hart_counter(struct occupancy_counters *counters, unsigned hart, const char *name,
                              uint64_t value)
{
    if (!strcmp(name, "user_cycles"))
        counters->harts[hart].user_cycles = value;
    else if (!strcmp(name, "supervisor_cycles"))
        counters->harts[hart].supervisor_cycles = value;
    else if (!strcmp(name, "machine_cycles"))
        counters->harts[hart].machine_cycles = value;
    else if (!strcmp(name, "sleep_cycles"))
        counters->harts[hart].sleep_cycles = value;
    else if (!strcmp(name, "stall_cycles"))
        counters->harts[hart].stall_cycles = value;
}

void observer_counter(void *owner, const char *path, const char *unit, const char *doc,
                      uint64_t value)
{
    struct observer *observer = owner;
    struct occupancy_counters *counters = &observer->counters;
    unsigned hart;
    int length = 0;
    (void)unit, (void)doc;
    cJSON_AddNumberToObject(observer->counter_values, path, (double)value);
    if (sscanf(path, "hart.%u.%n", &hart, &length) == 1 && length && hart < MAP_MAX_HARTS)
        take_hart_counter(counters, hart, path + length, value);
    else if (!strcmp(path, "machine.untimed_cycles"))
        observer->untimed_cycles = value;
    else if (!strcmp(path, "bus.busy_cycles"))
        counters->bus_busy_cycles = value;
    else if (!strcmp(path, "bus.tenures"))
        counters->bus_tenures = value;
    else if (!strcmp(path, "bus.block_word.tenures"))
        counters->bus_words = value;
    else if (!strcmp(path, "dram.busy_cycles"))
        counters->memory_busy_cycles = value;
}

static void complain(struct observer *observer, const char *what, const char *text)
{
    if (*text && !*observer->complaint)
        snprintf(observer->complaint, sizeof observer->complaint, "%s: %s", what, text);
}

static void judge(struct observer *observer, uint64_t late_events, bool timed)
{
    char error[OCCUPANCY_ERROR_BYTES] = "";
    if (!timed)
        complain(observer, "timing", "was none, so that no time in these statistics is measured");
    if (late_events) /* first: all else may follow from it */
        snprintf(error, sizeof error, "%" PRIu64 " came after their cycle was closed", late_events);
    complain(observer, "events", error);
    *error = 0;
    complain(observer, "message checker", checker_first(observer->checker));
    occupancy_check(observer->occupancy, &observer->counters, error);
    complain(observer, "occupancy", error);
    if (messages_untracked(observer->messages))
        complain(observer, "messages", "some could not be followed");
}

char *observer_report(struct observer *observer, const struct stream *stream, cycle_t cycles,
                      uint64_t instructions)
{
    struct statistics_results *results = malloc(sizeof *results);
    if (!results)
        return NULL;
    statistics_results(observer->statistics, results);
    bool timed = results->begin >= observer->untimed_cycles;
    judge(observer, stream_late_count(stream), timed);
    struct report report = {
        .view = &observer->view,
        .results = results,
        .in_flight = messages_in_flight(observer->messages),
        .violations = checker_violations(observer->checker),
        .complaint = observer->complaint,
        .cycles = cycles,
        .timed = timed,
        .instructions = instructions,
        .events = stream_event_count(stream),
        .counters = observer->counter_values,
    };
    char *text = report_text(&report);
    free(results);
    return text;
}

const char *observer_complaint(const struct observer *observer)
{
    return observer->complaint;
}
