/* SPDX-License-Identifier: Apache-2.0 */
/* Scenario files (what runs) and machine files (what it runs on), read from YAML and checked.
 *
 * A scenario file, workloads/scenarios/NAME.yaml:
 *
 *   doc: one line that says what it does          # required
 *   program: pipe-pingpong                        # required: of workloads/programs; or a path (with a '/') from this file on
 *   arguments: [--bytes, "${message_bytes}"]      # templates; each becomes one argument
 *   machine: uniprocessor                         # if the user names none; without this, uniprocessor
 *   keys:                                         # what `--set KEY=VALUE` may set, besides parameters
 *     message_bytes: {default: [8, 64], min: 1, max: 65536, unit: bytes, doc: size of a message}
 *     hosts: {parameter: machine.hosts}           # a short name of a parameter: unit, range and doc are the parameter's
 *     file: {guest_path: /input, doc: the file to send}      # a file of the host's; the guest sees it as /input
 *   window: {warmup_messages: "${warmup} * 2", measure_messages: "${count} * 2"}      # 0 measured, or none said: all
 *   parameters: {machine.ram_mib: 64}             # of parameters.def; stronger than the machine file's
 *
 * Keys. `default` is a value or a list: `run` takes the first of a list, `compare` makes a row of each; so does
 * `--set KEY=8,64`. A key with `parameter` and no default leaves the machine's own value. A key without a default that is
 * no parameter must be set by the user. A default file is relative to the scenario file.
 *
 * Templates. ${key} is the key's value (of a file its guest path), ${group.name} a parameter's. Window and parameters may be
 * sums and products of numbers and templates: "${count} * 2 + 1".
 *
 * A machine file, workloads/machines/NAME.yaml:
 *
 *   doc: one line                                 # required
 *   reconstruction: true                          # of a machine known only from its paper's abstract
 *   parameters: {machine.mechanism: smart-bus, machine.coprocessors: 1}
 *
 * Weakest first: parameters.def, machine file, scenario's parameters, keys, `--set`; of two `--set` the last. */
#ifndef MISSIVE_SCENARIO_SCENARIO_H
#define MISSIVE_SCENARIO_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scenario/parameters.h"
#include "scenario/problem.h"

#define SCENARIO_NAME_SIZE 32
#define SCENARIO_MAX_KEYS 64
#define SCENARIO_MAX_VALUES 32
#define SCENARIO_MAX_ARGUMENTS 256

enum key_kind { KEY_NUMBER, KEY_PARAMETER, KEY_FILE };

struct scenario_key {
    const char *name, *doc, *unit;
    enum key_kind kind;
    const struct parameter *parameter;       /* KEY_PARAMETER */
    const char *guest_path;                  /* KEY_FILE */
    uint64_t min, max;                       /* of a number, KEY_NUMBER or KEY_PARAMETER */
    size_t value_count;                      /* 0: unset */
    const char *values[SCENARIO_MAX_VALUES]; /* checked; as text, also numbers */
    bool set_by_user;
};

struct scenario; /* owned by whoever loaded it */

/* `name` is a scenario's name, or a path (it has a '/' or ends in .yaml). NULL: `problem` says why.
 */
struct scenario *scenario_load(const char *name, struct problem *problem);
/* The same from memory; `path` is for messages and relative paths. */
struct scenario *scenario_parse(const char *path, const char *text, size_t size_bytes,
                                struct problem *problem);
void scenario_free(struct scenario *scenario);

const char *scenario_name(const struct scenario *scenario);
const char *scenario_doc(const struct scenario *scenario);
size_t scenario_key_count(const struct scenario *scenario);
const struct scenario_key *scenario_key(const struct scenario *scenario, size_t index);

/* `KEY=VALUE` or `KEY=V1,V2`, as --set gives it. A parameter is a key as well: of the file's own name for it, or, from
 * now on, one of the name `group.name`. */
bool scenario_set(struct scenario *scenario, const char *assignment, struct problem *problem);
/* A machine's name or path; instead of the scenario's own. Checked by scenario_plan. */
void scenario_set_machine(struct scenario *scenario, const char *machine);

/* Everything one run needs, with the first value of each key. All pointers stay the scenario's. */
struct run_file {
    const char *host_path, *guest_path;
};
struct run_plan {
    char scenario[SCENARIO_NAME_SIZE], machine[SCENARIO_NAME_SIZE];
    bool reconstruction;
    struct parameters parameters;
    const char *program; /* host path; also argv[0]'s base name in the guest */
    size_t argument_count;
    const char *const *arguments; /* without argv[0] */
    size_t file_count;
    struct run_file files[SCENARIO_MAX_KEYS];
    uint64_t warmup_messages, measure_messages;
};
bool scenario_plan(struct scenario *scenario, struct run_plan *plan, struct problem *problem);

#endif
