/* SPDX-License-Identifier: Apache-2.0 */
/* The platform-level interrupt controller of QEMU's virt board: 96 sources, seven
 * priorities, a context for M (drives MEIP) and one for S (drives SEIP) of every hart. Accesses are
 * of 4 bytes; registers of absent contexts and sources read 0 and ignore stores.
 *
 * A source's gateway takes both a level and pulses. A level requests again after each completion for
 * as long as it is up. A pulse requests once; one that comes while the interrupt is claimed waits in
 * the gateway for the completion, and further ones merge with it, so that after the last pulse there
 * is always a claim. So levels are never lost, and events never repeated (the UART's transmitter, see
 * uart.h): QEMU's gateway, which looks at changes only, serves kernels that rely on either.
 *
 * To the letter of the specification where QEMU is not: a source once pending stays so until it is
 * claimed, though its line falls; a claim does not look at the threshold; a source whose line is
 * still up is pending again after its completion; a completion counts only from a context in which
 * the source is enabled. Source: RISC-V PLIC specification 1.0.0; qemu hw/intc/sifive_plic.c. */
#ifndef MISSIVE_DEVICES_PLIC_H
#define MISSIVE_DEVICES_PLIC_H

#include "base/memory_map.h"
#include "devices/device.h"
#include "devices/plic_regs.h"

#define PLIC_WORDS ((PLIC_SOURCES + 31) / 32)
#define PLIC_MAX_CONTEXTS (2 * MAP_MAX_HARTS)

struct plic {
    struct interrupt_port port;
    unsigned context_count;
    uint8_t priority[PLIC_SOURCES];
    uint32_t level[PLIC_WORDS];      /* the lines */
    uint32_t pulsed[PLIC_WORDS];     /* pulses that wait in the gateways */
    uint32_t pending[PLIC_WORDS];    /* told by the gateways, not claimed yet */
    uint32_t in_service[PLIC_WORDS]; /* claimed, not completed yet: the gateway is shut */
    uint32_t enable[PLIC_MAX_CONTEXTS][PLIC_WORDS];
    uint8_t threshold[PLIC_MAX_CONTEXTS];
    bool output[PLIC_MAX_CONTEXTS]; /* as driven last */
};

/* One of the PLIC's inputs: what a struct interrupt_line's owner points to. */
struct plic_input {
    struct plic *plic;
    unsigned source;
};

/* hart_count is at most MAP_MAX_HARTS. */
void plic_init(struct plic *plic, unsigned hart_count, struct interrupt_port port);
/* Drives a source's line; source is 1 to PLIC_SOURCES - 1. */
void plic_set_line(struct plic *plic, unsigned source, bool level, cycle_t now);
/* An event of a source; source as above. */
void plic_pulse(struct plic *plic, unsigned source, cycle_t now);
/* A line for a device. Makes *input name the source; it must live as long as the line. */
struct interrupt_line plic_line(struct plic *plic, unsigned source, struct plic_input *input);
/* Attached at MAP_PLIC_BASE; its `self` is plic. */
struct device plic_device(struct plic *plic);

#endif
