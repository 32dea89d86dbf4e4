/* SPDX-License-Identifier: Apache-2.0 */
/* The files: those of the initial archive (cpio `newc`), read only, where the loader put them. Paths are from the
 * root; `.` and empty parts are ignored. The archive is checked as it is read: a damaged one just ends early. */
#ifndef MISSIVE_GUEST_ARCHIVE_H
#define MISSIVE_GUEST_ARCHIVE_H

#include <stdbool.h>
#include <stdint.h>

struct archive_entry {
    const uint8_t *data;
    uint64_t size_bytes;
    uint32_t mode, inode, modify_seconds;
};

/* false: no such file or folder. A folder that only shows in the names of files is one too (mode S_IFDIR, no data). */
bool archive_find(const char *path, struct archive_entry *entry);

#endif
