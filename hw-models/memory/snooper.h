/* SPDX-License-Identifier: Apache-2.0 */
/* A cache as the interconnect sees it: the platform makes one for each hart and hands the array to
 * whoever must keep copies coherent (the bus, the smart memory's controller). */
#ifndef MISSIVE_MEMORY_SNOOPER_H
#define MISSIVE_MEMORY_SNOOPER_H

#include "base/request.h"

struct snooper {
    void *cache;
    struct snoop_result (*snoop)(void *cache, uint64_t line_address, enum snoop_kind kind,
                                 cycle_t now);
};

#endif
