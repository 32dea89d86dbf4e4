/* SPDX-License-Identifier: Apache-2.0 */
/* See hart_view.h. */
#include "observe/hart_view.h"

/* `fallback` where the number names no activity. */
static enum activity known(uint64_t activity, enum activity fallback)
{
    bool named = activity > ACTIVITY_none && activity < ACTIVITY_COUNT;
    return named ? (enum activity)activity : fallback;
}

void hart_view_event(struct hart_view *view, const struct event *event)
{
    switch (event->kind) {
    case EVENT_trap:
        if (event->arg[3] == PRIVILEGE_USER)
            view->entered = event->cycle;
        view->user = false;
        view->activity = ACTIVITY_trap;
        break;
    case EVENT_trap_return:
        view->user = event->arg[0] == PRIVILEGE_USER;
        if (view->user)
            view->activity = ACTIVITY_work;
        break;
    case EVENT_activity:
        view->activity = known(event->arg[0], ACTIVITY_other);
        view->user = event->arg[1] == PRIVILEGE_USER;
        break;
    case EVENT_wait:
        view->wait = known(event->arg[0], ACTIVITY_none);
        break;
    case EVENT_wfi:
        view->sleeping = event->arg[0];
        break;
    case EVENT_run:
        view->task = event->arg[0];
        break;
    }
}
