/* SPDX-License-Identifier: Apache-2.0 */
/* Several real harts on few lines, in random interleavings: each hart's view must be that of one sequentially
 * consistent memory, and a line's bytes must be where the protocol says. See lockstep.h for the poison. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "test/lockstep.h"

#define RAM_ADDRESS UINT64_C(0x80000000)
#define RAM_BYTES 0x20000u
#define CODE_BYTES 0x2000u
#define DATA_ADDRESS (RAM_ADDRESS + 0x18000)
#define LINES 4
#define DATA_BYTES (LINES * 1024) /* the lines fall into one set of the smallest cache */
#define OPERATIONS 300
#define FIRST_DATA 5 /* x5 to x15 hold data, x16 to x23 addresses */
#define LAST_DATA 15
#define FIRST_BASE 16
#define BASES 8

/* What SC stores: never the same twice, so that its success shows in memory. */
#define FRESH_REGISTER 24
/* x25 to x31 take SC's results in turn, so that the last few are there to see. */
#define FIRST_RESULT 25
#define RESULTS 7

enum kind { LOAD, STORE, AMO_ADD, AMO_SWAP, AMO_OR, LR, SC, XOR, FRESH, FENCE, KINDS };

struct operation {
    enum kind kind;
    unsigned rd, rs, base;
    bool wide;
};

/* What one hart should have done: its operations up to `next`. */
struct view {
    struct operation program[OPERATIONS];
    size_t next;
    uint64_t x[32];
    bool reserved;
    uint64_t reserved_line;
};

struct world {
    struct lockstep platform;
    struct view views[LOCKSTEP_MAX_HARTS];
    uint8_t memory[DATA_BYTES];
    uint64_t bases[BASES];
    unsigned stores_conditional;
};

static uint64_t code_of(unsigned hart)
{
    return RAM_ADDRESS + (hart + 1) * CODE_BYTES;
}

static uint32_t encode(const struct operation *o)
{
    uint32_t base = (FIRST_BASE + o->base) << 15, width = o->wide ? 3u << 12 : 2u << 12;
    uint32_t atomic = 0x2fu | width | base | o->rd << 7 | o->rs << 20;
    switch (o->kind) {
    case LOAD:
        return 0x03u | width | base | o->rd << 7;
    case STORE:
        return 0x23u | width | base | o->rs << 20;
    case AMO_ADD:
        return atomic;
    case AMO_SWAP:
        return atomic | 1u << 27;
    case AMO_OR:
        return atomic | 8u << 27;
    case LR:
        return (atomic & ~(31u << 20)) | 2u << 27;
    case SC:
        return atomic | 3u << 27;
    case XOR:
        return 0x4033u | o->rd << 7 | o->rd << 15 | o->rs << 20;
    case FRESH:
        return 0x13u | FRESH_REGISTER << 7 | FRESH_REGISTER << 15 | 1u << 20;
    default:
        return 0x0ff0000fu;
    }
}

static void draw_program(struct world *world, unsigned hart)
{
    struct random *random = &world->platform.random;
    uint32_t code[OPERATIONS + 2];
    for (size_t i = 0; i < OPERATIONS; i++) {
        struct operation *o = &world->views[hart].program[i], *last = i ? o - 1 : NULL;
        o->kind = (enum kind)random_below(random, KINDS);
        o->rd = FIRST_DATA + (unsigned)random_below(random, LAST_DATA - FIRST_DATA + 1);
        o->rs = FIRST_DATA + (unsigned)random_below(random, LAST_DATA - FIRST_DATA + 1);
        o->base = (unsigned)random_below(random, BASES);
        o->wide = random_chance(random, 500);
        if (last && last->kind == FRESH)
            o->kind = LR;
        else if (last && last->kind == LR)
            *o = (struct operation){SC, FIRST_RESULT + i / 3 % RESULTS, FRESH_REGISTER, last->base,
                                    last->wide};
        else if (o->kind == LR || o->kind == SC)
            o->kind = FRESH;
        code[i] = encode(o);
    }
    code[OPERATIONS] = 0x10500073;     /* wfi */
    code[OPERATIONS + 1] = 0xffdff06f; /* j back */
    lockstep_write(&world->platform, code_of(hart), code, sizeof code);
}

static void start_hart(struct world *world, unsigned hart)
{
    struct hart *model = world->platform.harts[hart].hart;
    struct view *view = &world->views[hart];
    for (unsigned i = FIRST_DATA; i <= LAST_DATA; i++)
        view->x[i] = random_word(&world->platform.random);
    for (unsigned i = 0; i < BASES; i++)
        view->x[FIRST_BASE + i] = world->bases[i];
    view->x[FRESH_REGISTER] = random_word(&world->platform.random);
    for (unsigned i = 1; i < 32; i++)
        hart_set_x(model, i, view->x[i]);
    hart_set_pc(model, code_of(hart));
}

static void new_world(struct world *world, uint64_t seed)
{
    struct random random = {seed};
    memset(world, 0, sizeof *world);
    struct lockstep_options options = {
        .hart_count = 4 + (unsigned)random_below(&random, 5),
        .config = lockstep_random_config(&random),
        .ram_base = RAM_ADDRESS,
        .ram_bytes = RAM_BYTES,
        .seed = seed,
        .max_delay_cycles = (unsigned)random_below(&random, 60),
        .max_slice_cycles =
            1 + (unsigned)random_below(&random, random_chance(&random, 500) ? 3 : 16),
        .private_images = true,
    };
    assert_true(lockstep_init(&world->platform, &options));
    for (unsigned i = 0; i < BASES; i++)
        world->bases[i] = DATA_ADDRESS + i % LINES * 1024 + i / LINES * 8;
    for (size_t i = 0; i < DATA_BYTES; i++)
        world->memory[i] = (uint8_t)random_word(&random);
    lockstep_write(&world->platform, DATA_ADDRESS, world->memory, DATA_BYTES);
    lockstep_share(&world->platform, DATA_ADDRESS, DATA_ADDRESS + DATA_BYTES);
    for (unsigned i = 0; i < options.hart_count; i++) {
        draw_program(world, i);
        start_hart(world, i);
    }
}

static uint64_t get(const uint8_t *at, bool wide)
{
    int32_t half;
    uint64_t word;
    memcpy(&half, at, sizeof half);
    memcpy(&word, at, sizeof word);
    return wide ? word : (uint64_t)(int64_t)half;
}

static void put(struct world *world, unsigned hart, uint64_t address, bool wide, uint64_t value)
{
    memcpy(world->memory + (address - DATA_ADDRESS), &value, wide ? 8 : 4);
    for (unsigned i = 0; i < world->platform.options.hart_count; i++)
        if (i != hart && world->views[i].reserved_line == (address & ~UINT64_C(63)))
            world->views[i].reserved = false;
}

/* Before the hart has stepped over an SC, only memory tells whether it succeeded; afterwards its result does. */
static bool succeeded(const struct world *world, unsigned hart, const struct operation *o,
                      bool over)
{
    const struct lockstep_hart *one = &world->platform.harts[hart];
    uint64_t value = world->views[hart].x[o->rs];
    uint64_t seen = get(ram_at(&one->ram, world->bases[o->base]), o->wide);
    if (over)
        return hart_x(one->hart, o->rd) == 0;
    return seen == (o->wide ? value : (uint64_t)(int64_t)(int32_t)value);
}

/* An SC may fail at any time, but not succeed after another's write. */
static uint64_t store_conditional(struct world *world, unsigned hart, const struct operation *o,
                                  bool over)
{
    struct view *view = &world->views[hart];
    uint64_t address = world->bases[o->base];
    bool done = succeeded(world, hart, o, over);
    if (done) {
        assert_true(view->reserved && view->reserved_line == (address & ~UINT64_C(63)));
        put(world, hart, address, o->wide, view->x[o->rs]);
        world->stores_conditional++;
    }
    view->reserved = false;
    return !done;
}

/* The next operation of a hart; `over`: it has stepped over it. */
static void carry_out(struct world *world, unsigned hart, bool over)
{
    struct view *view = &world->views[hart];
    const struct operation *o = &view->program[view->next++];
    uint64_t address = world->bases[o->base], value = view->x[o->rs];
    uint64_t old = get(world->memory + (address - DATA_ADDRESS), o->wide);
    switch (o->kind) {
    case STORE:
        put(world, hart, address, o->wide, value);
        return;
    case AMO_ADD:
        put(world, hart, address, o->wide, old + value);
        break;
    case AMO_SWAP:
        put(world, hart, address, o->wide, value);
        break;
    case AMO_OR:
        put(world, hart, address, o->wide, old | value);
        break;
    case LR:
        view->reserved = true;
        view->reserved_line = address & ~UINT64_C(63);
        break;
    case SC:
        old = store_conditional(world, hart, o, over);
        break;
    case XOR:
        old = view->x[o->rd] ^ value;
        break;
    case FRESH:
        view->x[FRESH_REGISTER]++;
        return;
    case FENCE:
        return;
    default:
        break;
    }
    view->x[o->rd] = old;
}

/* A request that is answered with the line in the state the operation needs carries the operation out. */
static bool will_carry_out(const struct world *world, unsigned hart)
{
    const struct view *view = &world->views[hart];
    const struct lockstep_hart *one = &world->platform.harts[hart];
    if (one->state != LOCKSTEP_REQUESTING || view->next >= OPERATIONS)
        return false;
    const struct operation *o = &view->program[view->next];
    const struct request *request = hart_request(one->hart);
    bool reads = o->kind == LOAD || o->kind == LR;
    bool line = request->address == (world->bases[o->base] & ~UINT64_C(63));
    return line && o->kind <= SC &&
           (request->kind == REQUEST_READ_EXCLUSIVE || request->kind == REQUEST_UPGRADE ||
            (reads && request->kind == REQUEST_READ));
}

static void check_view(struct world *world, unsigned hart)
{
    struct view *view = &world->views[hart];
    const struct hart *model = world->platform.harts[hart].hart;
    for (unsigned i = FIRST_DATA; i < 32; i++) {
        if (hart_x(model, i) != view->x[i])
            fail_msg("hart %u, operation %zu: x%u is %llx, should be %llx", hart, view->next - 1, i,
                     (unsigned long long)hart_x(model, i), (unsigned long long)view->x[i]);
    }
}

/* One step; false when all harts have ended. */
static bool step(struct world *world)
{
    bool will[LOCKSTEP_MAX_HARTS];
    unsigned count = world->platform.options.hart_count;
    for (unsigned i = 0; i < count; i++)
        will[i] = will_carry_out(world, i);
    int hart = lockstep_step(&world->platform);
    if (world->platform.error)
        fail_msg("%s", world->platform.error);
    if (hart < 0)
        return false;
    struct view *view = &world->views[hart];
    const struct lockstep_hart *one = &world->platform.harts[hart];
    size_t reached = (hart_pc(one->hart) - code_of((unsigned)hart)) / 4;
    if (will[hart] && one->state == LOCKSTEP_RUNNING && view->next == reached)
        carry_out(world, (unsigned)hart, false);
    while (view->next < reached && view->next < OPERATIONS)
        carry_out(world, (unsigned)hart, true);
    if (view->next == reached)
        check_view(world, (unsigned)hart);
    return true;
}

static void test_views_are_sequentially_consistent(void **state)
{
    struct world *world = test_malloc(sizeof *world);
    unsigned stores_conditional = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        new_world(world, seed);
        unsigned steps = 0;
        while (step(world))
            assert_true(++steps < 2000000);
        lockstep_settle(&world->platform);
        if (world->platform.error)
            fail_msg("%s", world->platform.error);
        for (unsigned i = 0; i < world->platform.options.hart_count; i++)
            assert_int_equal(world->views[i].next, OPERATIONS);
        assert_memory_equal(ram_at(&world->platform.memory, DATA_ADDRESS), world->memory,
                            DATA_BYTES);
        stores_conditional += world->stores_conditional;
        lockstep_free(&world->platform);
    }
    assert_true(stores_conditional > 1000);
    test_free(world);
}

/* All harts add to one counter; each must get its turns within a bounded number of steps. */
static void count_together(const uint32_t *code, size_t words, unsigned slice, uint32_t lr_window)
{
    enum { TURNS = 50 };
    struct random random = {slice};
    struct lockstep_options options = {.hart_count = LOCKSTEP_MAX_HARTS,
                                       .config = lockstep_random_config(&random),
                                       .ram_base = RAM_ADDRESS,
                                       .ram_bytes = RAM_BYTES,
                                       .seed = slice,
                                       .max_delay_cycles = 30,
                                       .max_slice_cycles = slice,
                                       .private_images = true};
    struct lockstep platform;
    uint64_t sum, zeros[8] = {0};
    options.config.lr_window_cycles = lr_window;
    assert_true(lockstep_init(&platform, &options));
    lockstep_write(&platform, RAM_ADDRESS, code, words * 4);
    lockstep_write(&platform, DATA_ADDRESS, zeros, sizeof zeros);
    lockstep_share(&platform, DATA_ADDRESS, DATA_ADDRESS + 64);
    for (unsigned i = 0; i < LOCKSTEP_MAX_HARTS; i++) {
        hart_set_x(platform.harts[i].hart, 10, DATA_ADDRESS);
        hart_set_x(platform.harts[i].hart, 7, TURNS);
    }
    unsigned steps = 0;
    while (lockstep_step(&platform) >= 0)
        assert_true(++steps < 1000000);
    lockstep_settle(&platform);
    if (platform.error)
        fail_msg("%s", platform.error);
    memcpy(&sum, ram_at(&platform.memory, DATA_ADDRESS), sizeof sum);
    assert_int_equal(sum, LOCKSTEP_MAX_HARTS * TURNS);
    lockstep_free(&platform);
}

static void test_counters(void **state)
{
    static const uint32_t with_amo[] = {
        0x00100293, /* li x5, 1 */
        0x0055302f, /* amoadd.d x0, x5, (x10) */
        0xfff38393, /* addi x7, x7, -1 */
        0xfe039ce3, /* bnez x7, -8 */
        0x10500073, /* wfi */
        0xffdff06f, /* j -4 */
    };
    static const uint32_t with_reservation[] = {
        0x100532af, /* lr.d x5, (x10) */
        0x00128293, /* addi x5, x5, 1 */
        0x1855332f, /* sc.d x6, x5, (x10) */
        0xfe031ae3, /* bnez x6, -12 */
        0xfff38393, /* addi x7, x7, -1 */
        0xfe0396e3, /* bnez x7, -20 */
        0x10500073, /* wfi */
        0xffdff06f, /* j -4 */
    };
    static const unsigned slices[] = {1, 2, 20, 1000};
    (void)state;
    for (size_t i = 0; i < sizeof slices / sizeof *slices; i++) {
        count_together(with_amo, 6, slices[i], 80);
        count_together(with_reservation, 8, slices[i], 80);
        count_together(with_reservation, 8, slices[i], 1000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_views_are_sequentially_consistent),
        cmocka_unit_test(test_counters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
