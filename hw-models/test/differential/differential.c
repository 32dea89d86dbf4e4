/* SPDX-License-Identifier: Apache-2.0 */
/* The differential test: random RV64GC and Zb* sequences on the hart model and under qemu-riscv64; all registers, fcsr, the pc, the
 * way it stopped and the memory must be equal. A mismatch is shrunk to the instructions that matter and printed.
 *   differential [--sequences N] [--seed N] [--first N] [--untimed] [--qemu PATH] GUEST
 * --first starts at a later sequence of the same seed, to repeat one; --untimed runs harts without timing. Status: 0 equal, 1 mismatches, 2 bad usage,
 * 77 no qemu-riscv64 to compare with (skipped). Not compared: time, counters, faulting addresses. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/differential/peer.h"
#include "test/differential/sequence.h"
#include "test/differential/subject.h"

#define SEQUENCES_PER_HART 50
#define MAX_MISMATCHES 10

static uint64_t sequence_count = 4000, seed = 1, first;
static bool untimed;
static const char *qemu = "qemu-riscv64", *guest;

struct comparison {
    struct peer peer;
    struct subject subject;
    bool peer_failed;
    const char *why;
    struct outcome ours, theirs;
};

/* True: both agree. */
static bool compare(struct comparison *c, const struct sequence *sequence)
{
    struct trial trial;
    sequence_encode(sequence, &trial);
    c->why = NULL;
    if (!peer_give(&c->peer, &trial))
        c->peer_failed = true;
    bool ended = subject_run(&c->subject, &trial, sequence->has_reservation, &c->ours, &c->why);
    if (c->peer_failed || !peer_take(&c->peer, &c->theirs)) {
        c->peer_failed = true;
        return true;
    }
    return ended && !memcmp(&c->ours, &c->theirs, sizeof c->ours);
}

static void shrink(struct comparison *c, struct sequence *sequence)
{
    if (c->why)
        return;
    for (size_t i = sequence->count; i-- > 0 && !c->why;) {
        struct sequence smaller = *sequence;
        if (sequence_drop(&smaller, i) && !compare(c, &smaller) && !c->why)
            *sequence = smaller;
    }
    compare(c, sequence);
}

static void print_word(const char *kind, unsigned number, uint64_t before, uint64_t ours,
                       uint64_t theirs)
{
    if (ours == theirs && ours == before)
        return;
    printf("  %s%-2u before %016llx, here %016llx", kind, number, (unsigned long long)before,
           (unsigned long long)ours);
    if (ours == theirs)
        printf(" and in qemu\n");
    else
        printf(", QEMU %016llx  <-- differs\n", (unsigned long long)theirs);
}

static void print_state(const struct comparison *c, const struct machine_state *before)
{
    static const char *const stops[] = {"ebreak", "illegal", "segment", "bus", "other"};
    const struct machine_state *ours = &c->ours.state, *theirs = &c->theirs.state;
    printf("  stopped by %s (cause %llu) here, by %s in qemu\n", stops[ours->stop % 5],
           (unsigned long long)c->subject.cause, stops[theirs->stop % 5]);
    printf("  fcsr before %02llx, here %02llx, in qemu %02llx; rounding mode %llu\n",
           (unsigned long long)before->fcsr, (unsigned long long)ours->fcsr,
           (unsigned long long)theirs->fcsr, (unsigned long long)(before->fcsr >> 5));
    print_word("pc", 0, before->x[0], ours->x[0], theirs->x[0]);
    for (unsigned i = 1; i < 32; i++)
        print_word("x", i, before->x[i], ours->x[i], theirs->x[i]);
    for (unsigned i = 0; i < 32; i++)
        print_word("f", i, before->f[i], ours->f[i], theirs->f[i]);
}

static void print_sources(const struct sequence *sequence)
{
    uint32_t used = 0;
    for (size_t i = 0; i < sequence->count; i++)
        if (sequence->pieces[i].bytes == 4)
            used |= 1u << (sequence->pieces[i].word >> 15 & 31) |
                    1u << (sequence->pieces[i].word >> 20 & 31) |
                    1u << sequence->pieces[i].word / (1u << 27);
    for (unsigned i = 0; i < 32; i++)
        if (used >> i & 1)
            printf("  before: x%-2u %016llx  f%-2u %016llx\n", i,
                   (unsigned long long)sequence->state.x[i], i,
                   (unsigned long long)sequence->state.f[i]);
}

static void report(struct comparison *c, struct sequence *sequence, uint64_t number)
{
    shrink(c, sequence);
    printf("mismatch in sequence %llu of seed %llu (%s, %s):\n", (unsigned long long)number,
           (unsigned long long)seed, c->subject.paged ? "Sv39" : "bare",
           untimed                                         ? "no timing"
           : c->subject.platform.options.config.l1_enabled ? "caches"
                                                           : "no caches");
    sequence_print(sequence, stdout);
    if (c->why) {
        printf("  %s (pc %llx, cause %llu)\n", c->why,
               (unsigned long long)hart_pc(c->subject.platform.harts[0].hart),
               (unsigned long long)c->subject.cause);
        return;
    }
    print_sources(sequence);
    print_state(c, &sequence->state);
    for (unsigned i = 0; i < REGION_BYTES; i++)
        if (c->ours.data[i] != c->theirs.data[i])
            printf("  memory %lx: here %02x, in qemu %02x\n", DATA_ADDRESS + i, c->ours.data[i],
                   c->theirs.data[i]);
}

/* Sequences [begin, begin + SEQUENCES_PER_HART) on one hart; returns the mismatches. */
static unsigned run_batch(struct comparison *c, uint64_t begin)
{
    struct random random = {seed * UINT64_C(0x100000001) + begin};
    unsigned mismatches = 0;
    if (!subject_init(&c->subject, &random, untimed)) {
        printf("the hart refuses a configuration (sequence %llu)\n", (unsigned long long)begin);
        return 1;
    }
    for (uint64_t i = begin;
         i < begin + SEQUENCES_PER_HART && i < sequence_count && !c->peer_failed; i++) {
        struct sequence sequence;
        sequence_generate(&sequence, &random);
        if (i < first || compare(c, &sequence))
            continue;
        report(c, &sequence, i);
        mismatches++;
        if (c->why)
            break;
    }
    subject_free(&c->subject);
    return mismatches;
}

static int run_all(void)
{
    struct comparison c = {0};
    unsigned mismatches = 0;
    uint64_t begin = first - first % SEQUENCES_PER_HART;
    if (!peer_start(&c.peer, qemu, guest)) {
        perror("differential: cannot start a process");
        return 1;
    }
    for (; begin < sequence_count && mismatches < MAX_MISMATCHES && !c.peer_failed;
         begin += SEQUENCES_PER_HART)
        mismatches += run_batch(&c, begin);
    peer_stop(&c.peer);
    if (c.peer_failed) {
        printf("%s ended or does not answer, about sequence %llu\n", qemu,
               (unsigned long long)begin);
        return 1;
    }
    printf("%u mismatches in sequences %llu to %llu of seed %llu\n", mismatches,
           (unsigned long long)first,
           (unsigned long long)(begin < sequence_count ? begin : sequence_count),
           (unsigned long long)seed);
    return mismatches != 0;
}

static bool number(const char *text, uint64_t *value)
{
    char *end;
    *value = strtoull(text, &end, 0);
    return *text && !*end;
}

static bool read_options(int argc, char **argv)
{
    static const struct option options[] = {
        {"sequences", required_argument, NULL, 'n'}, {"seed", required_argument, NULL, 's'},
        {"first", required_argument, NULL, 'f'},     {"untimed", no_argument, NULL, 'u'},
        {"qemu", required_argument, NULL, 'q'},      {0}};
    bool good = true;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 'q')
            qemu = optarg;
        else if (option == 'u')
            untimed = true;
        else
            good &= option != '?' && number(optarg, option == 'n'   ? &sequence_count
                                                    : option == 's' ? &seed
                                                                    : &first);
    }
    guest = argv[optind];
    return good && optind + 1 == argc;
}

int main(int argc, char **argv)
{
    char command[4096];
    if (!read_options(argc, argv)) {
        fprintf(
            stderr,
            "usage: differential [--sequences N] [--seed N] [--first N] [--untimed] [--qemu PATH] "
            "GUEST\n");
        return 2;
    }
    snprintf(command, sizeof command, "%s -version >/dev/null 2>&1", qemu);
    if (system(command)) {
        printf("%s cannot be run: nothing to compare with\n", qemu);
        return 77;
    }
    return run_all();
}
