/* SPDX-License-Identifier: Apache-2.0 */
/* A whole file of the host in memory. */
#ifndef MISSIVE_PLATFORM_HOST_FILE_H
#define MISSIVE_PLATFORM_HOST_FILE_H

#include <stdint.h>

#include "scenario/problem.h"

/* On success *bytes is the caller's to free (never NULL, even if the file is empty). False:
 * `problem` says why. */
bool host_file_read(const char *path, uint8_t **bytes, size_t *size_bytes, struct problem *problem);

/* The first `count` bytes of a file (what it lacks is left alone), and its size: to look before it
 * is read. */
bool host_file_peek(const char *path, uint8_t *bytes, size_t count, uint64_t *size_bytes,
                    struct problem *problem);

#endif
