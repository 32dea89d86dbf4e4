/* SPDX-License-Identifier: Apache-2.0 */
/* The report of one run as JSON: what `--stats FILE` writes and the tables read. All times in cycles. Members:
 *
 *   machine scenario mechanism seed clock_hz quantum_cycles hardware_state_bits roles[hart]
 *   run       {cycles instructions events}
 *   window    {warmup_messages measure_messages complete timed begin_cycle end_cycle}
 *             timed: false if machine.timing was none when it began: then no time in here is measured
 *   messages  {measured bytes delivered dropped in_flight}     the last three of the whole run
 *   one_way, round_trip  {count mean min median p95 p99 max}
 *   latency   {activity: mean cycles of a message measured}    adds up to one_way.mean
 *   throughput{messages_per_second bytes_per_cycle}
 *   bus       {requests_per_message words_per_message bytes_per_message}
 *   occupancy {harts: [{message kernel user idle activities{}}] bus{... kinds{}} memory{...}}   shares of the window, 0 to 1
 *   check     {violations complaint}
 *   counters  {path: value}                                    of the whole run
 */
#ifndef MISSIVE_OBSERVE_REPORT_H
#define MISSIVE_OBSERVE_REPORT_H

#include <cjson/cJSON.h>

#include "observe/statistics.h"

struct report {
    const struct machine_view *view;
    const struct statistics_results *results;
    uint64_t in_flight, violations;
    const char *complaint;
    cycle_t cycles;
    bool timed; /* the window */
    uint64_t instructions, events;
    const cJSON *counters;
};

/* malloc'ed; NULL: out of memory. */
char *report_text(const struct report *report);

#endif
