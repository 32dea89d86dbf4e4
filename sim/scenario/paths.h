/* SPDX-License-Identifier: Apache-2.0 */
/* Where the project's own files are: under the source tree and the build tree this program was
 * built from, unless the environment names others (MISSIVE_SOURCE_DIR, MISSIVE_BUILD_DIR;
 * MISSIVE_KERNEL for the kernel alone). */
#ifndef MISSIVE_SCENARIO_PATHS_H
#define MISSIVE_SCENARIO_PATHS_H

#include <stdbool.h>
#include <stddef.h>

#include "scenario/problem.h"

enum path_kind {
    PATH_MACHINE,
    PATH_SCENARIO,
    PATH_PROGRAM,
    PATH_KERNEL,
    PATH_VIEWER,
    PATH_SIMULATOR
};

/* The path of the thing of this name, or `name` itself if it is a path (has a '/', or ends in
 * .yaml). KERNEL, VIEWER and SIMULATOR have no name: give NULL. False: it would not fit. */
bool path_of(enum path_kind kind, const char *name, char *path, size_t size);

/* All names of a kind, sorted; freed by paths_free. 0 if the folder cannot be read. */
size_t paths_list(enum path_kind kind, char ***names);
void paths_free(char **names, size_t count);

/* The whole file (at most 1 MiB) of this name, to be freed, and its path. NULL: problem says which
 * names there are. */
char *path_read(enum path_kind kind, const char *name, char *path, size_t size, size_t *size_bytes,
                struct problem *problem);

#endif
