/* SPDX-License-Identifier: Apache-2.0 */
/* Marks for the observer that cost the guest nothing. PROBE(event, arguments...) is no instruction: it writes the pc,
 * the event and the places of its arguments into section .missive.probes, which is not loaded (the idea is systemtap's
 * SDT). IN(activity) puts a function into .text.<activity>, so that the platform knows what its cycles are for; it is
 * never inlined into a function of another activity. A probe's arguments should be values the code has at hand
 * there anyway: kernel-noprobe.elf, built with PROBE as nothing, must have the same instructions. */
#ifndef MISSIVE_GUEST_PROBE_H
#define MISSIVE_GUEST_PROBE_H

#include "base/event.h"

#define IN(activity) __attribute__((noinline, noclone, section(".text." #activity)))
/* The same for a helper that is called only within its activity: it may be inlined there. */
#define PART(activity) __attribute__((section(".text." #activity)))

/* A function whose first act is to be observed: its arguments are in their registers there, whatever the compiler
 * knows of its callers, so that its probe needs nothing. */
#define OBSERVED __attribute__((noipa))

#ifdef MISSIVE_NO_PROBES
#define PROBE(event, ...) ((void)0)
#else

#define PROBE_HEAD(argc)                                                                           \
    "990:\n\t.pushsection .missive.probes,\"\",@progbits\n\t.balign 8\n\t.8byte 990b\n\t"          \
    ".4byte %c[event]\n\t.4byte " #argc "\n\t"
#define PROBE_TEXT(n) ".asciz \"%[" #n "]\"\n\t"
#define PROBE_TAIL ".balign 8\n\t.popsection"
#define PROBE_WHERE(n, value) [n] "nor"((long)(value))

#define PROBE_1(id, a)                                                                             \
    __asm__ volatile(PROBE_HEAD(1) PROBE_TEXT(A) PROBE_TAIL ::[event] "n"(EVENT_##id),             \
                     PROBE_WHERE(A, a))
#define PROBE_2(id, a, b)                                                                          \
    __asm__ volatile(PROBE_HEAD(2) PROBE_TEXT(A) PROBE_TEXT(B)                                     \
                         PROBE_TAIL ::[event] "n"(EVENT_##id),                                     \
                     PROBE_WHERE(A, a), PROBE_WHERE(B, b))
#define PROBE_3(id, a, b, c)                                                                       \
    __asm__ volatile(PROBE_HEAD(3) PROBE_TEXT(A) PROBE_TEXT(B) PROBE_TEXT(C)                       \
                         PROBE_TAIL ::[event] "n"(EVENT_##id),                                     \
                     PROBE_WHERE(A, a), PROBE_WHERE(B, b), PROBE_WHERE(C, c))
#define PROBE_4(id, a, b, c, d)                                                                    \
    __asm__ volatile(PROBE_HEAD(4) PROBE_TEXT(A) PROBE_TEXT(B) PROBE_TEXT(C) PROBE_TEXT(D)         \
                         PROBE_TAIL ::[event] "n"(EVENT_##id),                                     \
                     PROBE_WHERE(A, a), PROBE_WHERE(B, b), PROBE_WHERE(C, c), PROBE_WHERE(D, d))
#define PROBE_CHOOSE(a, b, c, d, name, ...) name
#define PROBE(event, ...)                                                                          \
    PROBE_CHOOSE(__VA_ARGS__, PROBE_4, PROBE_3, PROBE_2, PROBE_1)(event, __VA_ARGS__)
#endif

#endif
