/* SPDX-License-Identifier: Apache-2.0 */
/* What there is to see at a cycle: a fold over the event stream into plain structs. Knows neither pixels nor SDL. Messages, their
 * carriers and the harts' activities come from observe's fold (observe/messages.h), so that the picture cannot disagree
 * with the tables. Tables are of fixed size: what does not fit is counted and not shown. */
#ifndef MISSIVE_VIZ_SCENE_H
#define MISSIVE_VIZ_SCENE_H

#include "base/request.h"
#include "observe/hart_view.h"
#include "observe/messages.h"

#define SCENE_TASKS 128
#define SCENE_LISTS 96
#define SCENE_OBJECTS 32
#define SCENE_QUEUE 64   /* control blocks known of one list */
#define SCENE_SPANS 2048 /* of one hart's history */
#define SCENE_BINS 100   /* of the bus's history */
#define SCENE_BIN_CYCLES 100
#define SCENE_WINDOW_CYCLES (SCENE_BINS * SCENE_BIN_CYCLES) /* how far back the picture looks */
#define SCENE_ENDED 1024 /* messages remembered after their end */
#define SCENE_FEED 16    /* sentences remembered */
#define SCENE_SENTENCE 128

#define SCENE_NOWHERE UINT64_MAX

/* TASK_ELSEWHERE: some hart works on its call (`where`), or it waits for something that is no message (SCENE_NOWHERE). */
enum task_place { TASK_ELSEWHERE, TASK_ON_HART, TASK_IN_LIST, TASK_PARKED };

struct scene_task {
    bool exists;
    uint64_t cb;
    uint64_t pid;
    char name[20];
    enum task_place place;
    uint64_t where; /* hart number, list address or object address, as place says */
    bool for_room;  /* parked: waits for room, not data */
};

struct scene_span {
    cycle_t begin;
    enum activity activity;
};

struct scene_hart {
    enum hart_role role;
    unsigned number_in_role; /* host 0, host 1, ...; coprocessor 0 */
    uint64_t task;           /* control block of the running task; 0: none */
    enum activity activity;
    bool user, sleeping;             /* in user mode; in WFI */
    cycle_t since;                   /* when this activity began */
    cycle_t charged[ACTIVITY_COUNT]; /* cycles before `since`, by activity */
    uint64_t span_count;             /* ever; the last SCENE_SPANS are kept */
    struct scene_span spans[SCENE_SPANS];
};

struct scene_list {
    bool exists;
    uint64_t address;
    enum list_kind kind;
    uint64_t owner;           /* of a computation list: the hart it serves */
    unsigned count;           /* control blocks in the list that are known by address */
    uint64_t cb[SCENE_QUEUE]; /* head first */
};

struct scene_object {
    bool exists;
    uint64_t address;
    unsigned number; /* 1, 2, ... in order of creation */
    uint64_t kind;   /* enum object_kind */
    uint64_t capacity_bytes;
    uint64_t put_end, taken_end; /* stream offsets: bytes between them are in the buffer */
};

struct scene_bus {
    cycle_t begin, end; /* the last tenure */
    uint64_t master;    /* hart number or enum event_source */
    uint64_t kind;      /* enum request_kind */
    uint64_t tenures;
    cycle_t busy_cycles;            /* of all tenures before the last */
    cycle_t bin_number[SCENE_BINS]; /* which stretch of SCENE_BIN_CYCLES a bin counts */
    cycle_t bin_busy[SCENE_BINS];
};

struct scene_controller {
    bool seen;         /* any operation yet */
    struct event last; /* the last list operation or block begun */
    uint64_t operations;
    unsigned blocks_streaming;
};

struct scene_figures {
    uint64_t delivered, dropped;
    uint64_t measured;   /* deliveries inside the measurement window */
    cycle_t latency_sum; /* of the measured ones */
    cycle_t charged_sum[ACTIVITY_COUNT];
    cycle_t last_latency;
    uint64_t last_number; /* of the last delivered message; 0: none yet */
};

struct scene_line {
    cycle_t cycle;
    char text[SCENE_SENTENCE];
};

struct scene {
    struct machine_view view;
    cycle_t now;
    uint64_t events;
    struct scene_hart harts[MAP_MAX_HARTS];
    struct scene_task tasks[SCENE_TASKS];
    struct scene_list lists[SCENE_LISTS];
    struct scene_object objects[SCENE_OBJECTS];
    unsigned objects_made;
    struct scene_bus bus;
    struct scene_controller controller;
    cycle_t memory_busy_until;
    struct scene_figures figures;
    uint64_t line_count; /* ever; the last SCENE_FEED are kept */
    struct scene_line lines[SCENE_FEED];
    struct event last;     /* the last event of any kind */
    uint64_t ended_newest; /* highest number among the ended */
    uint64_t ended_count;  /* ever; the last SCENE_ENDED are kept */
    struct message ended[SCENE_ENDED];
    struct messages *messages; /* owned */
};

/* NULL: out of memory. The view must have 1 to MAP_MAX_HARTS harts. */
struct scene *scene_create(const struct machine_view *view);
void scene_destroy(struct scene *scene);

/* Cycles never fall; kinds and sources are in range (source.h sees to it). */
void scene_event(struct scene *scene, const struct event *event);

/* No event up to and including this cycle is missing: the picture is that of `now`. */
void scene_now(struct scene *scene, cycle_t now);

/* All of these return NULL when there is no such thing. Valid up to the next event. */
const struct scene_task *scene_task(const struct scene *scene, uint64_t cb);
const struct scene_list *scene_list(const struct scene *scene, uint64_t address);
const struct scene_object *scene_object(const struct scene *scene, uint64_t address);
const struct message *scene_message(const struct scene *scene, uint64_t number);
uint64_t
scene_newest(const struct scene *scene); /* number of the youngest message so far; 0: none */
const struct scene_line *scene_line(const struct scene *scene, unsigned back); /* 0: the newest */

/* Cycles of an activity on a hart up to `now`. */
cycle_t scene_hart_cycles(const struct scene *scene, unsigned hart, enum activity activity);

/* Bus: is a tenure running now; busy cycles up to now; busy cycles of one bin, `back` bins before the running one. */
void scene_bus_tenure(struct scene_bus *bus, const struct event *event); /* for scene.c */
bool scene_bus_held(const struct scene *scene);
cycle_t scene_bus_busy(const struct scene *scene);
cycle_t scene_bus_bin(const struct scene *scene, unsigned back);

bool scene_has_coprocessor(const struct scene *scene);
bool scene_has_controller(
    const struct scene *scene); /* the machine has a message mechanism in its memory */

#endif
