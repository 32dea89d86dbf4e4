/* SPDX-License-Identifier: Apache-2.0 */
/* communication.h: dispatch of requests, and the ways between host and coprocessor. */
#include "ipc/communication.h"

#include "boot/machine.h"
#include "include/bytes.h"
#include "include/csr.h"
#include "include/probe.h"
#include "ipc/backend.h"
#include "ipc/pipe.h"
#include "kernel/hart.h"

static struct ipc_list communication_list;       /* hosts to coprocessors */
static struct hart *coprocessors[MAP_MAX_HARTS]; /* up to a NULL */

void communication_init(void)
{
    unsigned count = 0;
    for (uint64_t left = machine.coprocessors; left; left &= left - 1)
        coprocessors[count++] = &harts[lowest_bit(left)];
    if (count)
        ipc_list_init(&communication_list, LIST_COMMUNICATION, coprocessors[0]->id);
}

PART(protocol) static void perform_control(struct control_block *cb)
{
    switch ((enum ipc_control)cb->control) {
    case IPC_CREATE:
        pipe_create(cb);
        break;
    case IPC_ADJUST:
        pipe_adjust(cb);
        break;
    case IPC_CANCEL:
        pipe_cancel(cb);
        break;
    }
}

/* Carries out one request. false: it is parked at its object. */
IN(protocol) static bool perform(struct control_block *cb)
{
    cb->place = cb->segment;
    cb->place_offset = 0;
    cb->done = 0;
    if (cb->op == REQUEST_OP_SEND)
        return pipe_send(cb);
    if (cb->op == REQUEST_OP_RECEIVE)
        return pipe_receive(cb);
    perform_control(cb);
    return true;
}

/* Rings a hart that sleeps; of several who would, one does. false: it did not sleep. */
static inline bool wake(struct hart *hart)
{
    bool slept = __atomic_load_n(&hart->idle, __ATOMIC_RELAXED) &&
                 __atomic_exchange_n(&hart->idle, 0, __ATOMIC_ACQ_REL);
    if (slept)
        ipc->notify(hart);
    return slept;
}

IN(protocol) bool communication_submit(struct control_block *cb)
{
    if (!coprocessors[0])
        return perform(cb);
    ipc->enqueue(&communication_list, cb);
    fence_all();
    for (unsigned i = 0; i < LENGTH(coprocessors) && coprocessors[i]; i++)
        if (wake(coprocessors[i]))
            break;
    return false;
}

IN(schedule) void communication_ready(struct control_block *cb)
{
    struct hart *host = cb->host;
    ipc->enqueue(&host->computation, cb);
    fence_all();
    wake(host);
}

OBSERVED IN(protocol) void communication_finish(struct control_block *cb, int64_t result)
{
    PROBE(complete, cb, result);
    cb->result = result;
}

/* The next request; sleeps while there is none. idle is set before the last look, so that whoever enqueues after that look
 * sees it and rings. */
IN(protocol) static struct control_block *next_request(struct hart *hart)
{
    for (;;) {
        struct control_block *cb = ipc->first(&communication_list);
        if (cb)
            return cb;
        __atomic_store_n(&hart->idle, 1, __ATOMIC_RELAXED);
        fence_all();
        cb = ipc->first(&communication_list);
        if (!cb)
            hart_sleep();
        hart->sleeps++;
        __atomic_store_n(&hart->idle, 0, __ATOMIC_RELEASE);
        csr_clear(sip, SIP_SOFTWARE);
        if (cb)
            return cb;
    }
}

IN(protocol) _Noreturn void communication_serve(void)
{
    struct hart *hart = hart_this();
    for (;;) {
        struct control_block *cb = next_request(hart);
        if (perform(cb))
            communication_ready(cb);
    }
}
