/* SPDX-License-Identifier: Apache-2.0 */
/* What a measuring kernel is: work in rounds, each of which leaves a checksum. The rest (which harts
 * work and how long, the end and what is printed) is kernel.c's. Runs on any `virt` board without
 * firmware: `missive boot --kernel F`, `qemu-system-riscv64 -M virt -bios none -kernel F`. */
#ifndef MISSIVE_BENCH_KERNEL_H
#define MISSIVE_BENCH_KERNEL_H

#include <stddef.h>
#include <stdint.h>

/* Prepares `memory`, which is this hart's alone: 1 MiB and more, zero. */
void work_prepare(uint8_t *memory);

/* One round: the same checksum each time. */
uint64_t work_round(uint8_t *memory);

#endif
