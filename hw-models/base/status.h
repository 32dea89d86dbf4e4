/* SPDX-License-Identifier: Apache-2.0 */
/* What a model's function returns: results go by pointer. Assertions are for our own mistakes, a
 * status for the user's, a trap for the guest's. */
#ifndef MISSIVE_BASE_STATUS_H
#define MISSIVE_BASE_STATUS_H

enum status {
    STATUS_OK = 0,
    STATUS_INVALID,   /* a parameter or value out of its range */
    STATUS_NO_TARGET, /* nothing answers at this address */
    STATUS_DENIED,    /* something answers, and refuses (size, alignment, permission) */
    STATUS_FULL,      /* wait and ask again */
    STATUS_PENDING,   /* accepted; the answer comes at a later cycle */
};

#endif
