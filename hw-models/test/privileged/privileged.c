/* SPDX-License-Identifier: Apache-2.0 */
/* The privileged differential test: random steps (steps.h) in M, S and U on the hart model with its devices and under
 * qemu-system-riscv64; what each leaves in its registers, and at the end tables, code and data, must be equal.
 *   privileged [--steps N] [--seed N] [--untimed] [--qemu PATH] HARNESS
 * --untimed runs the hart without timing. Steps come in batches of STEPS_PER_BATCH, each a machine of its own; --seed is the first batch's, the next has the next seed.
 * Status: 0 equal, 1 mismatches, 2 bad usage, 77 no QEMU to compare with (skipped). */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/privileged/board.h"
#include "test/privileged/layout.h"
#include "test/privileged/qemu.h"
#include "test/privileged/steps.h"

#define STEPS_PER_BATCH 2500
#define QEMU_SECONDS 20
#define ACTIONS_PER_STEP 5000 /* far more than it takes */
#define MAX_SHOWN 5

#define STATUS_SD_FS (UINT64_C(1) << 63 | 0x6000)
/* Any hart may call the state dirty that it has not changed, and QEMU does not see all that changes it: FS is compared as
 * off or not (privileged specification, 3.1.6.6). */
#define SSTATUS_COMPARED ~STATUS_SD_FS

/* QEMU 7.2 follows specification 1.11, where mret and sret leave MPRV; it shows where the trap came from below M. test_trap has
 * it as 1.12 wants it. */
#define STATUS_MPRV (UINT64_C(1) << 17)
#define STATUS_MPP (UINT64_C(3) << 11)

enum result {
#define RESULT(name, number, mask) RESULT_##name,
#include "test/privileged/results.def"
#undef RESULT
    RESULT_COUNT
};
static const struct {
    const char *name;
    uint64_t mask;
} results[] = {
#define RESULT(name, number, mask) {#name, (uint64_t)(mask)},
#include "test/privileged/results.def"
#undef RESULT
};

#define RECORD_WORDS (RECORD_RESULTS + RESULT_COUNT)

static uint64_t step_count = 4000, seed = 1;
static bool untimed;
static const char *qemu = "qemu-system-riscv64", *harness;

static uint64_t compared(const uint64_t *record, unsigned word)
{
    uint64_t value = record[word];
    if (word == RECORD_MSTATUS)
        return (value & ~(STATUS_SD_FS | ((value & STATUS_MPP) == STATUS_MPP ? 0 : STATUS_MPRV))) |
               !!(value & 0x6000);
    if (word < RECORD_RESULTS)
        return value;
    return value & results[word - RECORD_RESULTS].mask;
}

/* Of a breakpoint, its address or 0 as in QEMU 7.2. Of a misaligned access, any part of it that may not be done: they divide
 * them differently. */
static bool trap_value_equal(uint64_t cause, uint64_t ours, uint64_t theirs)
{
    bool access = cause == 5 || cause == 7;
    return cause == 3 || (access ? ours - theirs + 7 < 15 : ours == theirs);
}

static bool word_equal(const uint64_t *ours, const uint64_t *theirs, unsigned word)
{
    if (word == RECORD_RESULTS + RESULT_mtval)
        return trap_value_equal(ours[RECORD_RESULTS + RESULT_mcause], ours[word], theirs[word]);
    if (word == RECORD_RESULTS + RESULT_stval)
        return trap_value_equal(ours[RECORD_RESULTS + RESULT_scause], ours[word], theirs[word]);
    return compared(ours, word) == compared(theirs, word);
}

static void print_word(unsigned word, const uint64_t *ours, const uint64_t *theirs)
{
    static const char *const heads[RECORD_X] = {"mstatus", "vector", "fcsr", "tables"};
    char name[24];
    if (word >= RECORD_RESULTS)
        snprintf(name, sizeof name, "%s", results[word - RECORD_RESULTS].name);
    else if (word >= RECORD_X)
        snprintf(name, sizeof name, "x%u", word - RECORD_X + 1);
    else
        snprintf(name, sizeof name, "%s", heads[word]);
    if (word_equal(ours, theirs, word))
        printf("  %-10s      %016llx\n", name, (unsigned long long)ours[word]);
    else
        printf("  %-10s here %016llx, in qemu %016llx\n", name, (unsigned long long)ours[word],
               (unsigned long long)theirs[word]);
}

static const uint64_t *step_words(const uint8_t *image, uint64_t number)
{
    const uint64_t *words = (const uint64_t *)(image + (STEPS_BASE - RAM_BASE));
    while (number--)
        words += words[STEP_WORDS];
    return words;
}

static void print_step(const uint64_t *words)
{
    const uint64_t *at = words + STEP_SETTINGS;
#define SETTING(name, number) printf(" " #name "=%llx", (unsigned long long)*at++);
    printf(" ");
#include "test/privileged/settings.def"
#undef SETTING
    printf(" mstatus=%llx flush=%llu msip=%llu mtimecmp=%llx ier=%llu plic=%llx,%llx\n",
           (unsigned long long)words[STEP_MSTATUS], (unsigned long long)words[STEP_FLUSH],
           (unsigned long long)words[STEP_MSIP], (unsigned long long)words[STEP_MTIMECMP],
           (unsigned long long)words[STEP_UART_IER], (unsigned long long)words[STEP_PLIC_M],
           (unsigned long long)words[STEP_PLIC_S]);
    for (unsigned n = 0; n < STEP_REGISTERS; n++)
        printf("  x%u=%llx", n + 1, (unsigned long long)words[STEP_X + n]);
    printf("\n");
    while (*at) {
        const uint16_t *halves = (const uint16_t *)(at + 2);
        printf("  %llx:", (unsigned long long)*at);
        for (uint64_t n = 0; n < at[1]; n++) {
            bool wide = (halves[n] & 3) == 3 && n + 1 < at[1];
            if (wide)
                printf(" %04x", halves[n + 1]);
            printf(wide ? "%04x" : " %04x", halves[n]);
            n += wide;
        }
        printf("\n");
        at += 2 + (at[1] + 3) / 4;
    }
}

static bool record_equal(const uint64_t *ours, const uint64_t *theirs)
{
    for (unsigned word = 0; word < RECORD_WORDS; word++)
        if (!word_equal(ours, theirs, word))
            return false;
    return true;
}

static const uint64_t *records(const uint8_t *ram)
{
    return (const uint64_t *)(ram + (RECORDS_BASE - RAM_BASE));
}

/* The first step of which the records differ, or count. */
static uint64_t compare_records(const uint8_t *ours, const uint8_t *theirs, uint64_t count)
{
    uint64_t n = 0;
    while (n < count &&
           record_equal(records(ours) + n * RECORD_WORDS, records(theirs) + n * RECORD_WORDS))
        n++;
    return n;
}

static bool compare_memory(const uint8_t *ours, const uint8_t *theirs)
{
    for (uint64_t at = TABLES_BASE - RAM_BASE; at < DATA_BASE - RAM_BASE + DATA_PAGES * 4096;
         at += 8) {
        if (memcmp(ours + at, theirs + at, 8) == 0)
            continue;
        uint64_t a, b;
        memcpy(&a, ours + at, 8), memcpy(&b, theirs + at, 8);
        printf("memory %llx: here %016llx, in qemu %016llx\n", (unsigned long long)(RAM_BASE + at),
               (unsigned long long)a, (unsigned long long)b);
        return false;
    }
    return true;
}

static bool load_harness(uint8_t *ram)
{
    FILE *file = fopen(harness, "rb");
    size_t count = file ? fread(ram, 1, TABLES_BASE - RAM_BASE, file) : 0;
    if (file)
        fclose(file);
    return count > 0;
}

struct totals {
    uint64_t instructions, causes[2][16];
};

static void count(struct totals *totals, const struct steps *steps, const uint8_t *ram,
                  uint64_t step_total)
{
    const uint64_t *record = records(ram);
    for (uint64_t n = 0; n < step_total; n++, record += RECORD_WORDS) {
        uint64_t cause = record[RECORD_RESULTS + RESULT_mcause];
        totals->causes[cause >> 63][cause & 15]++;
    }
    totals->instructions += steps->instructions;
}

static bool run_batch(uint64_t number, uint64_t count_in_batch, struct shared_ram *theirs,
                      struct totals *totals)
{
    struct random random = {number * UINT64_C(0x100000001)};
    struct board board;
    struct steps steps = {.random = {random_word(&random)}, .ram = theirs->bytes};
    bool svade = random_chance(&random, 250);
    steps.preset_marks = svade || random_chance(&random, 250);
    steps.global = random_chance(&random, 400);
    memset(theirs->bytes, 0, RAM_SIZE);
    load_harness(theirs->bytes);
    steps_begin(&steps);
    for (uint64_t n = 0; n < count_in_batch; n++)
        steps_add(&steps);

    if (!board_init(&board, &random, svade, untimed)) {
        printf("out of memory\n");
        return false;
    }
    uint8_t *ours = board.platform.memory.bytes;
    memcpy(ours, theirs->bytes, RAM_SIZE);
    const char *why = board_run(&board, ACTIONS_PER_STEP * (count_in_batch + 100));
    int status;
    bool ended = qemu_run(qemu, theirs, QEMU_SECONDS, &status);
    uint64_t first = compare_records(ours, theirs->bytes, count_in_batch);
    bool equal = first == count_in_batch;
    if (!equal) {
        printf("step %llu of the batch with seed %llu%s%s differs:\n", (unsigned long long)first,
               (unsigned long long)number, svade ? ", Svade" : "",
               steps.global ? ", global pages" : "");
        print_step(step_words(theirs->bytes, first));
        for (unsigned word = 0; word < RECORD_WORDS; word++)
            print_word(word, records(ours) + first * RECORD_WORDS,
                       records(theirs->bytes) + first * RECORD_WORDS);
    } else {
        equal = compare_memory(ours, theirs->bytes);
    }
    if (why || !ended) {
        printf("batch with seed %llu: %s; QEMU %s\n", (unsigned long long)number,
               why ? why : "ends here", ended ? "ends" : "does not end");
        equal = false;
    }
    count(totals, &steps, ours, count_in_batch);
    board_free(&board);
    return equal;
}

static int run_all(void)
{
    struct shared_ram ram;
    struct totals totals = {0};
    unsigned bad = 0;
    uint64_t number = seed;
    if (!shared_ram_new(&ram)) {
        perror("privileged: no memory to share");
        return 1;
    }
    for (uint64_t left = step_count; left && bad < MAX_SHOWN; number++) {
        uint64_t some = left < STEPS_PER_BATCH ? left : STEPS_PER_BATCH;
        bad += !run_batch(number, some, &ram, &totals);
        left -= some;
    }
    shared_ram_free(&ram);
    printf("%u bad batches of %llu; %llu instructions written; ends by exception", bad,
           (unsigned long long)(number - seed), (unsigned long long)totals.instructions);
    for (unsigned n = 0; n < 32; n++) {
        if (n == 16)
            printf("; by interrupt");
        if (totals.causes[n / 16][n % 16])
            printf(" %u: %llu", n % 16, (unsigned long long)totals.causes[n / 16][n % 16]);
    }
    printf("\n");
    return bad != 0;
}

static bool read_options(int argc, char **argv)
{
    static const struct option options[] = {{"steps", required_argument, NULL, 'n'},
                                            {"seed", required_argument, NULL, 's'},
                                            {"untimed", no_argument, NULL, 'u'},
                                            {"qemu", required_argument, NULL, 'q'},
                                            {0}};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        char *end = "";
        if (option == 'q')
            qemu = optarg;
        else if (option == 'u')
            untimed = true;
        else if (option == 'n')
            step_count = strtoull(optarg, &end, 0);
        else if (option == 's')
            seed = strtoull(optarg, &end, 0);
        else
            return false;
        if (*end)
            return false;
    }
    harness = argv[optind];
    return optind + 1 == argc;
}

int main(int argc, char **argv)
{
    char command[4096];
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (!read_options(argc, argv)) {
        fprintf(stderr,
                "usage: privileged [--steps N] [--seed N] [--untimed] [--qemu PATH] HARNESS\n");
        return 2;
    }
    snprintf(command, sizeof command, "%s -version >/dev/null 2>&1", qemu);
    if (system(command)) {
        printf("%s cannot be run: nothing to compare with\n", qemu);
        return 77;
    }
    return run_all();
}
