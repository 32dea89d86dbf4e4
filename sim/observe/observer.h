/* SPDX-License-Identifier: Apache-2.0 */
/* Everything a run is measured by, as one fold: messages, occupancy, statistics and checker over one
 * stream, and the report about them.
 *
 *   observer = observer_create(&view);   stream_add_fold(stream, observer_fold(observer));
 *   ... run, stream_finish ...
 *   platform_counters_visit(platform, observer_counter, observer);
 *   text = observer_report(observer, stream, cycles, instructions);   write it;   free(text);
 */
#ifndef MISSIVE_OBSERVE_OBSERVER_H
#define MISSIVE_OBSERVE_OBSERVER_H

#include "observe/machine_view.h"
#include "observe/stream.h"

struct observer;

struct observer *observer_create(const struct machine_view *view); /* NULL: out of memory */
void observer_destroy(struct observer *observer);                  /* NULL is allowed */
struct fold observer_fold(struct observer *observer);

/* Takes one of the models' own counters; has the type of a platform_counter_visitor. */
void observer_counter(void *observer, const char *path, const char *unit, const char *doc,
                      uint64_t value);

/* The report as JSON text (report.h says what is in it), malloc'ed; NULL: out of memory. To be called once, after
 * the last event and counter. Holds nothing that differs between two equal runs. */
char *observer_report(struct observer *observer, const struct stream *stream, cycle_t cycles,
                      uint64_t instructions);

/* What is wrong with the run as the observer sees it: message checker, ledger against counters, late events. "": nothing.
 * Known after observer_report. */
const char *observer_complaint(const struct observer *observer);

#endif
