/* SPDX-License-Identifier: Apache-2.0 */
/* Child processes: a few at a time, their exit statuses, and an end after the first failure. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "study/jobs.h"

#define JOBS 6

static char stderr_path[] = "/tmp/test_jobs_XXXXXX";
static struct problem problem;

static void run(const char *const *commands, struct job *jobs, size_t count, unsigned at_once)
{
    static char *arguments[JOBS][4];
    for (size_t i = 0; i < count; i++) {
        char *words[] = {"/bin/sh", "-c", (char *)(uintptr_t)commands[i], NULL};
        memcpy(arguments[i], words, sizeof words);
        jobs[i] = (struct job){.arguments = arguments[i], .stderr_path = stderr_path};
    }
    assert_true(jobs_run(jobs, count, at_once, NULL, NULL, &problem));
}

static void tells_each_status(void **state)
{
    (void)state;
    static const char *const commands[] = {"exit 0", "read x; exit 0", "echo out; echo err >&2"};
    struct job jobs[3];
    run(commands, jobs, 3, 1);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(jobs[i].status, 0);
    char text[16] = "";
    FILE *file = fopen(stderr_path, "r");
    assert_non_null(fgets(text, sizeof text, file));
    assert_string_equal(text, "err\n");
    fclose(file);
}

static void stops_after_a_failure(void **state)
{
    (void)state;
    static const char *const commands[] = {"exit 0", "exit 7", "exit 0"};
    static const char *const killed[] = {"kill -9 $$"};
    struct job jobs[3];
    run(commands, jobs, 3, 1);
    assert_int_equal(jobs[0].status, 0);
    assert_int_equal(jobs[1].status, 7);
    assert_int_equal(jobs[2].status, -1);
    run(killed, jobs, 1, 1);
    assert_int_equal(jobs[0].status, 128 + 9);
}

/* Two at a time: each waits until the other is there. */
static void runs_side_by_side(void **state)
{
    (void)state;
    char folder[] = "/tmp/test_jobs_XXXXXX", first[256], second[256], clean[64];
    assert_non_null(mkdtemp(folder));
    snprintf(first, sizeof first,
             "touch %s/a; i=0; while [ ! -e %s/b ]; do sleep 0.01; i=$((i+1)); [ $i -lt 1000 ] || "
             "exit 1; done",
             folder, folder);
    snprintf(second, sizeof second,
             "touch %s/b; i=0; while [ ! -e %s/a ]; do sleep 0.01; i=$((i+1)); [ $i -lt 1000 ] || "
             "exit 1; done",
             folder, folder);
    const char *const commands[] = {first, second};
    struct job jobs[2];
    run(commands, jobs, 2, 2);
    assert_int_equal(jobs[0].status, 0);
    assert_int_equal(jobs[1].status, 0);
    snprintf(clean, sizeof clean, "rm -r %s", folder);
    const char *const cleaning[] = {clean};
    run(cleaning, jobs, 1, 1);
}

/* The first job interrupts us; both end of it, long before their time. */
static void passes_an_interrupt_on(void **state)
{
    (void)state;
    static const char *const commands[] = {"sleep 0.2; kill -TERM $PPID; sleep 60", "exec sleep 60",
                                           "exit 0"};
    struct job jobs[3];
    alarm(30);
    run(commands, jobs, 3, 2);
    alarm(0);
    assert_int_equal(jobs[0].status, 128 + 15);
    assert_int_equal(jobs[1].status, 128 + 15);
    assert_int_equal(jobs[2].status, -1);
}

static void says_what_cannot_start(void **state)
{
    (void)state;
    char *arguments[] = {"/nonexistent/program", NULL};
    struct job job = {.arguments = arguments, .stderr_path = stderr_path};
    assert_false(jobs_run(&job, 1, 2, NULL, NULL, &problem));
    assert_string_equal(problem.text, "/nonexistent/program: No such file or directory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_each_status),      cmocka_unit_test(stops_after_a_failure),
        cmocka_unit_test(runs_side_by_side),      cmocka_unit_test(passes_an_interrupt_on),
        cmocka_unit_test(says_what_cannot_start),
    };
    int file = mkstemp(stderr_path);
    if (file < 0 || close(file))
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(stderr_path);
    return failed;
}
