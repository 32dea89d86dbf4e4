/* SPDX-License-Identifier: Apache-2.0 */
/* A task: a process with its one thread. It lives in one page frame.
 *
 * A task is run, blocked and moved to another hart only by the hart it lives on (cb.host); others may only put it on that hart's
 * computation list. So nobody can take it up while its own hart still works on it.
 *
 * A task that waits keeps no kernel stack: `resume` says how the kernel goes on for it when it is chosen again, before it
 * returns to user mode. */
#ifndef MISSIVE_GUEST_TASK_H
#define MISSIVE_GUEST_TASK_H

#include "include/linux.h"
#include "ipc/control_block.h"

#define TASK_NAME_BYTES 16
#define TASK_PATH_BYTES 256
#define FP_REGISTERS 32

#define REG_PC 0 /* x0 needs no room */
#define REG_SP 2
#define REG_TP 4
#define REG_A0 10
#define REG_A7 17

struct frame {
    uint64_t x[32];
};

/* May the task return to user mode, or does it wait (or is it gone)? */
enum progress { PROGRESS_READY, PROGRESS_BLOCKED };

/* Results of system calls beside values and negative errno: */
#define SYSCALL_READY INT64_MIN         /* the frame is as it should be */
#define SYSCALL_BLOCKED (INT64_MIN + 1) /* the task is no longer the caller's */

enum wait_reason { WAIT_NOT, WAIT_SLEEP, WAIT_CHILD, WAIT_FUTEX, WAIT_CONSOLE, WAIT_VFORK };

/* A read or write call under way: what is left of the user's memory, and where its segments are. */
struct transfer {
    uint64_t address, bytes; /* the current piece */
    uint64_t iov, iov_left;  /* user's struct iovec[] after it */
    uint64_t left;           /* bytes of the whole call not yet pinned */
    uint64_t done;
    struct segment *last_segment; /* of the array that is being filled: kept for a link */
    struct segment *frames;       /* of a long call's segments; each links to the next */
};

struct task {
    struct control_block cb; /* first: the task and its control block have one address */
    struct frame frame;
    enum progress (*resume)(struct task *task); /* or NULL */
    uint64_t signals_pending, signals_blocked;  /* bit n-1: signal n */
    struct space *space;
    struct descriptors *descriptors;
    struct transfer transfer;
    uint64_t affinity; /* hosts it may run on */
    uint64_t run_ticks, started;

    /* floating point: in memory unless the hart's registers hold it */
    struct hart *fp_hart;
    uint64_t fp[FP_REGISTERS + 1];

    /* all below under process_lock */
    uint64_t pid;
    union {
        char text[TASK_NAME_BYTES];
        uint64_t word[TASK_NAME_BYTES / 8];
    } name;
    char path[TASK_PATH_BYTES]; /* of its program */
    struct task *parent, *next; /* next: of all tasks */
    uint32_t zombie, exit_status;
    enum wait_reason waiting;
    uint32_t wait_restarts; /* woken, it makes its system call again */
    uint64_t wait_key, wait_deadline;
    struct task *wait_next, *wait_previous;
    struct task *vfork_parent;
    uint64_t clear_child_tid;
    uint64_t call[2]; /* arguments kept over a request */
    struct linux_sigaction actions[SIGNAL_COUNT];
};

/* For trap.S. */
#define TASK_HOST 64   /* cb.host */
#define TASK_FRAME 704 /* frame */
_Static_assert(__builtin_offsetof(struct task, cb.host) == TASK_HOST, "trap.S says so too");
_Static_assert(__builtin_offsetof(struct task, frame) == TASK_FRAME, "trap.S says so too");

static inline struct task *task_of(struct control_block *cb)
{
    return (struct task *)cb;
}

static inline uint64_t task_argument(const struct task *task, unsigned number)
{
    return task->frame.x[REG_A0 + number];
}

#endif
