/* SPDX-License-Identifier: Apache-2.0 */
/* A qemu-riscv64 process to compare with, see peer.h. */
#define _GNU_SOURCE
#include "test/differential/peer.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_MS 10000
/* RV64GC with Zba to Zbs and no more, so that what is illegal here is illegal there. */
#define CPU "rv64,zba=on,zbb=on,zbc=on,zbs=on,h=off"

static void run_child(int in, int out, const char *qemu, const char *guest)
{
    dup2(in, 0);
    dup2(out, 1);
    execlp(qemu, qemu, "-cpu", CPU, guest, (char *)NULL);
    _exit(127);
}

bool peer_start(struct peer *peer, const char *qemu, const char *guest)
{
    int there[2], back[2];
    if (pipe2(there, O_CLOEXEC) || pipe2(back, O_CLOEXEC))
        return false;
    signal(SIGPIPE, SIG_IGN);
    peer->pid = fork();
    if (peer->pid == 0)
        run_child(there[0], back[1], qemu, guest);
    close(there[0]);
    close(back[1]);
    peer->to = there[1];
    peer->from = back[0];
    return peer->pid > 0;
}

void peer_stop(struct peer *peer)
{
    close(peer->to);
    close(peer->from);
    kill(peer->pid, SIGKILL);
    waitpid(peer->pid, NULL, 0);
}

bool peer_give(struct peer *peer, const struct trial *trial)
{
    const char *bytes = (const char *)trial;
    for (size_t left = sizeof *trial; left;) {
        ssize_t done = write(peer->to, bytes, left);
        if (done <= 0)
            return false;
        bytes += done;
        left -= (size_t)done;
    }
    return true;
}

bool peer_take(struct peer *peer, struct outcome *outcome)
{
    char *bytes = (char *)outcome;
    for (size_t left = sizeof *outcome; left;) {
        struct pollfd ready = {.fd = peer->from, .events = POLLIN};
        if (poll(&ready, 1, PATIENCE_MS) <= 0)
            return false;
        ssize_t done = read(peer->from, bytes, left);
        if (done <= 0)
            return false;
        bytes += done;
        left -= (size_t)done;
    }
    return true;
}
