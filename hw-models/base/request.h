/* SPDX-License-Identifier: Apache-2.0 */
/* What a master asks of the interconnect, and what comes back. A hart has at most one request
 * outstanding; the engine carries it out when simulated time reaches request.cycle. Data of cached
 * requests never travel here: they live in the flat RAM, caches hold tags and states only. */
#ifndef MISSIVE_BASE_REQUEST_H
#define MISSIVE_BASE_REQUEST_H

#include <stdbool.h>

#include "base/cycle.h"
#include "base/status.h"

enum mesi { MESI_INVALID, MESI_SHARED, MESI_EXCLUSIVE, MESI_MODIFIED };

enum request_kind {
#define REQUEST_KIND(id, name, doc) REQUEST_##id,
#include "base/request_kinds.def"
#undef REQUEST_KIND
    REQUEST_KIND_COUNT
};

struct request {
    enum request_kind kind;
    uint16_t master;
    uint8_t size_bytes; /* of an uncached access; cached requests move a whole line */
    uint64_t address;   /* physical; line-aligned where a line moves */
    uint64_t data;      /* REQUEST_STORE only */
    cycle_t cycle;      /* when the master asks */
    bool
        data_apart; /* LOAD and STORE of RAM: the master moves the data itself when it is answered */
};

struct response {
    enum status status; /* OK, or NO_TARGET / DENIED: the hart takes an access fault */
    enum mesi granted;  /* of a line that was read */
    uint64_t data;      /* REQUEST_LOAD only, zero-extended */
    cycle_t cycle;      /* when the master may go on */
};

/* What the interconnect asks of a cache on another master's behalf. */
enum snoop_kind {
    SNOOP_READ,       /* another master reads: give up ownership, keep a SHARED copy */
    SNOOP_INVALIDATE, /* another master writes: give up the copy */
    SNOOP_PEEK,       /* changes nothing and is never deferred: only tell the state */
};

struct snoop_result {
    enum mesi was;       /* the state before */
    cycle_t holder_now;  /* the holder's local clock: the transaction completes no earlier (skew) */
    cycle_t defer_until; /* not 0: nothing was changed; ask again at this cycle (LR's window) */
};

#endif
