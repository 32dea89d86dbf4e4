/* SPDX-License-Identifier: Apache-2.0 */
/* One simulated run from a checked plan to its outcome: builds the machine, listens to its events as far as somebody
 * wants them (trace file, statistics, window), runs it, and writes what was asked for. */
#ifndef MISSIVE_CLI_SESSION_H
#define MISSIVE_CLI_SESSION_H

#include "devices/device.h"
#include "engine/engine.h"
#include "scenario/scenario.h"

/* Images of the user's own in the place of the guest OS and its program. */
struct session_boot {
    const char *kernel_path;
    const char *bios_path, *initrd_path, *bootargs; /* each NULL: none */
    struct block_port drives[MAP_MAX_DRIVES];
    unsigned drive_count;
    struct nic_config nics[MAP_MAX_NICS];
    unsigned nic_count;
    const char *pcap_path;                /* NULL: not wanted */
    struct character_port virtio_console; /* put NULL: none */
};

/* What is outside the machine while it runs: a terminal, the readers of its output. */
struct session_outside {
    void *owner;
    void (*tick)(void *owner); /* every some thousand cycles */
    bool stop;                 /* set by tick: the run is to end */
    /* May be NULL. Nothing happens for so many simulated seconds, unless something comes from
     * outside: may wait for that. Returns how many of them may pass. */
    double (*wait)(void *owner, double seconds);
};

struct session_options {
    uint64_t until_cycle;   /* CYCLE_NEVER: no limit */
    double timeout_seconds; /* 0: no limit */
    const char *trace_path; /* each NULL: not wanted */
    const char *stats_path;
    const char *live_name;           /* the channel of a window that exists */
    bool is_debugged;                /* wait for a debugger ... */
    uint16_t gdb_port;               /* ... here; 0: any free port */
    struct session_boot *boot;       /* NULL: the guest OS runs the plan's program */
    struct session_outside *outside; /* NULL: nothing that matters */
};

#define SESSION_OPTIONS_DEFAULT                                                                    \
    {                                                                                              \
        .until_cycle = CYCLE_NEVER                                                                 \
    }

/* Why a run came to nothing: the user's mistake, or ours (the host has no memory, a file of ours is missing). */
enum session_result { SESSION_RAN, SESSION_BAD_INPUT, SESSION_FAILED };

/* argv0: what the guest's program finds as its own name; NULL if the options have images to boot. */
enum session_result session_run(const struct run_plan *plan, const char *argv0,
                                const struct session_options *options,
                                struct character_port console, struct character_port error_console,
                                struct engine_outcome *outcome, struct problem *problem);

/* "missive COMMAND: N instructions, N cycles, N s, N MIPS" on stderr. */
void session_print_speed(const char *command, const struct engine_outcome *outcome);

#endif
