/* SPDX-License-Identifier: Apache-2.0 */
/* For tests: streams written by hand, as tables of events. */
#ifndef MISSIVE_OBSERVE_TEST_EVENTS_H
#define MISSIVE_OBSERVE_TEST_EVENTS_H

#include "base/activity.h"
#include "base/event.h"
#include "observe/hart_view.h"

#define A 0xA000 /* control blocks */
#define B 0xB000

/* EVENT_AT(cycle, source, kind, argument...) */
#define EVENT_AT(cycle, source, kind, ...)                                                         \
    {                                                                                              \
        cycle, EVENT_##kind, source, 0,                                                            \
        {                                                                                          \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }
#define ENTER(cycle, hart) EVENT_AT(cycle, hart, trap, 8, 0, 0, PRIVILEGE_USER)
#define LEAVE(cycle, hart) EVENT_AT(cycle, hart, trap_return, PRIVILEGE_USER)
#define DO(cycle, hart, what) EVENT_AT(cycle, hart, activity, ACTIVITY_##what, PRIVILEGE_SUPERVISOR)
#define COUNT(array) (sizeof(array) / sizeof *(array))

#endif
