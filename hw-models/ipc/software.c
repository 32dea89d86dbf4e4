/* SPDX-License-Identifier: Apache-2.0 */
/* The mechanism without hardware, against which the others are measured: there is nothing to
 * attach. */
#include "ipc/mechanism.h"

const struct mechanism mechanism_software = {0};
