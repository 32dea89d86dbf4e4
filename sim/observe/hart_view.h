/* SPDX-License-Identifier: Apache-2.0 */
/* What one hart is doing, as its events tell: shared by the ledgers and by the window. A trap's entry
 * counts as `trap` until the hart names the activity of the code it goes on with. */
#ifndef MISSIVE_OBSERVE_HART_VIEW_H
#define MISSIVE_OBSERVE_HART_VIEW_H

#include <stdbool.h>

#include "base/activity.h"
#include "base/event.h"

enum privilege { PRIVILEGE_USER = 0, PRIVILEGE_SUPERVISOR = 1, PRIVILEGE_MACHINE = 3 };

struct hart_view {
    enum activity activity; /* what its instructions serve */
    enum activity wait;     /* why it stands still; ACTIVITY_none: it runs */
    bool user;              /* in U mode */
    bool sleeping;          /* in WFI */
    uint64_t task;          /* the running task's control block; 0: none */
    cycle_t entered;        /* the last trap from U mode */
};

/* The state after reset: machine mode, no activity named yet. */
#define HART_VIEW_RESET ((struct hart_view){.activity = ACTIVITY_other})

/* An event of this hart. */
void hart_view_event(struct hart_view *view, const struct event *event);

/* The activity, or a wait's cause while it stands. */
static inline enum activity hart_view_activity(const struct hart_view *view)
{
    if (view->sleeping)
        return ACTIVITY_idle;
    return view->wait != ACTIVITY_none ? view->wait : view->activity;
}

#endif
