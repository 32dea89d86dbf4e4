/* SPDX-License-Identifier: Apache-2.0 */
/* Kernels that come compressed: gzip's own files, and Linux's EFI images that unpack themselves. */
#ifndef MISSIVE_PLATFORM_UNPACK_H
#define MISSIVE_PLATFORM_UNPACK_H

#include <stddef.h>
#include <stdint.h>

#include "scenario/problem.h"

/* A file that is compressed is replaced by what is in it; any other stays as it is. *file is malloc'ed, before and
 * after. False: broken, more than max_bytes, or compressed in a way we do not know; *file stays the caller's to
 * free. `path` is for messages. */
bool unpack(uint8_t **file, size_t *file_bytes, const char *path, uint64_t max_bytes,
            struct problem *problem);

#endif
