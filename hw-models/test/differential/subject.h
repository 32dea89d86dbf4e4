/* SPDX-License-Identifier: Apache-2.0 */
/* The hart model as the differential test's subject: runs a trial in U mode on a lockstep platform, with random
 * service times, strangers' snoops and interrupts (none of which the trial can see). */
#ifndef MISSIVE_TEST_SUBJECT_H
#define MISSIVE_TEST_SUBJECT_H

#include "test/differential/record.h"
#include "test/lockstep.h"

struct subject {
    struct lockstep platform;
    bool paged; /* Sv39 with scattered pages, else bare */
    uint64_t cause;
};

/* A new hart with a drawn configuration, without timing if so asked. False: it refuses the configuration. */
bool subject_init(struct subject *subject, struct random *random, bool untimed);
void subject_free(struct subject *subject);

/* False: the trial does not end, or the platform saw a broken promise; *why says which. */
bool subject_run(struct subject *subject, const struct trial *trial, bool has_reservation,
                 struct outcome *outcome, const char **why);

#endif
