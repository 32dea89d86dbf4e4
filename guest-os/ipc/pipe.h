/* SPDX-License-Identifier: Apache-2.0 */
/* Pipes as the communication part keeps them: 64 KiB of buffer like Linux, writes of up to PIPE_ATOMIC_BYTES never mixed with others,
 * any number of readers and writers, served in order of arrival. A request that cannot finish is parked at the
 * pipe; whoever makes room or brings data finishes it. All data go through the buffer. */
#ifndef MISSIVE_GUEST_PIPE_H
#define MISSIVE_GUEST_PIPE_H

#include <stdbool.h>

#include "ipc/control_block.h"

#define PIPE_BYTES 65536
#define PIPE_ATOMIC_BYTES 4096

enum pipe_end { PIPE_READER, PIPE_WRITER };

/* Each takes a control block whose request is about a pipe and sets its result. The bool ones return false if
 * the request is parked: then cb is no longer the caller's. */
bool pipe_send(struct control_block *cb);
bool pipe_receive(struct control_block *cb);
void pipe_create(
    struct control_block *cb); /* result: the pipe, with one reader and one writer; or -ENOMEM */
void pipe_adjust(struct control_block
                     *cb); /* counts of descriptors; at none left on both ends the pipe is gone */
void pipe_cancel(
    struct control_block
        *cb); /* finishes cb->victim's request with -EINTR if it is parked, or when it would be */

#endif
