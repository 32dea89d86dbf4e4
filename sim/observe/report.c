/* SPDX-License-Identifier: Apache-2.0 */
/* See report.h. */
#include "observe/report.h"

#include <stddef.h>

static const char *const activity_names[] = {
#define ACTIVITY(id, label, doc) #id,
#include "base/activity.def"
#undef ACTIVITY
};

static const char *const owner_names[] = {
#define OWNER(id) #id,
    OCCUPANCY_OWNERS
#undef OWNER
};

static const char *const kind_names[] = {
#define REQUEST_KIND(id, name, doc) name,
#include "base/request_kinds.def"
#undef REQUEST_KIND
};

static double ratio(double value, double of)
{
    return of > 0 ? value / of : 0;
}

static void number(cJSON *object, const char *name, double value)
{
    cJSON_AddNumberToObject(object, name, value);
}

static void add_machine(cJSON *json, const struct machine_view *view)
{
    cJSON_AddStringToObject(json, "machine", view->machine);
    cJSON_AddStringToObject(json, "scenario", view->scenario);
    cJSON_AddStringToObject(json, "mechanism", view->mechanism);
    number(json, "seed", (double)view->seed);
    number(json, "clock_hz", (double)view->clock_hz);
    number(json, "quantum_cycles", (double)view->quantum_cycles);
    number(json, "hardware_state_bits", (double)view->hardware_state_bits);
    cJSON *roles = cJSON_AddArrayToObject(json, "roles");
    for (unsigned i = 0; i < view->hart_count && i < MAP_MAX_HARTS; i++)
        cJSON_AddItemToArray(
            roles, cJSON_CreateString(view->role[i] == ROLE_COPROCESSOR ? "coprocessor" : "host"));
}

static void add_run(cJSON *json, const struct report *report)
{
    cJSON *run = cJSON_AddObjectToObject(json, "run");
    number(run, "cycles", (double)report->cycles);
    number(run, "instructions", (double)report->instructions);
    number(run, "events", (double)report->events);
}

static void add_window(cJSON *json, const struct report *report)
{
    const struct statistics_results *results = report->results;
    cJSON *window = cJSON_AddObjectToObject(json, "window");
    number(window, "warmup_messages", (double)report->view->warmup_messages);
    number(window, "measure_messages", (double)report->view->measure_messages);
    cJSON_AddBoolToObject(window, "complete", results->complete);
    cJSON_AddBoolToObject(window, "timed", report->timed);
    number(window, "begin_cycle", (double)results->begin);
    number(window, "end_cycle", (double)results->end);
    cJSON *messages = cJSON_AddObjectToObject(json, "messages");
    number(messages, "measured", (double)results->one_way.count);
    number(messages, "bytes", (double)results->bytes);
    number(messages, "delivered", (double)results->delivered);
    number(messages, "dropped", (double)results->dropped);
    number(messages, "in_flight", (double)report->in_flight);
}

static void add_summary(cJSON *json, const char *name, const struct summary *summary)
{
    cJSON *object = cJSON_AddObjectToObject(json, name);
    number(object, "count", (double)summary->count);
    number(object, "mean", summary->mean);
    number(object, "min", (double)summary->min);
    number(object, "median", (double)summary->median);
    number(object, "p95", (double)summary->p95);
    number(object, "p99", (double)summary->p99);
    number(object, "max", (double)summary->max);
}

static void add_latency(cJSON *json, const struct statistics_results *results)
{
    cJSON *latency = cJSON_AddObjectToObject(json, "latency");
    for (unsigned i = 0; i < ACTIVITY_COUNT; i++)
        number(latency, activity_names[i],
               ratio((double)results->charged[i], (double)results->one_way.count));
}

static void add_rates(cJSON *json, const struct report *report)
{
    const struct statistics_results *results = report->results;
    double count = (double)results->one_way.count, cycles = (double)(results->end - results->begin);
    cJSON *throughput = cJSON_AddObjectToObject(json, "throughput");
    number(throughput, "messages_per_second",
           ratio(count * (double)report->view->clock_hz, cycles));
    number(throughput, "bytes_per_cycle", ratio((double)results->bytes, cycles));
    cJSON *bus = cJSON_AddObjectToObject(json, "bus");
    number(bus, "requests_per_message", ratio((double)results->occupancy.bus_requests, count));
    number(bus, "words_per_message", ratio((double)results->occupancy.bus_words, count));
    number(bus, "bytes_per_message", ratio((double)results->occupancy.bus_bytes, count));
}

/* Shares of `cycles`, by owner and by column. */
static void add_ledger(cJSON *object, const struct occupancy_ledger *ledger, double cycles,
                       const char *columns_name, const char *const *column_names, unsigned columns)
{
    for (enum owner owner = 0; owner < OWNER_COUNT; owner++)
        number(object, owner_names[owner],
               ratio((double)occupancy_of_owner(ledger, owner), cycles));
    if (!columns)
        return;
    cJSON *by_column = cJSON_AddObjectToObject(object, columns_name);
    for (unsigned i = 0; i < columns; i++) {
        cycle_t sum = 0;
        for (enum owner owner = 0; owner < OWNER_COUNT; owner++)
            if (owner != OWNER_idle || column_names == activity_names)
                sum += ledger->cycles[owner][i];
        number(by_column, column_names[i], ratio((double)sum, cycles));
    }
}

static void add_occupancy(cJSON *json, const struct report *report)
{
    const struct occupancy_totals *totals = &report->results->occupancy;
    double cycles = (double)totals->until;
    cJSON *occupancy = cJSON_AddObjectToObject(json, "occupancy");
    cJSON *harts = cJSON_AddArrayToObject(occupancy, "harts");
    for (unsigned i = 0; i < report->view->hart_count && i < MAP_MAX_HARTS; i++) {
        cJSON *hart = cJSON_CreateObject();
        cJSON_AddItemToArray(harts, hart);
        add_ledger(hart, &totals->harts[i], cycles, "activities", activity_names, ACTIVITY_COUNT);
    }
    cJSON *bus = cJSON_AddObjectToObject(occupancy, "bus");
    add_ledger(bus, &totals->bus, cycles, "kinds", kind_names, REQUEST_KIND_COUNT);
    add_ledger(cJSON_AddObjectToObject(occupancy, "memory"), &totals->memory, cycles, NULL, NULL,
               0);
}

static void add_check(cJSON *json, const struct report *report)
{
    cJSON *check = cJSON_AddObjectToObject(json, "check");
    number(check, "violations", (double)report->violations);
    cJSON_AddStringToObject(check, "complaint", report->complaint);
}

char *report_text(const struct report *report)
{
    cJSON *json = cJSON_CreateObject();
    if (!json)
        return NULL;
    add_machine(json, report->view);
    add_run(json, report);
    add_window(json, report);
    add_summary(json, "one_way", &report->results->one_way);
    add_summary(json, "round_trip", &report->results->round_trip);
    add_latency(json, report->results);
    add_rates(json, report);
    add_occupancy(json, report);
    add_check(json, report);
    cJSON *counters = cJSON_Duplicate(report->counters, true);
    if (counters)
        cJSON_AddItemToObject(json, "counters", counters);
    char *text = cJSON_Print(json);
    cJSON_Delete(json);
    return text;
}
