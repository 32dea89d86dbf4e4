/* SPDX-License-Identifier: Apache-2.0 */
/* A host file as a drive. Unless it is opened writable, what the guest writes stays in memory and
 * dies with the drive (copy on write, only what was written takes memory). A last sector that the
 * file does not fill reads as zeros behind the file's end. */
#ifndef MISSIVE_PLATFORM_DRIVE_H
#define MISSIVE_PLATFORM_DRIVE_H

#include "devices/device.h"
#include "scenario/problem.h"

struct drive;

/* NULL: `problem` says why (not a regular file, empty; writable: not a multiple of 512 bytes). */
struct drive *drive_open(const char *path, bool writable, struct problem *problem);
struct block_port drive_port(struct drive *drive); /* valid up to drive_close */
void drive_close(struct drive *drive);             /* NULL is allowed */

#endif
