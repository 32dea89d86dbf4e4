/* SPDX-License-Identifier: Apache-2.0 */
/* The accounting of whole runs, on the built simulator:
 *   - a smart enqueue that costs k cycles more adds k to `queue` for each enqueue on a message's path, and to no other activity but
 *     waiting;
 *   - at quantum 1, the default and 1000, on every machine, no event of a message precedes its cause, nothing is lost, doubled
 *     or given to a stranger, and the ledgers agree with the models' own counters;
 *   - a kernel without probes runs in the same number of cycles.
 * Skipped where the simulator, named by MISSIVE_SIMULATOR, is not built. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "observe/messages.h"
#include "observe/trace.h"
#include "study/jobs.h"

#define MAX_WORDS 24
#define SETTLED 40 /* messages after which caches hold all they will */

static char folder[] = "/tmp/test_accounting_XXXXXX";
static char stats_path[64], trace_path[64], stderr_path[64];

/* Runs pipe-pingpong with these settings (NULL-terminated), leaving statistics and trace. */
static void simulate(const char *machine, const char *const *settings)
{
    const char *words[MAX_WORDS] = {
        getenv("MISSIVE_SIMULATOR"),
        "run",
        "pipe-pingpong",
        "--machine",
        machine,
        "--stats",
        stats_path,
        "--trace",
        trace_path,
        "--timeout",
        "120",
    };
    size_t count = 11;
    for (; *settings && count + 3 < MAX_WORDS; settings++) {
        words[count++] = "--set";
        words[count++] = *settings;
    }
    struct job job = {.arguments = (char **)(uintptr_t)words, .stderr_path = stderr_path};
    struct problem problem;
    if (!jobs_run(&job, 1, 1, NULL, NULL, &problem))
        fail_msg("%s", problem.text);
    if (job.status)
        fail_msg("the run on %s ended with status %d", machine, job.status);
}

static int setup(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(stats_path, sizeof stats_path, "%s/stats.json", folder);
    snprintf(trace_path, sizeof trace_path, "%s/trace", folder);
    snprintf(stderr_path, sizeof stderr_path, "%s/stderr", folder);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    unlink(stats_path);
    unlink(trace_path);
    unlink(stderr_path);
    return rmdir(folder);
}

static cJSON *statistics(void)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = fopen(stats_path, "r");
    assert_non_null(file);
    assert_true(getdelim(&text, &size, 0, file) > 0);
    fclose(file);
    cJSON *json = cJSON_Parse(text);
    assert_non_null(json);
    free(text);
    return json;
}

static const cJSON *member(const cJSON *json, const char *object, const char *name)
{
    const cJSON *item =
        cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(json, object), name);
    assert_non_null(item);
    return item;
}

/* --- a dearer enqueue --- */

struct sums {
    uint64_t messages, enqueues; /* smart enqueues that moved a message, or the call it waits for */
    cycle_t charged[ACTIVITY_COUNT];
};

static void add_message(void *owner, const struct message *message)
{
    struct sums *sums = owner;
    if (message->end != MESSAGE_DELIVERED || message->number <= SETTLED)
        return;
    sums->messages++;
    for (unsigned i = 0; i < ACTIVITY_COUNT; i++)
        sums->charged[i] += message->charged[i];
}

/* Messages that this enqueue has just put on its list. */
static uint64_t moved(const struct messages *messages, const struct event *event)
{
    uint64_t count = 0;
    for (size_t i = 0; i < messages_in_flight(messages); i++) {
        const struct message *message = messages_at(messages, i);
        uint64_t bound_to = message->receiver ? message->receiver : message->sender;
        count += message->number > SETTLED && bound_to == event->arg[1] &&
                 message->carrier.kind == CARRIER_LIST && message->carrier.id == event->arg[0];
    }
    return count;
}

/* Messages in an object whose receive call is in the communication list. */
static uint64_t waiting_for_a_call(const struct messages *messages)
{
    uint64_t count = 0;
    for (size_t i = 0; i < messages_in_flight(messages); i++) {
        const struct message *message = messages_at(messages, i);
        count += message->number > SETTLED && message->carrier.kind == CARRIER_OBJECT &&
                 message->activity == ACTIVITY_coprocessor;
    }
    return count;
}

static struct sums sum_up(void)
{
    char error[TRACE_ERROR_BYTES];
    struct sums sums = {0};
    struct event event;
    struct trace_reader *reader = trace_open(trace_path, error);
    assert_non_null(reader);
    struct messages *messages = messages_create(trace_view(reader));
    messages_on_end(messages, add_message, &sums);
    while (trace_next(reader, &event, error) == TRACE_EVENT) {
        uint64_t before = event.kind == EVENT_smart_enqueue ? waiting_for_a_call(messages) : 0;
        messages_event(messages, &event);
        if (event.kind == EVENT_smart_enqueue)
            sums.enqueues += moved(messages, &event) + waiting_for_a_call(messages) - before;
    }
    assert_int_equal(messages_in_flight(messages), 0);
    messages_destroy(messages);
    trace_reader_destroy(reader);
    return sums;
}

static bool is_waiting(enum activity activity)
{
    static const enum activity waiting[] = {
        ACTIVITY_schedule,    ACTIVITY_preempted, ACTIVITY_lock,    ACTIVITY_bus,  ACTIVITY_memory,
        ACTIVITY_coprocessor, ACTIVITY_buffered,  ACTIVITY_blocked, ACTIVITY_skew,
    };
    for (size_t i = 0; i < sizeof waiting / sizeof *waiting; i++)
        if (waiting[i] == activity)
            return true;
    return false;
}

/* `schedule` is waiting for a host and a host's own work of scheduling; only a message's work must stay the same. */
static void a_dearer_enqueue_shows_in_queue(void **state)
{
    (void)state;
    static const char *const cheap[] = {"message_bytes=8", "smart_bus.enqueue_cycles=4",
                                        "dram.jitter_cycles=0", NULL};
    static const char *const dear[] = {"message_bytes=8", "smart_bus.enqueue_cycles=64",
                                       "dram.jitter_cycles=0", NULL};
    simulate("smart-bus", cheap);
    struct sums before = sum_up();
    simulate("smart-bus", dear);
    struct sums after = sum_up();
    assert_true(before.messages > 100);
    assert_true(before.enqueues >= before.messages);
    assert_int_equal(after.messages, before.messages);
    assert_int_equal(after.enqueues, before.enqueues);
    assert_int_equal(after.charged[ACTIVITY_queue] - before.charged[ACTIVITY_queue],
                     60 * before.enqueues);
    for (enum activity i = 0; i < ACTIVITY_COUNT; i++) {
        if (i == ACTIVITY_queue || is_waiting(i))
            continue;
        if (after.charged[i] != before.charged[i])
            print_error("activity %d\n", (int)i);
        assert_int_equal(after.charged[i], before.charged[i]);
    }
}

/* --- causes before effects, at any quantum --- */

static void nothing_precedes_its_cause(void **state)
{
    (void)state;
    static const char *const machines[] = {"uniprocessor", "message-coprocessor", "smart-bus",
                                           "multicore"};
    static const char *const quanta[] = {"machine.quantum_cycles=1", "machine.quantum_cycles=20",
                                         "machine.quantum_cycles=1000"};
    for (size_t i = 0; i < sizeof machines / sizeof *machines; i++)
        for (size_t j = 0; j < sizeof quanta / sizeof *quanta; j++) {
            const char *const settings[] = {"message_bytes=512", "count=20", quanta[j], NULL};
            simulate(machines[i], settings);
            cJSON *json = statistics();
            const char *complaint = member(json, "check", "complaint")->valuestring;
            if (*complaint)
                fail_msg("%s, %s: %s", machines[i], quanta[j], complaint);
            assert_int_equal(member(json, "check", "violations")->valueint, 0);
            assert_int_equal(member(json, "messages", "measured")->valueint, 40);
            assert_int_equal(member(json, "messages", "in_flight")->valueint, 0);
            assert_true(cJSON_IsTrue(member(json, "window", "complete")));
            cJSON_Delete(json);
        }
}

/* --- probes cost nothing --- */

static double cycles_of(const char *kernel, const char *machine)
{
    static const char *const settings[] = {"message_bytes=64", "count=20", NULL};
    setenv("MISSIVE_KERNEL", kernel, 1);
    simulate(machine, settings);
    unsetenv("MISSIVE_KERNEL");
    cJSON *json = statistics();
    double cycles = member(json, "run", "cycles")->valuedouble;
    double measured = member(json, "messages", "measured")->valuedouble;
    assert_true(strstr(kernel, "noprobe") ? measured == 0 : measured > 0);
    cJSON_Delete(json);
    return cycles;
}

static void probes_cost_no_cycle(void **state)
{
    (void)state;
    static const char *const machines[] = {"uniprocessor", "smart-bus"};
    char with[512], without[512];
    const char *kernels = getenv("MISSIVE_KERNELS");
    if (!kernels)
        skip();
    snprintf(with, sizeof with, "%.400s/kernel.elf", kernels);
    snprintf(without, sizeof without, "%.400s/kernel-noprobe.elf", kernels);
    for (size_t i = 0; i < sizeof machines / sizeof *machines; i++)
        assert_int_equal(cycles_of(with, machines[i]), cycles_of(without, machines[i]));
}

int main(void)
{
    const char *simulator = getenv("MISSIVE_SIMULATOR");
    if (!simulator || access(simulator, X_OK)) {
        puts("skipped: MISSIVE_SIMULATOR names no simulator");
        return 77;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_dearer_enqueue_shows_in_queue),
        cmocka_unit_test(nothing_precedes_its_cause),
        cmocka_unit_test(probes_cost_no_cycle),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
