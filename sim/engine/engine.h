/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a platform's models in time order: SystemC and TLM-2.0 behind a C interface. A process can
 * run one platform, once (SystemC has one kernel and no way back from its end); a guest that resets
 * its machine, or a debugger, finds every model as at first, at a later cycle.
 *
 * Promises: the same platform gives the same events, byte for byte, whatever `reached` does or how
 * long it takes; nothing the guest does can make engine_run hang when there is a timeout. */
#ifndef MISSIVE_ENGINE_ENGINE_H
#define MISSIVE_ENGINE_ENGINE_H

#include "base/cycle.h"
#include "base/memory_map.h"
#include "platform/platform.h"

#ifdef __cplusplus
extern "C" {
#endif

struct debug_watch; /* core/debug.h */

enum engine_order { ENGINE_GO, ENGINE_STEP, ENGINE_HOLD };

/* A debugger's hold on the harts. While one of them stops here, all stop, and no time passes. The
 * functions may change the orders, and the harts' points and registers (core/debug.h). */
struct engine_debugger {
    void *owner;
    /* A hart stands at a breakpoint, has taken the step it was ordered to, or has met `watched`
     * (else NULL). Returns when the harts are to go on, each by its order. */
    void (*stopped)(void *owner, unsigned hart, const struct debug_watch *watched);
    /* Between slices: the debugger may want to stop all. `stuck`: nothing is left that could
     * happen. */
    void (*poll)(void *owner, bool stuck);
    /* Filled in by engine_run: resets the machine. May be called while one of the above is. */
    void (*reset)(void *machine);
    void *machine;
    enum engine_order orders[MAP_MAX_HARTS];
    bool watches; /* some access is watched: look after each instruction */
    bool ended;   /* by the debugger: the run is to end */
};

struct engine_options {
    cycle_t until_cycle;    /* end before this cycle; CYCLE_NEVER: no limit */
    double timeout_seconds; /* of host time; 0: no limit */
    void *owner;
    /* May be NULL. All events of cycles before `now` have been reported, and no other will come:
     * time to hand them on. While every hart waits, nothing happens before cycle `next`; else that
     * is `now`. Returns up to which cycle time may go on (greater than now; CYCLE_NEVER: as far as
     * it likes); a paused window keeps it waiting here. Called every some thousand cycles, and at
     * each cycle it named. */
    cycle_t (*reached)(void *owner, cycle_t now, cycle_t next);
    struct engine_debugger *debugger; /* NULL: none */
    const bool *stop;                 /* set during `reached`: end now. May be NULL */
};

enum engine_end {
    ENGINE_FINISHED, /* the guest wrote the finisher, or tohost */
    ENGINE_UNTIL,    /* until_cycle reached */
    ENGINE_TIMEOUT,  /* timeout_seconds passed */
    ENGINE_KILLED,   /* by the debugger */
    ENGINE_STOPPED,  /* *stop was set */
    ENGINE_DEADLOCK, /* all harts wait, and nothing is pending that could wake one */
};

struct engine_outcome {
    enum engine_end end;
    unsigned exit_code;    /* ENGINE_FINISHED: the guest's status */
    cycle_t cycles;        /* simulated; events of earlier cycles are complete */
    uint64_t instructions; /* retired by all harts */
    cycle_t timed_from;    /* 0: from the beginning; CYCLE_NEVER: without timing */
    double host_seconds;
};

struct engine_outcome engine_run(struct platform *platform, const struct engine_options *options);

#ifdef __cplusplus
}
#endif

#endif
