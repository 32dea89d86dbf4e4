/* SPDX-License-Identifier: Apache-2.0 */
/* The interpreter of harts without timing: execute.c once more, without what timing costs. */
#include <stdbool.h>

#define EXECUTE execute_untimed
#define TIMED false
#include "core/execute.c"
