# SPDX-License-Identifier: Apache-2.0
# Stores the word `rounds` into the finisher.
#include "guest.h"
main:
    la t1, rounds
    ld t1, 0(t1)
    finish_with t1
