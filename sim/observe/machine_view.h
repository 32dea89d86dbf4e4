/* SPDX-License-Identifier: Apache-2.0 */
/* What an observer must know of the machine before the first event: the head of a trace file and of
 * the window's shared memory. Plain data, fixed size, little endian. */
#ifndef MISSIVE_OBSERVE_MACHINE_VIEW_H
#define MISSIVE_OBSERVE_MACHINE_VIEW_H

#include <stdint.h>

#include "base/memory_map.h"

enum hart_role { ROLE_HOST, ROLE_COPROCESSOR };

struct machine_view {
    char machine[32];
    char scenario[32];
    char mechanism[32];
    uint32_t hart_count;
    uint8_t role[MAP_MAX_HARTS];  /* enum hart_role */
    uint32_t line_bytes;          /* what a bus transaction of a whole line moves */
    uint64_t bus_word_bytes;      /* what a tenure of a tagged block moves */
    uint64_t hardware_state_bits; /* of the message mechanism; 0: none */
    uint64_t clock_hz;
    uint64_t ram_bytes;
    uint64_t quantum_cycles;
    uint64_t seed;
    uint64_t
        warmup_messages; /* the measurement window, counted in message deliveries: skip these */
    uint64_t measure_messages; /* then measure these; 0: all */
};

#endif
