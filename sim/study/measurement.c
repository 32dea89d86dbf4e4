/* SPDX-License-Identifier: Apache-2.0 */
/* See measurement.h. */
#include "study/measurement.h"

#include <stdio.h>
#include <string.h>

#include <cjson/cJSON.h>

struct column_info {
    const char *name, *path;
    int decimals;
};

static const struct column_info columns[COLUMN_COUNT] = {
#define COLUMN(id, path, decimals, doc) {#id, path, decimals},
#include "study/columns.def"
#undef COLUMN
#define ACTIVITY(id, label, doc) {"latency_" #id, "latency/" #id, 1},
#include "base/activity.def"
#undef ACTIVITY
};

const char *column_name(enum column column)
{
    return columns[column].name;
}

int column_decimals(enum column column)
{
    return columns[column].decimals;
}

/* A member of a member, "one_way/mean"; NULL: there is none. */
static const cJSON *find(const cJSON *json, const char *path)
{
    char name[32];
    while (json && *path) {
        size_t length = strcspn(path, "/");
        snprintf(name, sizeof name, "%.*s", (int)length, path);
        json = cJSON_GetObjectItemCaseSensitive(json, name);
        path += length + (path[length] == '/');
    }
    return json;
}

static double number(const cJSON *json, const char *path)
{
    const cJSON *item = find(json, path);
    return cJSON_IsNumber(item) ? item->valuedouble : 0;
}

static double busy(const cJSON *resource)
{
    return number(resource, "message") + number(resource, "kernel") + number(resource, "user");
}

/* Means over the harts of one role. */
static void read_harts(struct measurement *measurement, const cJSON *json)
{
    const cJSON *roles = find(json, "roles"), *harts = find(json, "occupancy/harts");
    double *values = measurement->values;
    measurement->hosts = measurement->coprocessors = 0;
    for (int i = 0; i < cJSON_GetArraySize(harts); i++) {
        const cJSON *hart = cJSON_GetArrayItem(harts, i), *role = cJSON_GetArrayItem(roles, i);
        if (cJSON_IsString(role) && !strcmp(role->valuestring, "coprocessor")) {
            measurement->coprocessors++;
            values[COLUMN_coprocessor_busy] += busy(hart);
            values[COLUMN_coprocessor_message] += number(hart, "message");
        } else {
            measurement->hosts++;
            values[COLUMN_host_busy] += busy(hart);
            values[COLUMN_host_message] += number(hart, "message");
            values[COLUMN_host_kernel] += number(hart, "kernel");
            values[COLUMN_host_user] += number(hart, "user");
        }
    }
    for (enum column i = COLUMN_host_busy; i <= COLUMN_host_user && measurement->hosts; i++)
        values[i] /= measurement->hosts;
    for (enum column i = COLUMN_coprocessor_busy;
         i <= COLUMN_coprocessor_message && measurement->coprocessors; i++)
        values[i] /= measurement->coprocessors;
}

static bool read_columns(struct measurement *measurement, const cJSON *json,
                         struct problem *problem)
{
    for (enum column i = 0; i < COLUMN_COUNT; i++) {
        measurement->values[i] = 0;
        if (!columns[i].path)
            continue;
        if (!cJSON_IsNumber(find(json, columns[i].path)))
            return problem_set(problem, "the run's statistics lack %s", columns[i].path);
        measurement->values[i] = number(json, columns[i].path);
    }
    return true;
}

bool measurement_read(struct measurement *measurement, const char *report, struct problem *problem)
{
    cJSON *json = cJSON_Parse(report);
    if (!json)
        return problem_set(problem, "the run's statistics are no JSON");
    bool good = read_columns(measurement, json, problem);
    read_harts(measurement, json);
    measurement->values[COLUMN_bus_busy] = busy(find(json, "occupancy/bus"));
    measurement->values[COLUMN_memory_busy] = busy(find(json, "occupancy/memory"));
    measurement->complete = cJSON_IsTrue(find(json, "window/complete"));
    const cJSON *complaint = find(json, "check/complaint");
    snprintf(measurement->complaint, sizeof measurement->complaint, "%s",
             cJSON_IsString(complaint) ? complaint->valuestring : "");
    cJSON_Delete(json);
    return good;
}

void measurement_compare(struct measurement *measurement, const struct measurement *base)
{
    static const struct {
        enum column ratio, of;
    } ratios[] = {
        {COLUMN_ratio_one_way, COLUMN_one_way_mean},
        {COLUMN_ratio_round_trip, COLUMN_round_trip_mean},
        {COLUMN_ratio_messages_per_second, COLUMN_messages_per_second},
    };
    for (size_t i = 0; i < sizeof ratios / sizeof *ratios; i++) {
        double divisor = base->values[ratios[i].of];
        measurement->values[ratios[i].ratio] =
            divisor > 0 ? measurement->values[ratios[i].of] / divisor : 0;
    }
}
