/* SPDX-License-Identifier: Apache-2.0 */
/* Scenario and machine files: what is right is read, and each mistake gets its own line, with its place. */
#include "scenario/scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "scenario/machine.h"
#include "scenario/paths.h"

/* The head every case begins with; its mistakes are therefore on line 3 and after. */
#define HEAD "doc: a test\nprogram: hello\n"

static struct scenario *parse(const char *text, struct problem *problem)
{
    *problem = (struct problem){""};
    return scenario_parse("t.yaml", text, strlen(text), problem);
}

static const struct {
    const char *text, *problem;
} bad_scenarios[] = {
    {"", "t.yaml:1:1: empty; a mapping is expected"},
    {"just text\n", "t.yaml:1:1: a scenario: a mapping (name: value) is expected"},
    {"doc: x\n", "t.yaml:1:1: a scenario needs 'program'"},
    {"program: x\n", "t.yaml:1:1: a scenario needs 'doc'"},
    {"doc: [a]\nprogram: x\n", "t.yaml:1:6: doc: a plain value is expected"},
    {"doc: a\nprogram: ''\n", "t.yaml:2:10: program: a name is expected"},
    {HEAD "argumenst: [a]\n",
     "t.yaml:3:1: a scenario has no 'argumenst'; did you mean 'arguments'?"},
    {HEAD "zzzzzzzzzzzz: 1\n",
     "t.yaml:3:1: a scenario has no 'zzzzzzzzzzzz'; valid: doc, program, arguments, "
     "machine, keys, window, parameters"},
    {HEAD "doc: again\n", "t.yaml:3:1: 'doc' is given twice"},
    {HEAD "arguments: {a: b}\n", "t.yaml:3:12: arguments: a value or a list [a, b] is expected"},
    {HEAD "arguments: [[a]]\n", "t.yaml:3:13: arguments: a plain value is expected"},
    {HEAD "arguments: ['${count']\n",
     "t.yaml:3:13: '${count': a '$' begins ${name}, or is written $$"},
    {HEAD "arguments: ['${count}']\n",
     "t.yaml:3:13: ${count}: there is no key or parameter of this name"},
    {HEAD "keys: {count: {default: 1}}\narguments: ['${cuont}']\n",
     "t.yaml:4:13: ${cuont}: there is no key or parameter of this name; did you mean 'count'?"},
    {HEAD "keys: [a]\n", "t.yaml:3:7: keys: a mapping (name: value) is expected"},
    {HEAD "keys:\n  Count: {default: 1}\n",
     "t.yaml:4:3: key 'Count': small letters, digits and _ make a name"},
    {HEAD "keys:\n  count: 1\n", "t.yaml:4:10: key 'count': a mapping (name: value) is expected"},
    {HEAD "keys:\n  count: {defualt: 1}\n",
     "t.yaml:4:11: key 'count' has no 'defualt'; did you mean 'default'?"},
    {HEAD "keys:\n  count: {default: many}\n",
     "t.yaml:4:20: count: 'many' is not a whole number from 0 to 18446744073709551615 (number)"},
    {HEAD "keys:\n  count: {default: [1, 9], max: 8}\n",
     "t.yaml:4:24: count: '9' is not a whole number from 0 to 8 (number)"},
    {HEAD "keys:\n  count: {min: -1}\n", "t.yaml:4:16: min: '-1' is not a whole number"},
    {HEAD "keys:\n  hosts: {parameter: machine.host}\n",
     "t.yaml:4:22: there is no parameter 'machine.host'; did you mean 'machine.hosts'?"},
    {HEAD "keys:\n  hosts: {parameter: machine.hosts, default: 99}\n",
     "t.yaml:4:46: machine.hosts: '99' is not a whole number from 1 to 64 (harts)"},
    {HEAD "keys:\n  f: {guest_path: input}\n", "t.yaml:4:19: guest_path: begins with a '/'"},
    {HEAD "keys:\n  f: {guest_path: /i, parameter: machine.hosts}\n",
     "t.yaml:4:6: key 'f': 'parameter' or 'guest_path', not both"},
    {HEAD "window: {warmup_mesages: 1}\n",
     "t.yaml:3:10: window has no 'warmup_mesages'; did you mean 'warmup_messages'?"},
    {HEAD "window: {warmup_messages: 2 - 1}\n",
     "t.yaml:3:27: '2 - 1' is no number, nor a sum of products of numbers such as 2 * 3 + 1"},
    {HEAD "window: {warmup_messages: 18446744073709551615 * 2}\n",
     "t.yaml:3:27: '18446744073709551615 * 2' is no number, nor a sum of products of numbers such "
     "as 2 * 3 + 1"},
    {HEAD "parameters: {bus.word_byte: 8}\n",
     "t.yaml:3:14: there is no parameter 'bus.word_byte'; did you mean 'bus.word_bytes'?"},
    {HEAD "keys: {a: {default: 1}\n",
     "t.yaml:4:1: broken YAML: did not find expected ',' or '}' while parsing a flow "
     "mapping"},
    {HEAD "\tx: 1\n", "t.yaml:3:1: broken YAML: found a tab character that violates indentation "
                      "while scanning a plain scalar"},
    {HEAD "machine: *nobody\n", "t.yaml:3:10: broken YAML: found undefined alias"},
    {HEAD "---\ndoc: b\n", "t.yaml:3:1: a second document; one is expected"},
    {"doc: a\x01\nprogram: b\n", "t.yaml:1:7: broken YAML: control characters are not allowed"},
    {"doc: \"a\\0b\"\nprogram: b\n", "t.yaml:1:6: doc: a plain value is expected"},
    {"? [a]\n: b\n", "t.yaml:1:3: a scenario: a plain value is expected"},
};

static void bad_scenario_is_named_with_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad_scenarios / sizeof *bad_scenarios; i++) {
        struct problem problem;
        struct scenario *scenario = parse(bad_scenarios[i].text, &problem);
        if (scenario || strcmp(problem.text, bad_scenarios[i].problem))
            fail_msg("case %zu\n got      %s\n expected %s", i, problem.text,
                     bad_scenarios[i].problem);
    }
}

static const struct {
    const char *text, *problem;
} bad_machines[] = {
    {"doc: x\n", "m.yaml:1:1: a machine needs 'parameters'"},
    {"doc: x\nparameters: {machine.hosts: 0}\n",
     "m.yaml:2:29: machine.hosts: '0' is not a whole number from 1 to 64 (harts)"},
    {"doc: x\nparameters: {machine.mechanism: smart}\n",
     "m.yaml:2:33: machine.mechanism: there is no 'smart'; valid: "
     "software, smart-bus"},
    {"doc: x\nparameters: {machine.mechanism: smart-bsu}\n",
     "m.yaml:2:33: machine.mechanism: there is no 'smart-bsu'; did you mean 'smart-bus'?"},
    {"doc: x\nparameters: {cache.l1d_bytes: 3000}\n",
     "m.yaml:2:31: cache.l1d_bytes: '3000' is not a power of two from 1024 to 262144 (bytes)"},
    {"doc: x\nparameters: {bus.beat_cycles: [1]}\n",
     "m.yaml:2:31: bus.beat_cycles: a plain value is expected"},
    {"doc: x\nreconstruction: maybe\nparameters: {}\n",
     "m.yaml:2:17: reconstruction: true or false is expected, not 'maybe'"},
    {"doc: x\nparameters: {machine.hosts: 1, machine.hosts: 2}\n",
     "m.yaml:2:32: 'machine.hosts' is given twice"},
};

static void bad_machine_is_named_with_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad_machines / sizeof *bad_machines; i++) {
        struct problem problem = {""};
        struct parameters parameters;
        struct machine_info info;
        const char *text = bad_machines[i].text;
        parameters_default(&parameters);
        if (machine_parse("m.yaml", text, strlen(text), &info, &parameters, &problem) ||
            strcmp(problem.text, bad_machines[i].problem))
            fail_msg("case %zu\n got      %s\n expected %s", i, problem.text,
                     bad_machines[i].problem);
    }
}

/* Any readable file will do as a plan's program. */
static const char good[] =
    "doc: a test\n"
    "program: /etc/passwd\n"
    "machine: message-coprocessor\n"
    "arguments: [-n, \"${count}\", '$$${machine.hosts}/${hosts}', '${file}']\n"
    "keys:\n"
    "  count: {default: [3, 5], min: 1, max: 9999, unit: things, doc: how many}\n"
    "  hosts: {parameter: machine.hosts}\n"
    "  file: {guest_path: /in, default: /etc/passwd}\n"
    "window: {warmup_messages: '${count} * 2 + 1', measure_messages: 7}\n"
    "parameters: {machine.ram_mib: '16 * ${count}', bus.word_bytes: 16}\n";

static struct scenario *parse_good(void)
{
    struct problem problem;
    struct scenario *scenario = parse(good, &problem);
    assert_string_equal(problem.text, "");
    assert_non_null(scenario);
    return scenario;
}

static void plan_has_defaults_machine_parameters_and_window(void **state)
{
    (void)state;
    struct problem problem = {""};
    struct run_plan plan;
    struct scenario *scenario = parse_good();
    if (!scenario_plan(scenario, &plan, &problem))
        fail_msg("%s", problem.text);
    assert_string_equal(plan.scenario, "t");
    assert_string_equal(plan.machine, "message-coprocessor");
    assert_true(plan.reconstruction);
    assert_int_equal(plan.parameters.machine_coprocessors, 1);
    assert_int_equal(plan.parameters.machine_ram_mib, 48);
    assert_int_equal(plan.parameters.bus_word_bytes, 16);
    assert_int_equal(plan.warmup_messages, 7);
    assert_int_equal(plan.measure_messages, 7);
    assert_int_equal(plan.argument_count, 4);
    assert_string_equal(plan.arguments[1], "3");
    assert_string_equal(plan.arguments[2], "$1/1");
    assert_string_equal(plan.arguments[3], "/in");
    assert_int_equal(plan.file_count, 1);
    assert_string_equal(plan.files[0].host_path, "/etc/passwd");
    scenario_free(scenario);
}

static void settings_are_stronger_the_later_they_come(void **state)
{
    (void)state;
    struct problem problem = {""};
    struct run_plan plan;
    struct scenario *scenario = parse_good();
    const char *const sets[] = {"count=2", "hosts=2", "bus.word_bytes=32", "bus.word_bytes=64",
                                "machine.ram_mib=99"};
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        assert_true(scenario_set(scenario, sets[i], &problem));
    scenario_set_machine(scenario, "multicore");
    if (!scenario_plan(scenario, &plan, &problem))
        fail_msg("%s", problem.text);
    assert_string_equal(plan.machine, "multicore");
    assert_string_equal(plan.arguments[1], "2");
    assert_string_equal(plan.arguments[2], "$2/2");
    assert_int_equal(plan.parameters.machine_hosts, 2); /* the machine file says 4 */
    assert_int_equal(plan.parameters.bus_word_bytes, 64);
    assert_int_equal(plan.parameters.machine_ram_mib, 99);
    assert_int_equal(plan.warmup_messages, 5);
    scenario_free(scenario);
}

static void parameter_is_the_same_by_both_its_names(void **state)
{
    (void)state;
    struct problem problem = {""};
    struct run_plan plan;
    struct scenario *scenario = parse_good();
    size_t keys = scenario_key_count(scenario);
    assert_true(scenario_set(scenario, "machine.hosts=3", &problem));
    assert_int_equal(scenario_key_count(scenario), keys); /* the file's `hosts` */
    assert_true(scenario_set(scenario, "hosts=2", &problem));
    assert_true(scenario_set(scenario, "dram.latency_cycles=7,9", &problem));
    assert_int_equal(scenario_key_count(scenario), keys + 1);
    assert_string_equal(scenario_key(scenario, keys)->name, "dram.latency_cycles");
    assert_string_equal(scenario_key(scenario, keys)->values[1], "9");
    assert_true(scenario_plan(scenario, &plan, &problem));
    assert_int_equal(plan.parameters.machine_hosts, 2);
    assert_int_equal(plan.parameters.dram_latency_cycles, 7);
    scenario_free(scenario);
}

static void machine_keeps_its_hosts_if_nobody_sets_them(void **state)
{
    (void)state;
    struct problem problem = {""};
    struct run_plan plan;
    struct scenario *scenario = parse_good();
    scenario_set_machine(scenario, "multicore");
    assert_true(scenario_plan(scenario, &plan, &problem));
    assert_int_equal(plan.parameters.machine_hosts, 4);
    scenario_free(scenario);
}

static void list_of_values_is_checked_one_by_one(void **state)
{
    (void)state;
    struct problem problem = {""};
    struct scenario *scenario = parse_good();
    assert_true(scenario_set(scenario, "count=1,4,9", &problem));
    assert_int_equal(scenario_key(scenario, 0)->value_count, 3);
    assert_string_equal(scenario_key(scenario, 0)->values[2], "9");
    assert_true(scenario_key(scenario, 0)->set_by_user);
    assert_true(scenario_set(scenario, "file=a,b", &problem));
    assert_int_equal(scenario_key(scenario, 2)->value_count, 1);
    scenario_free(scenario);
}

static const struct {
    const char *set, *problem;
} bad_sets[] = {
    {"count", "'count': KEY=VALUE is expected"},
    {"=3", "'=3': KEY=VALUE is expected"},
    {"", "'': KEY=VALUE is expected"},
    {"cuont=3", "there is no key or parameter 'cuont'; did you mean 'count'?"},
    {"xyzzy=3", "there is no key or parameter 'xyzzy'; valid: count, hosts, file"},
    {"bus.word_bites=3",
     "there is no key or parameter 'bus.word_bites'; did you mean 'bus.word_bytes'?"},
    {"count=", "count: '' is not a whole number from 1 to 9999 (things)"},
    {"count=10000", "count: '10000' is not a whole number from 1 to 9999 (things)"},
    {"count=3,", "count: '' is not a whole number from 1 to 9999 (things)"},
    {"count=-1", "count: '-1' is not a whole number from 1 to 9999 (things)"},
    {"count=99999999999999999999",
     "count: '99999999999999999999' is not a whole number from 1 to 9999 (things)"},
    {"hosts=65", "machine.hosts: '65' is not a whole number from 1 to 64 (harts)"},
    {"bus.word_bytes=12", "bus.word_bytes: '12' is not a power of two from 4 to 64 (bytes)"},
    {"machine.mechanism=hard\nware",
     "machine.mechanism: there is no 'hard?ware'; valid: software, smart-bus"},
    {"file=", "file: the path of a file is expected"},
};

static void bad_setting_is_one_line_that_says_what_would_be_right(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad_sets / sizeof *bad_sets; i++) {
        struct problem problem = {""};
        struct scenario *scenario = parse_good();
        if (scenario_set(scenario, bad_sets[i].set, &problem) ||
            strcmp(problem.text, bad_sets[i].problem))
            fail_msg("case %zu\n got      %s\n expected %s", i, problem.text, bad_sets[i].problem);
        scenario_free(scenario);
    }
}

static const struct {
    const char *sets[4], *problem;
} bad_plans[] = {
    {{"machine.hosts=64"},
     "machine.hosts: 64 hosts and 1 coprocessors are more than 64 harts in all"},
    {{"machine.timebase_hz=3000000"},
     "machine.timebase_hz: 3000000 does not divide machine.clock_hz, 1000000000"},
    {{"cache.line_bytes=16", "bus.word_bytes=32"},
     "bus.word_bytes: 32 is more than a line; use at most 16 (cache.line_bytes)"},
    {{"cache.l1d_bytes=1024", "cache.line_bytes=128", "cache.l1d_ways=16"},
     "cache.l1d_bytes: 1024 is less than 16 ways of 128-byte lines; use at least 2048"},
    {{"count=9999"},
     "t.yaml:10:31: machine.ram_mib: '159984' is not a whole number from 16 to 16384 (MiB)"},
    {{"file=/nowhere/x"}, "file /nowhere/x: No such file or directory"},
    {{"file=/etc"}, "file /etc: not a file"},
};

static void values_that_do_not_fit_each_other_are_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad_plans / sizeof *bad_plans; i++) {
        struct problem problem = {""};
        struct run_plan plan;
        struct scenario *scenario = parse_good();
        for (size_t s = 0; bad_plans[i].sets[s]; s++)
            assert_true(scenario_set(scenario, bad_plans[i].sets[s], &problem));
        if (scenario_plan(scenario, &plan, &problem) || strcmp(problem.text, bad_plans[i].problem))
            fail_msg("case %zu\n got      %s\n expected %s", i, problem.text, bad_plans[i].problem);
        scenario_free(scenario);
    }
}

static void key_without_a_value_must_be_set(void **state)
{
    (void)state;
    struct problem problem;
    struct run_plan plan;
    struct scenario *scenario = parse(HEAD "keys: {file: {guest_path: /in}}\n", &problem);
    assert_false(scenario_plan(scenario, &plan, &problem));
    assert_string_equal(problem.text, "t needs a value for 'file': --set file=PATH");
    scenario_free(scenario);
}

static void unknown_names_are_answered_with_near_ones(void **state)
{
    (void)state;
    struct problem problem;
    assert_null(scenario_load("pipe-pingpogn", &problem));
    assert_string_equal(problem.text,
                        "there is no scenario 'pipe-pingpogn'; did you mean 'pipe-pingpong'?");
    assert_null(scenario_load("/nowhere/x.yaml", &problem));
    assert_string_equal(problem.text, "/nowhere/x.yaml: there is no such scenario file");
    assert_null(scenario_load("", &problem));
    assert_null(scenario_load("/etc/", &problem));
}

static void every_file_of_the_project_is_right(void **state)
{
    (void)state;
    const enum path_kind kinds[] = {PATH_MACHINE, PATH_SCENARIO};
    for (size_t k = 0; k < 2; k++) {
        char **names;
        size_t count = paths_list(kinds[k], &names);
        assert_true(count > 0);
        for (size_t i = 0; i < count; i++) {
            struct problem problem = {""};
            struct parameters parameters;
            struct machine_info info;
            struct scenario *scenario = NULL;
            parameters_default(&parameters);
            if (kinds[k] == PATH_MACHINE ? !machine_load(names[i], &info, &parameters, &problem) ||
                                               !parameters_check(&parameters, &problem)
                                         : !(scenario = scenario_load(names[i], &problem)))
                fail_msg("%s", problem.text);
            scenario_free(scenario);
        }
        paths_free(names, count);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_scenario_is_named_with_its_place),
        cmocka_unit_test(bad_machine_is_named_with_its_place),
        cmocka_unit_test(plan_has_defaults_machine_parameters_and_window),
        cmocka_unit_test(settings_are_stronger_the_later_they_come),
        cmocka_unit_test(parameter_is_the_same_by_both_its_names),
        cmocka_unit_test(machine_keeps_its_hosts_if_nobody_sets_them),
        cmocka_unit_test(list_of_values_is_checked_one_by_one),
        cmocka_unit_test(bad_setting_is_one_line_that_says_what_would_be_right),
        cmocka_unit_test(values_that_do_not_fit_each_other_are_named),
        cmocka_unit_test(key_without_a_value_must_be_set),
        cmocka_unit_test(unknown_names_are_answered_with_near_ones),
        cmocka_unit_test(every_file_of_the_project_is_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
