/* SPDX-License-Identifier: Apache-2.0 */
/* The table of backends, made from the table of mechanisms. */
#include "ipc/backend.h"

#include "boot/machine.h"
#include "include/bytes.h"
#include "include/probe.h"
#include "kernel/hart.h"
#include "kernel/print.h"

#define MECHANISM(id, label, compatible, doc) extern const struct ipc_backend backend_##id;
#include "ipc/mechanisms.def"
#undef MECHANISM

static const struct {
    const char *compatible;
    const struct ipc_backend *backend;
} backends[] = {
#define MECHANISM(id, label, compatible_text, doc) {compatible_text, &backend_##id},
#include "ipc/mechanisms.def"
#undef MECHANISM
};

const struct ipc_backend *ipc = &backend_software;

void backend_choose(const char *compatible, uint64_t base)
{
    if (!compatible)
        compatible = backends[0].compatible;
    for (unsigned i = 0; i < LENGTH(backends); i++)
        if (text_equal(backends[i].compatible, compatible)) {
            ipc = backends[i].backend;
            ipc->init(base);
            return;
        }
    panic("no backend for the mechanism \"%s\" of the device tree", compatible);
}

OBSERVED void ipc_list_init(struct ipc_list *list, uint64_t kind, uint64_t owner)
{
    PROBE(list, list, kind, owner);
    (void)kind;
    (void)owner;
    *list = (struct ipc_list){0};
}

IN(queue) void backend_ring(struct hart *hart)
{
    *(volatile uint32_t *)(machine.sswi + 4 * hart->id) = 1;
}
