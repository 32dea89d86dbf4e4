/* SPDX-License-Identifier: Apache-2.0 */
/* The occupancy ledger, the measurement window, the checker and the report, on hand-made streams. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "observe/checker.h"
#include "observe/observer.h"
#include "observe/statistics.h"
#include "observe/test_events.h"

#define THERE 0x9000 /* pipes */
#define BACK 0x9800
#define LIST 0x7000

static const struct machine_view view = {
    .machine = "uniprocessor",
    .hart_count = 2,
    .line_bytes = 64,
    .bus_word_bytes = 8,
    .clock_hz = 1000000000,
    .warmup_messages = 2,
    .measure_messages = 4,
};

/* --- occupancy --- */

static void every_cycle_has_an_owner(void **state)
{
    (void)state;
    static const struct event events[] = {
        EVENT_AT(0, 0, run, A),
        DO(10, 0, other),
        LEAVE(100, 0),
        EVENT_AT(120, 0, wait, ACTIVITY_memory),
        EVENT_AT(121, EVENT_SOURCE_BUS, bus_tenure, 0, REQUEST_READ, 0x80000000, 150),
        EVENT_AT(140, EVENT_SOURCE_MEMORY, memory_access, 0, 64, 0x80000000, 148),
        EVENT_AT(150, 0, wait, ACTIVITY_none),
        ENTER(200, 0),
        DO(210, 0, checks),
        EVENT_AT(230, 0, request, A, REQUEST_OP_SEND, THERE, 8),
        EVENT_AT(235, EVENT_SOURCE_BUS, bus_tenure, 0, REQUEST_STORE, 0x80000000, 239),
        DO(240, 0, copy),
        EVENT_AT(245, 0, put, THERE, A, 8, PUT_DONE),
        DO(250, 0, trap),
        LEAVE(260, 0),
        ENTER(300, 0),
        DO(310, 0, idle),
        EVENT_AT(320, 0, wfi, 1),
    };
    struct messages *messages = messages_create(&view);
    struct occupancy *occupancy = occupancy_create(&view, messages);
    for (size_t i = 0; i < COUNT(events); i++) {
        messages_event(messages, &events[i]);
        occupancy_event(occupancy, &events[i]);
    }
    struct occupancy_totals totals;
    occupancy_read(occupancy, 400, &totals);
    const struct occupancy_ledger *hart = &totals.harts[0];
    assert_int_equal(occupancy_of_owner(hart, OWNER_user), 100 + 40);
    assert_int_equal(hart->cycles[OWNER_user][ACTIVITY_memory], 30);
    assert_int_equal(occupancy_of_owner(hart, OWNER_message), 45);
    assert_int_equal(hart->cycles[OWNER_message][ACTIVITY_checks], 30);
    assert_int_equal(hart->cycles[OWNER_message][ACTIVITY_trap], 10);
    assert_int_equal(occupancy_of_owner(hart, OWNER_kernel), 100 + 15 + 10);
    assert_int_equal(occupancy_of_owner(hart, OWNER_idle), 90);
    assert_int_equal(occupancy_sum(hart), 400);
    assert_int_equal(occupancy_sum(&totals.bus), 400);
    assert_int_equal(totals.bus.cycles[OWNER_user][REQUEST_READ], 29);
    assert_int_equal(totals.bus.cycles[OWNER_message][REQUEST_STORE], 4);
    assert_int_equal(totals.bus_requests, 2);
    assert_int_equal(totals.bus_bytes, 72);
    assert_int_equal(occupancy_of_owner(&totals.memory, OWNER_user), 8);
    assert_int_equal(occupancy_sum(&totals.memory), 400);

    char error[OCCUPANCY_ERROR_BYTES] = "";
    struct occupancy_counters counters = {
        .harts = {{140, 150, 30, 80, 30}, {0, 0, 400, 0, 0}},
        .bus_busy_cycles = 33,
        .bus_tenures = 2,
        .memory_busy_cycles = 8,
    };
    assert_true(occupancy_check(occupancy, &counters, error));
    counters.bus_words++;
    assert_false(occupancy_check(occupancy, &counters, error));
    assert_string_equal(error, "bus 0: the ledger has 0 words of blocks, the model counted 1");
    counters.bus_words--;
    counters.bus_busy_cycles++;
    assert_false(occupancy_check(occupancy, &counters, error));
    assert_string_equal(error, "bus 0: the ledger has 33 busy cycles, the model counted 34");
    counters.harts[0].user_cycles--;
    counters.harts[0].supervisor_cycles++;
    assert_false(occupancy_check(occupancy, &counters, error));
    assert_string_equal(error, "hart 0: the ledger has 140 user cycles, the model counted 139");
    occupancy_destroy(occupancy);
    messages_destroy(messages);
}

/* A reading in the middle of a call changes nothing; after a cut, what came before it stays the kernel's, whatever the call
 * turns out to be. An idle hart's transactions are the kernel's. */
static void read_in_a_call(bool cut, cycle_t claimed)
{
    static const struct event before[] = {LEAVE(0, 0), ENTER(100, 0)};
    static const struct event after[] = {
        EVENT_AT(130, 0, request, A, REQUEST_OP_SEND, THERE, 8),
        EVENT_AT(140, 0, put, THERE, A, 8, PUT_DONE),
        DO(150, 0, idle),
        EVENT_AT(155, EVENT_SOURCE_BUS, bus_tenure, 0, REQUEST_FETCH, 0x80000000, 165),
    };
    struct messages *messages = messages_create(&view);
    struct occupancy *occupancy = occupancy_create(&view, messages);
    struct occupancy_totals first, second;
    for (size_t i = 0; i < COUNT(before); i++) {
        messages_event(messages, &before[i]);
        occupancy_event(occupancy, &before[i]);
    }
    occupancy_read(occupancy, 110, &first);
    if (cut)
        occupancy_cut(occupancy);
    for (size_t i = 0; i < COUNT(after); i++) {
        messages_event(messages, &after[i]);
        occupancy_event(occupancy, &after[i]);
    }
    occupancy_read(occupancy, 200, &second);
    assert_int_equal(occupancy_of_owner(&first.harts[0], OWNER_kernel), 10);
    assert_int_equal(occupancy_of_owner(&second.harts[0], OWNER_kernel), 20 - claimed);
    assert_int_equal(occupancy_of_owner(&second.harts[0], OWNER_message), 30 + claimed);
    assert_int_equal(second.bus.cycles[OWNER_kernel][REQUEST_FETCH], 10);
    assert_int_equal(occupancy_of_owner(&second.bus, OWNER_idle), 190);
    occupancy_destroy(occupancy);
    messages_destroy(messages);
}

static void readings_do_not_change(void **state)
{
    (void)state;
    read_in_a_call(true, 0);
    read_in_a_call(false, 10);
}

/* --- a ping-pong of equal rounds on two harts --- */

#define ROUND 1000

/* A sends at +0 and its answer is back at +600; each message takes 250 cycles. */
static size_t add_round(struct event *events, uint64_t round)
{
    cycle_t t = ROUND * (round + 1);
    const struct event script[] = {
        EVENT_AT(t, 0, run, A),
        ENTER(t, 0),
        EVENT_AT(t + 10, 0, request, A, REQUEST_OP_SEND, THERE, 16),
        EVENT_AT(t + 20, 0, put, THERE, A, 16 * (round + 1), PUT_DONE),
        EVENT_AT(t + 22, 0, complete, A, 16),
        LEAVE(t + 30, 0),
        ENTER(t + 40, 0),
        EVENT_AT(t + 50, 0, request, A, REQUEST_OP_RECEIVE, BACK, 16),
        EVENT_AT(t + 60, 0, park, BACK, A, 0),
        EVENT_AT(t + 100, 1, run, B),
        ENTER(t + 100, 1),
        EVENT_AT(t + 110, 1, request, B, REQUEST_OP_RECEIVE, THERE, 16),
        EVENT_AT(t + 200, 1, take, THERE, B, 16 * round, 16 * (round + 1)),
        EVENT_AT(t + 210, 1, complete, B, 16),
        LEAVE(t + 250, 1),
        ENTER(t + 350, 1),
        EVENT_AT(t + 360, 1, request, B, REQUEST_OP_SEND, BACK, 16),
        EVENT_AT(t + 400, EVENT_SOURCE_BUS, bus_tenure, 1, REQUEST_READ, 0x80000000, t + 410),
        EVENT_AT(t + 420, 1, put, BACK, B, 16 * (round + 1), PUT_DONE_AWAITED),
        EVENT_AT(t + 425, 1, complete, B, 16),
        EVENT_AT(t + 430, 1, take, BACK, A, 16 * round, 16 * (round + 1)),
        EVENT_AT(t + 440, 1, complete, A, 16),
        EVENT_AT(t + 450, 1, enqueue, LIST, A),
        EVENT_AT(t + 500, 0, dequeue, LIST, A),
        LEAVE(t + 510, 1),
        LEAVE(t + 600, 0),
    };
    memcpy(events, script, sizeof script);
    return COUNT(script);
}

#define ROUNDS 5

static size_t ping_pong(struct event *events)
{
    static const struct event list = EVENT_AT(0, 0, list, LIST, LIST_COMPUTATION, 0);
    size_t count = 0;
    events[count++] = list;
    for (uint64_t round = 0; round < ROUNDS; round++)
        count += add_round(events + count, round);
    return count;
}

static const cJSON *member(const cJSON *json, const char *path)
{
    char copy[64];
    snprintf(copy, sizeof copy, "%s", path);
    for (char *name = strtok(copy, "/"); name; name = strtok(NULL, "/")) {
        json = cJSON_IsArray(json) ? cJSON_GetArrayItem(json, atoi(name))
                                   : cJSON_GetObjectItemCaseSensitive(json, name);
        if (!json)
            fail_msg("%s: no %s", path, name);
    }
    return json;
}

static void assert_number(const cJSON *json, const char *path, double value)
{
    double found = member(json, path)->valuedouble;
    if (found < value - 1e-9 || found > value + 1e-9)
        fail_msg("%s is %g, not %g", path, found, value);
}

/* Two of ten messages are warm-up, four are measured: rounds 1 and 2, from the end of round 0 to that of round 2. */
static void measures_the_window(void **state)
{
    (void)state;
    static struct event events[ROUNDS * 32];
    size_t count = ping_pong(events);
    struct observer *observer = observer_create(&view);
    struct stream *stream = stream_create();
    assert_true(stream_add_fold(stream, observer_fold(observer)));
    for (size_t i = 0; i < count; i++)
        probe_emit(stream_probe(stream), events[i].cycle, events[i].kind, events[i].source,
                   events[i].arg[0], events[i].arg[1], events[i].arg[2], events[i].arg[3]);
    stream_finish(stream, ROUND * (ROUNDS + 1));
    observer_counter(observer, "hart.0.user_cycles", "cycles", "", 2 * ROUND);
    char *text = observer_report(observer, stream, ROUND * (ROUNDS + 1), 1);
    cJSON *json = cJSON_Parse(text);
    assert_non_null(json);
    assert_string_equal(member(json, "machine")->valuestring, "uniprocessor");
    assert_true(cJSON_IsTrue(member(json, "window/complete")));
    assert_number(json, "window/begin_cycle", 1600);
    assert_number(json, "window/end_cycle", 3600);
    assert_number(json, "messages/measured", 4);
    assert_number(json, "messages/delivered", 10);
    assert_number(json, "messages/in_flight", 0);
    assert_number(json, "messages/bytes", 64);
    assert_number(json, "one_way/mean", 250);
    assert_number(json, "one_way/p99", 250);
    assert_number(json, "round_trip/count", 2);
    assert_number(json, "round_trip/median", 600);
    assert_number(json, "throughput/messages_per_second", 2e6);
    assert_number(json, "throughput/bytes_per_cycle", 0.032);
    assert_number(json, "bus/requests_per_message", 0.5);
    assert_number(json, "bus/bytes_per_message", 32);
    assert_number(json, "occupancy/bus/message", 0.01);
    assert_number(json, "occupancy/bus/kinds/read", 0.01);
    /* per round: 0..20 and 500..600 for messages, of the whole 22 and so on for the kernel */
    assert_number(json, "occupancy/harts/0/message", 0.12);
    assert_number(json, "counters/hart.0.user_cycles", 2 * ROUND);
    double sum = 0, latency = 0;
    for (const cJSON *i = member(json, "occupancy/harts/1/activities")->child; i; i = i->next)
        sum += i->valuedouble;
    assert_true(sum > 1 - 1e-9 && sum < 1 + 1e-9);
    for (const cJSON *i = member(json, "latency")->child; i; i = i->next)
        latency += i->valuedouble;
    assert_true(latency == 250);
    assert_number(json, "check/violations", 0);
    assert_non_null(strstr(member(json, "check/complaint")->valuestring, "occupancy: hart 0"));
    cJSON_Delete(json);
    free(text);
    observer_destroy(observer);
    stream_destroy(stream);
}

/* --- the checker --- */

/* The ping-pong with one thing changed; the words the checker must find for it. */
struct mistake {
    const char *words;
    enum event_kind kind; /* the first event of this kind ... */
    uint64_t cb;          /* ... with this second (of complete: first) argument */
    unsigned argument;
    uint64_t value; /* gets this argument, or becomes nothing */
    unsigned skip;  /* so many others like it come first */
};

#define REMOVE 9

static const struct mistake mistakes[] = {
    {"doubled: bytes [0, 32) leave", EVENT_take, B, 2, 0, 1},
    {"lost: the call of task 0xb000 returns 16 bytes and moved 8", EVENT_take, B, 3, 8},
    {"cause: bytes [0, 32)", EVENT_take, B, 3, 32},
    {"lost: bytes [4, 16)", EVENT_take, B, 2, 4},
    {"stranger: task 0xa000 takes from", EVENT_take, B, 1, A},
    {"stranger: task 0xb000 takes from object 0x9800", EVENT_take, B, 0, BACK},
    {"stranger: task 0xa000 puts into object 0x9800", EVENT_put, A, 0, BACK},
    {"lost: the call of task 0xa000 returns 16 bytes and moved 0", EVENT_put, A, REMOVE, 0},
    {"cause: control block 0xa000 comes off list 0x7000", EVENT_enqueue, A, REMOVE, 0},
    {"doubled: control block 0xa000 is enqueued", EVENT_dequeue, A, REMOVE, 0},
    {"doubled: task 0xa000 calls again", EVENT_complete, 16, REMOVE, 0},
    {"doubled: object 0x9000 is put to 0 again", EVENT_put, A, 2, 0},
};

static void inject(struct event *events, size_t count, const struct mistake *mistake)
{
    unsigned skip = mistake->skip;
    for (size_t i = 0; i < count; i++) {
        if (events[i].kind != mistake->kind || events[i].arg[1] != mistake->cb || skip-- > 0)
            continue;
        if (mistake->argument == REMOVE)
            events[i].kind = EVENT_task;
        else
            events[i].arg[mistake->argument] = mistake->value;
        return;
    }
    fail_msg("%s: no such event", mistake->words);
}

static void check(const struct event *events, size_t count, char *first)
{
    struct messages *messages = messages_create(&view);
    struct checker *checker = checker_create(messages);
    for (size_t i = 0; i < count; i++) {
        messages_event(messages, &events[i]);
        checker_event(checker, &events[i]);
    }
    strcpy(first, checker_first(checker));
    checker_destroy(checker);
    messages_destroy(messages);
}

static void finds_each_mistake(void **state)
{
    (void)state;
    static struct event good[ROUNDS * 32], bad[ROUNDS * 32];
    char first[256];
    size_t count = ping_pong(good);
    check(good, count, first);
    assert_string_equal(first, "");
    for (size_t i = 0; i < COUNT(mistakes); i++) {
        memcpy(bad, good, sizeof bad);
        inject(bad, count, &mistakes[i]);
        check(bad, count, first);
        print_message("%s\n", first);
        if (!strstr(first, mistakes[i].words))
            fail_msg("\"%s\" is not \"%s\"", first, mistakes[i].words);
    }
}

static void finds_a_list_out_of_order(void **state)
{
    (void)state;
    static const struct event events[] = {
        EVENT_AT(0, 0, list, LIST, LIST_COMMUNICATION, 1),
        EVENT_AT(1, 0, smart_enqueue, LIST, A),
        EVENT_AT(2, 0, smart_enqueue, LIST, B),
        EVENT_AT(3, 1, smart_first, LIST, B),
    };
    char first[256];
    check(events, COUNT(events), first);
    assert_string_equal(
        first, "cycle 3: reordered: control block 0xb000 comes off list 0x7000 and was not first");
}

/* Any events in any order: no crash, whatever is reported. */
static void survives_nonsense(void **state)
{
    (void)state;
    struct observer *observer = observer_create(&view);
    struct stream *stream = stream_create();
    stream_add_fold(stream, observer_fold(observer));
    cycle_t cycle = 0;
    srand(11);
    for (unsigned i = 0; i < 200000; i++) {
        uint64_t arg[4];
        cycle += (cycle_t)(rand() % 3);
        for (unsigned j = 0; j < 4; j++)
            arg[j] = (uint64_t)(rand() % 20 ? rand() % 6 : -rand());
        probe_emit(stream_probe(stream), cycle, (enum event_kind)(rand() % (EVENT_COUNT + 2)),
                   (unsigned)rand() % 70, arg[0], arg[1], arg[2], arg[3]);
        if (i % 100 == 0)
            stream_advance(stream, cycle);
    }
    stream_finish(stream, cycle);
    char *text = observer_report(observer, stream, cycle, 0);
    assert_non_null(text);
    assert_string_not_equal(observer_complaint(observer), "");
    free(text);
    observer_destroy(observer);
    stream_destroy(stream);
}

/* A window that begins before timing does is marked. */
static void untimed_windows_are_marked(void **state)
{
    (void)state;
    for (uint64_t untimed = 0; untimed < 3; untimed++) {
        const struct machine_view alone = {.hart_count = 1};
        struct observer *observer = observer_create(&alone);
        struct stream *stream = stream_create();
        assert_true(stream_add_fold(stream, observer_fold(observer)));
        stream_finish(stream, 2);
        observer_counter(observer, "hart.0.sleep_cycles", "cycles", "", 2);
        observer_counter(observer, "machine.untimed_cycles", "cycles", "", untimed);
        char *text = observer_report(observer, stream, 2, 0);
        cJSON *json = cJSON_Parse(text);
        assert_int_equal(cJSON_IsTrue(member(json, "window/timed")), untimed == 0);
        assert_int_equal(strstr(observer_complaint(observer), "timing: ") != NULL, untimed != 0);
        cJSON_Delete(json);
        free(text);
        observer_destroy(observer);
        stream_destroy(stream);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cycle_has_an_owner),   cmocka_unit_test(readings_do_not_change),
        cmocka_unit_test(untimed_windows_are_marked), cmocka_unit_test(measures_the_window),
        cmocka_unit_test(finds_each_mistake),         cmocka_unit_test(finds_a_list_out_of_order),
        cmocka_unit_test(survives_nonsense),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
