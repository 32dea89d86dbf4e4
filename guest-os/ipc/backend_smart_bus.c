/* SPDX-License-Identifier: Apache-2.0 */
/* The backend of the smart bus (hw-models/ipc/smart_bus_regs.h): each list operation is one bus transaction carried out in the
 * memory, which reports it itself; a copy is a block read and a block write of one tag, in pieces of at most
 * SMART_BLOCK_BYTES, with SMART_TAGS pieces under way at once. Tags belong to the hart: the kernel is not
 * interrupted between copy and copy_wait. */
#include "base/memory_map.h"
#include "include/bytes.h"
#include "include/csr.h"
#include "include/probe.h"
#include "ipc/backend.h"
#include "ipc/smart_bus_regs.h"
#include "kernel/hart.h"
#include "kernel/print.h"

static uint64_t smart_base;

static void smart_bus_init(uint64_t base)
{
    smart_base = base;
}

static inline volatile uint64_t *place(uint64_t window, uint64_t address)
{
    return (volatile uint64_t *)(smart_base + window + (address - MAP_RAM_BASE));
}

IN(queue) static void smart_bus_enqueue(struct ipc_list *list, struct control_block *cb)
{
    fence_all();
    *place(SMART_ENQUEUE, (uint64_t)list) = (uint64_t)cb;
}

IN(queue) static struct control_block *smart_bus_first(struct ipc_list *list)
{
    struct control_block *first = (struct control_block *)*place(SMART_FIRST, (uint64_t)list);
    fence_all();
    return first;
}

IN(queue) static bool smart_bus_dequeue(struct ipc_list *list, struct control_block *cb)
{
    fence_all();
    *place(SMART_DEQUEUE, (uint64_t)list) = (uint64_t)cb;
    bool found = *place(SMART_DEQUEUE, (uint64_t)list) == 1;
    fence_all();
    return found;
}

IN(copy) static void smart_bus_copy(uint64_t to, uint64_t from, uint64_t bytes)
{
    struct hart *hart = hart_this();
    fence_all();
    while (bytes) {
        uint64_t piece = MIN(bytes, SMART_BLOCK_BYTES);
        uint64_t tag = hart->next_tag;
        *place(SMART_BLOCK_READ, from & ~7ul) = SMART_BLOCK(tag, piece, from);
        *place(SMART_BLOCK_WRITE, to & ~7ul) = SMART_BLOCK(tag, piece, to);
        hart->tags_used |= 1u << tag;
        hart->next_tag = (tag + 1) % SMART_TAGS;
        to += piece;
        from += piece;
        bytes -= piece;
    }
}

IN(copy) static void smart_bus_copy_wait(void)
{
    struct hart *hart = hart_this();
    uint64_t refused = 0;
    for (unsigned tag = 0; tag < SMART_TAGS; tag++)
        if (hart->tags_used & (1u << tag))
            refused |= *(volatile uint64_t *)(smart_base + SMART_BLOCK_WAIT + 8 * tag);
    hart->tags_used = 0;
    hart->next_tag = 0;
    fence_all();
    if (refused)
        panic("the smart bus refused a block");
}

const struct ipc_backend backend_smart_bus = {
    .name = "smart-bus",
    .init = smart_bus_init,
    .enqueue = smart_bus_enqueue,
    .first = smart_bus_first,
    .dequeue = smart_bus_dequeue,
    .copy = smart_bus_copy,
    .copy_wait = smart_bus_copy_wait,
    .notify = backend_ring,
};
