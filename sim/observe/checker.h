/* SPDX-License-Identifier: Apache-2.0 */
/* The message checker: judges the stream by itself, by other bookkeeping than the ledger's. It knows what must
 * hold of any object and any list:
 *   lost        bytes of a stream that a reader skips without a drop; a completed call that moved fewer bytes than it says
 *   doubled     bytes given twice; a control block put on a list it is on, or on two; two calls of one task at once
 *   reordered   a smart list that does not give its first element
 *   stranger    bytes put or given in a call that does not name this object, or names it for the other direction
 *   cause       bytes given before they were put; a control block taken off a list it is not on; a message
 *               whose charges do not fill its life
 * Reports the first violation; counts all. */
#ifndef MISSIVE_OBSERVE_CHECKER_H
#define MISSIVE_OBSERVE_CHECKER_H

#include "observe/messages.h"

struct checker;

/* `messages` must live as long and be given each event first. NULL: out of memory, or no listener of messages is free. */
struct checker *checker_create(struct messages *messages);
void checker_destroy(struct checker *checker);
void checker_event(void *checker, const struct event *event); /* a fold's function */

uint64_t checker_violations(const struct checker *checker);
/* One clear line about the first violation, "" while there is none. */
const char *checker_first(const struct checker *checker);

#endif
