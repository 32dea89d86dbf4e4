/* SPDX-License-Identifier: Apache-2.0 */
/* See jobs.h. */
#include "study/jobs.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>

extern char **environ;

static bool start(struct job *job, struct problem *problem)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, job->stderr_path, O_WRONLY | O_CREAT | O_TRUNC,
                                     0600);
    int error = posix_spawn(&job->pid, job->arguments[0], &actions, NULL, job->arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (!error)
        return true;
    job->pid = 0;
    return problem_set(problem, "%s: %s", job->arguments[0], strerror(error));
}

static volatile sig_atomic_t interrupted;

static void take_note(int signal)
{
    interrupted = signal;
}

/* Passes the signal on to the jobs that run. */
static void interrupt(const struct job *jobs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (jobs[i].pid)
            kill(jobs[i].pid, interrupted);
}

/* Waits for any one of the jobs that run; NULL: it was another child. false: there is none to wait for. */
static bool wait_for_one(struct job *jobs, size_t count, struct job **ended,
                         struct problem *problem)
{
    int status;
    pid_t pid;
    *ended = NULL;
    while ((pid = waitpid(-1, &status, 0)) < 0 && errno == EINTR)
        interrupt(jobs, count);
    if (pid < 0)
        return problem_set(problem, "cannot wait for a run: %s", strerror(errno));
    for (size_t i = 0; i < count; i++)
        if (jobs[i].pid == pid) {
            jobs[i].pid = 0;
            jobs[i].status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
            *ended = &jobs[i];
        }
    return true;
}

static bool run_all(struct job *jobs, size_t count, unsigned at_once,
                    void (*done)(void *owner, const struct job *job), void *owner,
                    struct problem *problem)
{
    size_t next = 0, running = 0;
    for (size_t i = 0; i < count; i++) {
        jobs[i].pid = 0;
        jobs[i].status = -1;
    }
    while (running || next < count) {
        if (interrupted)
            count = next;
        if (next < count && running < at_once) {
            if (!start(&jobs[next++], problem))
                return false;
            running++;
            continue;
        }
        struct job *job;
        if (!wait_for_one(jobs, next, &job, problem))
            return false;
        if (!job)
            continue;
        running--;
        if (job->status)
            count = next; /* start no more; those that run may end */
        if (done)
            done(owner, job);
    }
    return true;
}

/* An interrupt ends the jobs, and by their statuses us: whoever called can still tidy up. */
bool jobs_run(struct job *jobs, size_t count, unsigned at_once,
              void (*done)(void *owner, const struct job *job), void *owner,
              struct problem *problem)
{
    struct sigaction keyboard, termination, noted = {.sa_handler = take_note};
    interrupted = 0;
    sigaction(SIGINT, &noted, &keyboard);
    sigaction(SIGTERM, &noted, &termination);
    bool good = run_all(jobs, count, at_once, done, owner, problem);
    sigaction(SIGINT, &keyboard, NULL);
    sigaction(SIGTERM, &termination, NULL);
    return good;
}
