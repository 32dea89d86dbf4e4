/* SPDX-License-Identifier: Apache-2.0 */
/* The floating point of the hart against MPFR: value and flags of every operation in every rounding
 * mode, of all pairs of edges and of random operands. Each is done twice, with no flag set and with
 * NX set, because the model may then compute by other means.
 *   fpu_mpfr [--operands N] [--seed N]      N operands for each operation; status 1: a difference */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/fpu.h"
#include "test/fpu/operands.h"
#include "test/fpu/reference.h"

enum { MODES = 5, SHOWN = 10 };

struct operation {
    const char *name;
    unsigned operands;
    enum kind from, to;
    bool rounds;
    enum reference reference;
    uint64_t (*call)(struct fpu *fpu, uint64_t a, uint64_t b, uint64_t c, unsigned rm);
};

#define OPERATION(name, operands, from, to, rounds, reference, call)                               \
    static uint64_t call_##name(struct fpu *fpu, uint64_t a, uint64_t b, uint64_t c, unsigned rm)  \
    {                                                                                              \
        (void)fpu, (void)a, (void)b, (void)c, (void)rm;                                            \
        return fpu_##name call;                                                                    \
    }
#include "test/fpu/operations.def"

static const struct operation operations[] = {
#define OPERATION(name, operands, from, to, rounds, reference, call)                               \
    {#name, operands, KIND_##from, KIND_##to, rounds, REFERENCE_##reference, call_##name},
#include "test/fpu/operations.def"
};

static struct {
    uint64_t checks, differences, raised[5]; /* raised: how often each flag was expected */
} tally;

static void report(const struct operation *operation, const uint64_t *operands, unsigned rm,
                   unsigned before, struct outcome expected, struct outcome got)
{
    static const char *const modes[] = {"rne", "rtz", "rdn", "rup", "rmm"};
    if (tally.differences++ >= SHOWN)
        return;
    printf("%s %s", operation->name, modes[rm]);
    for (unsigned n = 0; n < operation->operands; n++)
        printf(" %016" PRIx64, operands[n]);
    printf(", flags %02x: %016" PRIx64 " flags %02x, should be %016" PRIx64 " flags %02x\n", before,
           got.value, got.flags, expected.value, expected.flags);
}

static void check_mode(const struct operation *operation, const uint64_t *operands, unsigned rm)
{
    struct outcome expected = reference_compute(operation->reference, operation->from,
                                                operation->to, operands, operation->operands, rm);
    for (unsigned n = 0; n < 5; n++)
        tally.raised[n] += expected.flags >> n & 1;
    for (unsigned before = 0; before <= FLAG_NX; before += FLAG_NX) {
        struct fpu fpu = {.flags = (uint8_t)before};
        struct outcome after = expected, got;
        got.value = operation->call(&fpu, operands[0], operands[1], operands[2], rm);
        got.flags = fpu.flags;
        after.flags |= before;
        tally.checks++;
        if (got.value != after.value || got.flags != after.flags)
            report(operation, operands, rm, before, after, got);
    }
}

static void check(const struct operation *operation, const uint64_t *operands)
{
    for (unsigned rm = 0; rm < (operation->rounds ? MODES : 1); rm++)
        check_mode(operation, operands, rm);
}

/* All pairs; a third operand is drawn. */
static void check_edges(struct random *random, const struct operation *operation)
{
    unsigned count = operands_edge_count(operation->from);
    for (unsigned a = 0; a < count; a++)
        for (unsigned b = 0; b < (operation->operands > 1 ? count : 1); b++) {
            uint64_t operands[3];
            operands_draw(random, operation->from, operands);
            operands[0] = operands_edge(operation->from, a);
            if (operation->operands > 1)
                operands[1] = operands_edge(operation->from, b);
            check(operation, operands);
        }
}

static bool option(char **argument, const char *name, uint64_t *value)
{
    char *end;
    if (!argument[0] || !argument[1] || strcmp(argument[0], name) != 0)
        return false;
    *value = strtoull(argument[1], &end, 0);
    return end != argument[1] && !*end;
}

int main(int argc, char **argv)
{
    uint64_t count = 10000, seed = 1;
    for (int n = 1; n < argc; n += 2)
        if (!option(argv + n, "--operands", &count) && !option(argv + n, "--seed", &seed)) {
            fprintf(stderr, "usage: fpu_mpfr [--operands N] [--seed N]\n");
            return 2;
        }
    struct random random = {seed};
    reference_init();
    for (size_t n = 0; n < sizeof operations / sizeof operations[0]; n++) {
        check_edges(&random, &operations[n]);
        for (uint64_t k = 0; k < count; k++) {
            uint64_t operands[3];
            operands_draw(&random, operations[n].from, operands);
            check(&operations[n], operands);
        }
    }
    reference_free();
    printf("%" PRIu64 " checks, %" PRIu64 " differences; expected NX %" PRIu64 ", UF %" PRIu64
           ", OF %" PRIu64 ", DZ %" PRIu64 ", NV %" PRIu64 "\n",
           tally.checks, tally.differences, tally.raised[0], tally.raised[1], tally.raised[2],
           tally.raised[3], tally.raised[4]);
    return tally.differences ? 1 : 0;
}
