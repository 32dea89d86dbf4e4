/* SPDX-License-Identifier: Apache-2.0 */
/* What the rows of a comparison mean, in sentences that are derived from them: how it was measured, where hardware help pays, where it
 * does not and what the difference is made of, and what is a reconstruction. Each is one line. */
#ifndef MISSIVE_STUDY_NOTES_H
#define MISSIVE_STUDY_NOTES_H

#include <stdio.h>

#include "study/compare.h"

void notes_print_head(FILE *out, const struct compare *compare);
/* `bullet` stands before each sentence. */
void notes_print(FILE *out, const struct compare *compare, const char *bullet);

#endif
