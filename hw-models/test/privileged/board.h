/* SPDX-License-Identifier: Apache-2.0 */
/* A hart of the model with what the privileged differential test's program needs around it: CLINT, PLIC, a UART and the finisher,
 * on the lockstep platform with its random delays. */
#ifndef MISSIVE_TEST_PRIVILEGED_BOARD_H
#define MISSIVE_TEST_PRIVILEGED_BOARD_H

#include "devices/clint.h"
#include "devices/finisher.h"
#include "devices/plic.h"
#include "devices/uart.h"
#include "test/lockstep.h"

struct board {
    struct lockstep platform;
    struct clint clint;
    struct plic plic;
    struct plic_input uart_input;
    struct uart uart;
    struct device devices[4];
    bool finished;
};

/* With a configuration drawn from random. False: out of memory. */
bool board_init(struct board *board, struct random *random, bool svade, bool untimed);
void board_free(struct board *board);

/* From reset to the finisher, in at most so many actions of the platform's. NULL, or why not. */
const char *board_run(struct board *board, uint64_t max_actions);

#endif
