/* SPDX-License-Identifier: Apache-2.0 */
/* Events are consumed one by one up to a limit; the pace says what the limit is and which event ends the run. */
#include "control.h"

#include <stdio.h>
#include <time.h>

#define GRANT_AHEAD_CYCLES 50000 /* while looking for an event whose cycle is not known */
#define GRANT_AHEAD_SECONDS 0.05 /* so that a frame need not wait for the simulator */
#define DUE_SECONDS 0.25 /* wall time that a slow simulator may be behind before it is forgiven */
#define CLOCK_EVENTS 512 /* between looks at the clock */
#define POLL_NANOSECONDS 500000

static const uint64_t SPEEDS[] = {1,       3,       10,       30,       100,       300,
                                  1000,    3000,    10000,    30000,    100000,    300000,
                                  1000000, 3000000, 10000000, 30000000, 100000000, 0};
enum { SPEED_COUNT = sizeof SPEEDS / sizeof SPEEDS[0], SPEED_DEFAULT = 7 };

static double wall_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

void control_init(struct control *control)
{
    *control = (struct control){.pace = PACE_TO_FIRST, .speed = SPEED_DEFAULT};
}

uint64_t control_speed(const struct control *control)
{
    return SPEEDS[control->speed];
}

const char *control_pace_name(const struct control *control)
{
    switch (control->pace) {
    case PACE_PAUSED:
        return "paused";
    case PACE_RUNNING:
        return "running";
    case PACE_TO_FIRST:
        return "to first message";
    case PACE_OVER:
        return control->problem[0] ? "stream broken" : "run is over";
    default:
        return "stepping";
    }
}

static void set_pace(struct control *control, enum pace pace)
{
    control->due = 0;
    if (control->pace != PACE_OVER)
        control->pace = pace;
}

static void leave(struct control *control)
{
    if (control->help)
        control->help = false;
    else if (control->subject.kind != SUBJECT_LATEST)
        control->subject = (struct subject){SUBJECT_LATEST, 0};
    else
        control->quit = true;
}

void control_command(struct control *control, enum command command)
{
    switch (command) {
    case COMMAND_NONE:
        break;
    case COMMAND_PAUSE:
        set_pace(control, control->pace == PACE_PAUSED ? PACE_RUNNING : PACE_PAUSED);
        break;
    case COMMAND_STEP_EVENT:
        set_pace(control, PACE_TO_EVENT);
        break;
    case COMMAND_STEP_HAND_OVER:
        set_pace(control, PACE_TO_HAND_OVER);
        break;
    case COMMAND_STEP_DELIVERY:
        set_pace(control, PACE_TO_DELIVERY);
        break;
    case COMMAND_FASTER:
        control->speed += control->speed + 1 < SPEED_COUNT;
        break;
    case COMMAND_SLOWER:
        control->speed -= control->speed > 0;
        break;
    case COMMAND_SCREENSHOT:
        control->screenshot = true;
        break;
    case COMMAND_HELP:
        control->help = !control->help;
        break;
    case COMMAND_LEAVE:
        leave(control);
        break;
    case COMMAND_QUIT:
        control->quit = true;
        break;
    }
}

/* Changes whenever a message is born, changes hands or ends. */
static uint64_t hand_over_mark(const struct scene *scene)
{
    uint64_t mark = 14695981039346656037u;
    size_t count = messages_in_flight(scene->messages);
    for (size_t i = 0; i < count; i++) {
        const struct message *message = messages_at(scene->messages, i);
        const uint64_t parts[] = {message->number, message->carrier.kind, message->carrier.id};
        for (unsigned j = 0; j < 3; j++)
            mark = (mark ^ parts[j]) * 1099511628211u;
    }
    return mark;
}

/* Number that changes when what this pace waits for has happened. */
static uint64_t pace_mark(enum pace pace, const struct scene *scene)
{
    switch (pace) {
    case PACE_TO_EVENT:
        return scene->events;
    case PACE_TO_HAND_OVER:
        return hand_over_mark(scene);
    case PACE_TO_DELIVERY:
        return scene->figures.delivered;
    case PACE_TO_FIRST:
        return messages_in_flight(scene->messages) + scene->ended_count > 0;
    default:
        return 0;
    }
}

static void end(struct control *control, struct scene *scene, struct source *source, bool broken)
{
    cycle_t reached = source_reached(source);
    if (!broken && reached != CYCLE_NEVER && reached > 0)
        scene_now(scene, reached - 1);
    control->pace = PACE_OVER;
    if (broken)
        snprintf(control->problem, sizeof control->problem, "%s", source_problem(source));
}

/* Takes events up to `limit` until the pace's mark changes or the time is up. */
static enum source_result consume(struct control *control, struct scene *scene,
                                  struct source *source, cycle_t limit, double deadline)
{
    uint64_t mark = pace_mark(control->pace, scene);
    struct event event;
    for (unsigned i = 1;; i++) {
        enum source_result result = source_next(source, limit, &event);
        if (result == SOURCE_ENDED || result == SOURCE_BROKEN)
            end(control, scene, source, result == SOURCE_BROKEN);
        if (result != SOURCE_EVENT)
            return result;
        scene_event(scene, &event);
        if (pace_mark(control->pace, scene) != mark) {
            set_pace(control, control->pace == PACE_TO_FIRST ? PACE_RUNNING : PACE_PAUSED);
            return SOURCE_EVENT;
        }
        if (i % CLOCK_EVENTS == 0 && wall_seconds() > deadline)
            return SOURCE_EVENT;
    }
}

static void run(struct control *control, struct scene *scene, struct source *source, double seconds,
                double deadline)
{
    double speed = (double)control_speed(control);
    control->due += speed * seconds;
    if (control->due > speed * DUE_SECONDS && control->due > 1)
        control->due = speed * DUE_SECONDS + 1;
    cycle_t step = (cycle_t)control->due;
    cycle_t limit = scene->now + step, before = scene->now;
    source_grant(source, limit + 1 + (cycle_t)(speed * GRANT_AHEAD_SECONDS));
    if (step > 0 && consume(control, scene, source, limit, deadline) == SOURCE_QUIET)
        scene_now(scene, limit);
    control->due -= (double)(scene->now - before);
}

void control_advance(struct control *control, struct scene *scene, struct source *source,
                     double seconds, double budget_seconds)
{
    double deadline = wall_seconds() + budget_seconds;
    if (control->pace == PACE_PAUSED || control->pace == PACE_OVER)
        return;
    if (control->pace == PACE_RUNNING && control_speed(control) > 0) {
        run(control, scene, source, seconds, deadline);
        return;
    }
    if (control->pace == PACE_RUNNING)
        source_grant(source, CYCLE_NEVER);
    do {
        source_grant_ahead(source, GRANT_AHEAD_CYCLES);
        if (consume(control, scene, source, CYCLE_NEVER - 1, deadline) != SOURCE_WAITING)
            return;
        nanosleep(&(struct timespec){.tv_nsec = POLL_NANOSECONDS}, NULL);
    } while (wall_seconds() < deadline);
}

void control_seek(struct control *control, struct scene *scene, struct source *source,
                  cycle_t cycle)
{
    cycle_t limit = cycle == CYCLE_NEVER ? CYCLE_NEVER - 1 : cycle;
    source_grant(source, limit + 1);
    control->pace = PACE_RUNNING;
    enum source_result result;
    while ((result = consume(control, scene, source, limit, 1e300)) == SOURCE_WAITING)
        nanosleep(&(struct timespec){.tv_nsec = POLL_NANOSECONDS}, NULL);
    if (result == SOURCE_QUIET)
        scene_now(scene, limit);
}
