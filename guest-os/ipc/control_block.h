/* SPDX-License-Identifier: Apache-2.0 */
/* A task's control block: what travels through the lists between the host part and the communication part of
 * the kernel. It carries one request at a time: the operation, the object, the physical places of the user's bytes, and
 * at the end the result. Every task has one; its address is the task's name for observer and mechanism. */
#ifndef MISSIVE_GUEST_CONTROL_BLOCK_H
#define MISSIVE_GUEST_CONTROL_BLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "boot/layout.h"

#define CACHE_LINE_BYTES 64
#define SEGMENT_MAX 32

struct hart;
struct pipe;

/* A piece of memory that does not cross a page: user data, pinned because its task does not run before the request is
 * finished. One of 0 bytes is no data, but says where the next segments are. */
struct segment {
    uint64_t address; /* physical */
    uint64_t bytes;
};

/* One change of a count of descriptors: of PIPE_READER or PIPE_WRITER, by +1 or -1. */
struct adjustment {
    struct pipe *object;
    int32_t end, delta;
};

enum ipc_control { IPC_CREATE, IPC_ADJUST, IPC_CANCEL };

struct control_block {
    uint64_t link; /* the backend's; alone in its cache line, as hardware may write it */
    struct hart *host
        __attribute__((aligned(CACHE_LINE_BYTES))); /* runs the task when it is ready */
    struct pipe *object;
    uint64_t op;      /* enum request_op */
    uint64_t bytes;   /* in segments */
    int64_t result;   /* bytes moved, an object's address, or a negative errno */
    uint32_t control; /* enum ipc_control, of a REQUEST_OP_CONTROL */
    uint32_t adjustment_count;
    uint32_t nonblocking;
    uint32_t broken; /* result: a send met a pipe without readers */
    /* the communication part's own */
    const struct segment *place; /* where the next byte goes or comes from */
    uint64_t place_offset;
    uint64_t done; /* bytes moved so far */
    uint64_t cancelled;
    struct pipe *parked_at;
    struct control_block *parked_next;
    struct control_block *victim; /* IPC_CANCEL */
    union {
        struct segment segment[SEGMENT_MAX];
        struct adjustment adjustment[SEGMENT_MAX];
    };
};

#endif
