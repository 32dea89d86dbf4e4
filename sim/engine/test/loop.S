# SPDX-License-Identifier: Apache-2.0
# Loops for ever, without a miss.
#include "guest.h"
main:
    j main
