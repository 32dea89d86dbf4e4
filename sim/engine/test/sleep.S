# SPDX-License-Identifier: Apache-2.0
# Sleeps, and nothing will ever wake it.
#include "guest.h"
main:
    csrw mie, zero
    wfi
    j main
