/* SPDX-License-Identifier: Apache-2.0 */
/* See qemu.h. */
#define _GNU_SOURCE
#include "test/privileged/qemu.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test/privileged/layout.h"

/* Two harts, for then QEMU's atomic instructions are not loads and stores, which fault as such; the second sleeps. */
static const char *const arguments[] = {
    "-M",
    "virt,memory-backend=ram",
    "-cpu",
    "rv64,zba=on,zbb=on,zbc=on,zbs=on,h=off,svinval=off,pmu-num=29,x-smaia=on,x-ssaia=on",
    "-smp",
    "2",
    "-m",
    "32M",
    "-accel",
    "tcg,thread=multi",
    "-bios",
    "none",
    "-display",
    "none",
    "-serial",
    "null",
    "-monitor",
    "none",
    "-no-reboot",
    "-object",
};

/* It has no name that could outlive us; the child inherits it. */
bool shared_ram_new(struct shared_ram *ram)
{
    int file = memfd_create("ram", 0);
    if (file < 0)
        return false;
    ram->bytes = MAP_FAILED;
    if (ftruncate(file, RAM_SIZE) == 0)
        ram->bytes = mmap(NULL, RAM_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    ram->file = file;
    if (ram->bytes != MAP_FAILED)
        return true;
    close(file);
    return false;
}

void shared_ram_free(struct shared_ram *ram)
{
    munmap(ram->bytes, RAM_SIZE);
    close(ram->file);
}

static void run_child(const char *qemu, int file)
{
    enum { COUNT = sizeof arguments / sizeof *arguments };
    char object[160];
    const char *all[COUNT + 3] = {qemu};
    snprintf(object, sizeof object,
             "memory-backend-file,id=ram,size=32M,share=on,mem-path=/proc/self/fd/%d", file);
    for (size_t n = 0; n < COUNT; n++)
        all[n + 1] = arguments[n];
    all[COUNT + 1] = object;
    execvp(qemu, (char *const *)all);
    _exit(127);
}

bool qemu_run(const char *qemu, const struct shared_ram *ram, unsigned timeout_seconds, int *status)
{
    pid_t pid = fork();
    if (pid == 0)
        run_child(qemu, ram->file);
    for (unsigned waited_ms = 0; waited_ms < timeout_seconds * 1000; waited_ms += 10) {
        if (waitpid(pid, status, WNOHANG) == pid)
            return WIFEXITED(*status) && WEXITSTATUS(*status) == 0;
        usleep(10000);
    }
    kill(pid, SIGKILL);
    waitpid(pid, status, 0);
    return false;
}
