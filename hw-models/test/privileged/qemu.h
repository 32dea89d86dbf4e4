/* SPDX-License-Identifier: Apache-2.0 */
/* qemu-system-riscv64, from reset until the program writes to the finisher. */
#ifndef MISSIVE_TEST_PRIVILEGED_QEMU_H
#define MISSIVE_TEST_PRIVILEGED_QEMU_H

#include <stdbool.h>
#include <stdint.h>

/* RAM_SIZE bytes that a process of QEMU's can have for its RAM. False: none to be had. */
struct shared_ram {
    int file;
    uint8_t *bytes;
};
bool shared_ram_new(struct shared_ram *ram);
void shared_ram_free(struct shared_ram *ram);

/* What becomes of RAM. False: it did not end by itself; *status is that of waitpid. */
bool qemu_run(const char *qemu, const struct shared_ram *ram, unsigned timeout_seconds,
              int *status);

#endif
