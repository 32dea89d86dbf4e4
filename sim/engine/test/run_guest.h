/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a bare-metal program on a platform in a process of its own (SystemC can be used once in a
 * process) and brings back what came of it. */
#ifndef MISSIVE_ENGINE_TEST_RUN_GUEST_H
#define MISSIVE_ENGINE_TEST_RUN_GUEST_H

#include "engine/engine.h"

#ifdef __cplusplus
#include "engine/machine.h"
extern "C" {
#endif

#define GUEST_WORDS 4

struct guest_run {
    const char *program;            /* ELF without directory and ending */
    unsigned hosts;                 /* 0: 1 */
    uint64_t quantum_cycles;        /* 0: the default */
    const char *mechanism;          /* NULL: software */
    uint64_t rounds;                /* 0: the program's own */
    cycle_t until_cycle;            /* 0: no limit */
    double timeout_seconds;         /* 0: 20 */
    const char *input;              /* of the console */
    const char *words[GUEST_WORDS]; /* symbols to look at in the end */
    cycle_t grant_cycles;           /* 0: no grants; else time goes on in steps of this */
    unsigned noise;                 /* not 0: the seed of random bytes instead of the program */
    bool deaf;                      /* no probe */
    unsigned timing_from_marker;
    bool untimed;              /* machine.timing none ... */
    cycle_t timing_from_cycle; /* ... up to here; 0: to the end */
    uint64_t timing_from_instruction;
};

struct guest_result {
    bool ran; /* false: no platform, or the process died */
    struct problem problem;
    struct engine_outcome outcome;
    uint64_t word[GUEST_WORDS];
    char output[256], errors[256];
    uint64_t events, late_events, event_hash;
    uint64_t migrations;  /* lines that came from another cache, or were dropped in one */
    uint64_t skew_cycles; /* of the bus */
    uint64_t blocks;      /* words of tagged blocks moved */
    uint64_t unbalanced;  /* harts whose cycles by mode do not add up to their clock */
};

struct guest_result run_guest(const struct guest_run *run);

#ifdef __cplusplus
}

/* The same with modules of the test's own. */
struct guest_result run_guest_extended(const struct guest_run &run, const missive::Extend &extend);
#endif

#endif
