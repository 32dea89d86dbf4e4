/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel's table of contents. */
#include "boot/layout.h"
#include "boot/machine.h"
#include "ipc/backend.h"
#include "ipc/communication.h"
#include "kernel/asid.h"
#include "kernel/console.h"
#include "kernel/frame.h"
#include "kernel/hart.h"
#include "kernel/process.h"
#include "kernel/space.h"

_Noreturn void main(uint64_t hart_id, uint64_t device_tree);

static void begin(uint64_t device_tree)
{
    space_init();
    hart_enter(BOOT_HART);
    machine_read(device_tree);
    console_init();
    asid_init();
    frame_init();
    backend_choose(machine.mechanism_name, machine.mechanism);
    harts_init();
    communication_init();
    process_first();
    harts_release();
}

/* From start.S, on each hart, in supervisor mode. */
_Noreturn void main(uint64_t hart_id, uint64_t device_tree)
{
    if (hart_id == BOOT_HART) {
        begin(device_tree);
    } else {
        hart_await_release();
        hart_enter(hart_id);
    }
    hart_work();
}
