/* SPDX-License-Identifier: Apache-2.0 */
/* See window.h. */
#include "cli/window.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "scenario/paths.h"

#define OPEN_SECONDS 20
#define ASK_NANOSECONDS 10000000

extern char **environ;

static bool viewer_path(char *path, size_t size, struct problem *problem)
{
    if (path_of(PATH_VIEWER, NULL, path, size) && !access(path, X_OK))
        return true;
    return problem_set(problem,
                       "the window's program is missing (%s): build it with ./missive demo", path);
}

static bool channel_exists(const char *name)
{
    int file = shm_open(name, O_RDWR, 0);
    if (file >= 0)
        close(file);
    return file >= 0;
}

static bool wait_for_channel(struct window *window, struct problem *problem)
{
    const struct timespec pause = {0, ASK_NANOSECONDS};
    for (int i = 0; i < OPEN_SECONDS * (1000000000 / ASK_NANOSECONDS); i++) {
        int status;
        if (waitpid(window->pid, &status, WNOHANG) == window->pid)
            return problem_set(problem, "the window ended at once (status %d)",
                               WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
        if (channel_exists(window->channel))
            return true;
        nanosleep(&pause, NULL);
    }
    kill(window->pid, SIGTERM);
    waitpid(window->pid, NULL, 0);
    return problem_set(problem, "the window did not open within %d s", OPEN_SECONDS);
}

static bool can_show(bool picture, struct problem *problem)
{
    return picture || window_has_display() ||
           problem_set(
               problem,
               "there is no display here; --screenshot FILE.png --at CYCLE draws without one");
}

bool window_open(struct window *window, const struct window_options *options,
                 struct problem *problem)
{
    char path[4096];
    if (!viewer_path(path, sizeof path, problem) || !can_show(options->screenshot_path, problem))
        return false;
    snprintf(window->channel, sizeof window->channel, "/missive-%ld", (long)getpid());
    const char *arguments[] = {path, "--live", window->channel, NULL, NULL, NULL, NULL, NULL};
    if (options->screenshot_path) {
        const char *const more[] = {"--screenshot", options->screenshot_path, "--at",
                                    options->at_cycle};
        memcpy(&arguments[3], more, sizeof more);
    }
    int error = posix_spawn(&window->pid, path, NULL, NULL, (char **)arguments, environ);
    if (error)
        return problem_set(problem, "%s: %s", path, strerror(error));
    return wait_for_channel(window, problem);
}

bool window_end(struct window *window, bool shown)
{
    int status = 0;
    if (!shown)
        kill(window->pid, SIGTERM);
    while (waitpid(window->pid, &status, 0) < 0)
        if (errno != EINTR)
            return false;
    shm_unlink(window->channel); /* a viewer that was killed has left it */
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool window_become(char **arguments, bool picture, struct problem *problem)
{
    char path[4096];
    if (!viewer_path(path, sizeof path, problem) || !can_show(picture, problem))
        return false;
    arguments[0] = path;
    execv(path, arguments);
    return problem_set(problem, "%s: %s", path, strerror(errno));
}

static bool is_set(const char *variable)
{
    const char *value = getenv(variable);
    return value && *value;
}

bool window_has_display(void)
{
    return is_set("DISPLAY") || is_set("WAYLAND_DISPLAY") || is_set("SDL_VIDEODRIVER");
}
