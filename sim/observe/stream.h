/* SPDX-License-Identifier: Apache-2.0 */
/* The one stream of events. Models append to the stream's probe, each running ahead of the others
 * by up to a quantum; the stream puts the events in order of (cycle, source), those of one source
 * at one cycle in order of arrival, and hands them to its folds when they are final. Folds get them
 * in the order in which they were added.
 *
 * It promises that the cycles a fold sees never fall. An event that comes late (its cycle was
 * released before) is handed on at the released cycle and counted: a run with late events is the
 * engine's mistake. Memory: the events of one quantum. Nothing is done per event but append, merge
 * and hand on. */
#ifndef MISSIVE_OBSERVE_STREAM_H
#define MISSIVE_OBSERVE_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/probe.h"

struct stream;

struct fold {
    void *owner;
    void (*event)(void *owner, const struct event *event);
    void (*reached)(void *owner, cycle_t now); /* may be NULL: all events before `now` were given */
};

struct stream *stream_create(void);         /* NULL: out of memory */
void stream_destroy(struct stream *stream); /* NULL is allowed; folds are not owned */

/* What the models report to; valid as long as the stream. */
struct probe *stream_probe(struct stream *stream);

/* false: out of memory. To be called before the first event. */
bool stream_add_fold(struct stream *stream, struct fold fold);

/* From now on no event of a cycle before `now` will come: hands on all that are earlier. */
void stream_advance(struct stream *stream, cycle_t now);

/* Hands on everything that is left; `now` is the cycle at which the run ended. */
void stream_finish(struct stream *stream, cycle_t now);

uint64_t stream_event_count(const struct stream *stream); /* handed on so far */
uint64_t stream_late_count(const struct stream *stream);

#endif
