/* SPDX-License-Identifier: Apache-2.0 */
/* The differential test's peer: guest.c in a qemu-riscv64 process at the other end of two pipes. */
#ifndef MISSIVE_TEST_PEER_H
#define MISSIVE_TEST_PEER_H

#include <stdbool.h>
#include <sys/types.h>

#include "test/differential/record.h"

struct peer {
    pid_t pid;
    int to, from;
};

/* False: the process cannot be started. */
bool peer_start(struct peer *peer, const char *qemu, const char *guest);
void peer_stop(struct peer *peer);
/* False: the process has gone, or does not answer within ten seconds. */
bool peer_give(struct peer *peer, const struct trial *trial);
bool peer_take(struct peer *peer, struct outcome *outcome);

#endif
