/* SPDX-License-Identifier: Apache-2.0 */
/* The communication part of the kernel, which owns all IPC objects. The host part submits control blocks; they are
 * carried out by the host itself within the trap or, where the machine has a coprocessor, by that. */
#ifndef MISSIVE_GUEST_COMMUNICATION_H
#define MISSIVE_GUEST_COMMUNICATION_H

#include <stdbool.h>

#include "ipc/control_block.h"

void communication_init(void);

/* Host part. true: finished, cb->result is valid. false: cb now belongs to the communication part, and its task will be on its
 * host's computation list when the request is finished; the caller must not touch it any more. */
bool communication_submit(struct control_block *cb);

/* Puts a task that can go on onto its host's computation list, and wakes the host if it is idle. */
void communication_ready(struct control_block *cb);

/* What a coprocessor does, for ever. */
_Noreturn void communication_serve(void);

/* For the objects: cb's request is finished with this result. If it was parked, communication_ready must follow. */
void communication_finish(struct control_block *cb, int64_t result);

#endif
