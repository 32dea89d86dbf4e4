/* SPDX-License-Identifier: Apache-2.0 */
/* The initial archive: a cpio `newc` in memory, made of host files and the file `.exec` that says
 * what process 1 is (format: ARCHITECTURE.md). The same input gives the same bytes: times, owners
 * and inode numbers of the host do not enter, of the mode only whether the file may be executed. */
#ifndef MISSIVE_PLATFORM_INITIAL_ARCHIVE_H
#define MISSIVE_PLATFORM_INITIAL_ARCHIVE_H

#include <stddef.h>
#include <stdint.h>

#include "scenario/problem.h"

/* What the kernel takes of a command: its path, arguments and environment, each with its NUL. */
#define INITIAL_ARCHIVE_COMMAND_BYTES 131072

struct archive_file {
    const char *host_path;
    const char *guest_path; /* with or without a leading slash */
};

struct archive_command {
    const char *path;               /* in the guest */
    const char *const *arguments;   /* NULL-terminated, argv[0] first */
    const char *const *environment; /* NULL-terminated, or NULL */
};

struct initial_archive {
    uint8_t *bytes;
    size_t size_bytes;
};

/* `command` may be NULL: no `.exec`. False: `problem` says why, and nothing is left to free. */
bool initial_archive_build(struct initial_archive *archive, const struct archive_file *files,
                           size_t file_count, const struct archive_command *command,
                           struct problem *problem);
void initial_archive_free(struct initial_archive *archive);

#endif
