/* SPDX-License-Identifier: Apache-2.0 */
/* `missive boot --kernel FILE`: the bare machine, with whatever runs on QEMU's `virt` board. The
 * exit status is the guest's: what it gave the test finisher, or HTIF. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/boot_console.h"
#include "cli/boot_drives.h"
#include "cli/boot_nics.h"
#include "cli/interruption.h"
#include "cli/run_options.h"

#define MEMORY_MIN_MIB 32
#define MEMORY_MAX_MIB 8192

struct own_options {
    struct run_options common; /* first: the common options find it at the same address */
    struct session_boot boot;
    struct boot_drives drives;
    struct boot_nics nics;
    bool virtio_console;
    const char *harts;
    char memory[48];
};

static bool take_kernel(void *owner, const char *value, struct problem *problem)
{
    (void)problem;
    ((struct own_options *)owner)->boot.kernel_path = value;
    return true;
}

static bool take_bios(void *owner, const char *value, struct problem *problem)
{
    (void)problem;
    ((struct own_options *)owner)->boot.bios_path = strcmp(value, "none") ? value : NULL;
    return true;
}

static bool take_initrd(void *owner, const char *value, struct problem *problem)
{
    (void)problem;
    ((struct own_options *)owner)->boot.initrd_path = value;
    return true;
}

static bool take_append(void *owner, const char *value, struct problem *problem)
{
    (void)problem;
    ((struct own_options *)owner)->boot.bootargs = value;
    return true;
}

static bool take_drive(void *owner, const char *value, struct problem *problem)
{
    return boot_drives_add(&((struct own_options *)owner)->drives, value, problem);
}

static bool take_virtio_console(void *owner, const char *value, struct problem *problem)
{
    (void)value, (void)problem;
    ((struct own_options *)owner)->virtio_console = true;
    return true;
}

static bool take_harts(void *owner, const char *value, struct problem *problem)
{
    (void)problem;
    ((struct own_options *)owner)->harts = value;
    return true;
}

/* 256M, 2G, or a number of MiB. */
static bool take_memory(void *owner, const char *value, struct problem *problem)
{
    struct own_options *options = owner;
    char digits[8];
    size_t count = strspn(value, "0123456789");
    const char *unit = value + count;
    uint64_t mib = 0;
    if (count < sizeof digits && (!*unit || ((*unit == 'M' || *unit == 'G') && !unit[1]))) {
        snprintf(digits, sizeof digits, "%.*s", (int)count, value);
        if (number_parse(digits, &mib) && *unit == 'G')
            mib *= 1024;
    }
    if (mib < MEMORY_MIN_MIB || mib > MEMORY_MAX_MIB)
        return problem_set(problem, "'%s' is not a size from %dM to %dG", value, MEMORY_MIN_MIB,
                           MEMORY_MAX_MIB / 1024);
    snprintf(options->memory, sizeof options->memory, "machine.ram_mib=%" PRIu64, mib);
    return run_take_set(owner, options->memory, problem);
}

static bool take_nic(void *owner, const char *value, struct problem *problem)
{
    return boot_nics_add(&((struct own_options *)owner)->nics, value, problem);
}

static bool take_pcap(void *owner, const char *value, struct problem *problem)
{
    (void)problem;
    ((struct own_options *)owner)->boot.pcap_path = value;
    return true;
}

static const struct cli_option options_of_boot[] = {
    {"kernel", "FILE", "an ELF, a Linux Image, or raw code", take_kernel},
    {"bios", "FILE|none",
     "firmware (OpenSBI's fw_jump or fw_dynamic) that runs before the kernel; by default none: the "
     "kernel begins in machine mode",
     take_bios},
    {"initrd", "FILE", "an initial archive for the kernel", take_initrd},
    {"drive", "FILE[,rw][,serial=TEXT]",
     "a virtio disk; without rw what is written to it stays in memory. Up to six times",
     take_drive},
    {"nic", "wire=NAME[,mac=ADDRESS]",
     "a virtio network device; two on a wire of the same name are joined. Drives and network "
     "devices are six at most",
     take_nic},
    {"pcap", "FILE", "write every frame that is sent, at its simulated time", take_pcap},
    {"virtio-console", NULL, "stdin is a virtio console's (hvc0); the serial port only prints",
     take_virtio_console},
    {"append", "TEXT", "the kernel's boot arguments", take_append},
    {"harts", "N", "the same as --set machine.hosts=N", take_harts},
    {"memory", "SIZE", "of RAM: 32M to 8G", take_memory},
    RUN_OPTIONS,
};
const struct cli_syntax boot_syntax = {"boot", options_of_boot,
                                       sizeof options_of_boot / sizeof *options_of_boot, false};

static int report_end(const struct engine_outcome *outcome)
{
    int status = run_unfinished("boot", outcome);
    if (status < 0 && outcome->exit_code)
        cli_fail("boot", "the guest ended with status %u", outcome->exit_code);
    session_print_speed("boot", outcome);
    if (status >= 0)
        return status;
    return outcome->exit_code <= 255 ? (int)outcome->exit_code : CLI_GUEST_FAILED;
}

static int run_plan(const struct run_plan *plan, struct own_options *options)
{
    struct boot_console console;
    struct engine_outcome outcome;
    struct problem problem;
    const struct character_port none = {NULL, NULL, NULL};
    struct session_outside outside = {&console, boot_console_tick, false, boot_console_wait};
    boot_console_open(&console, &outside.stop);
    struct character_port serial = boot_console_port(&console);
    if (options->virtio_console) {
        options->boot.virtio_console = serial;
        serial = boot_console_print_port(&console);
    }
    options->common.session.outside = &outside;
    options->common.session.boot = &options->boot;
    enum session_result result =
        session_run(plan, NULL, &options->common.session, serial, none, &outcome, &problem);
    if (!boot_console_close(&console, &problem) && result == SESSION_RAN)
        result = SESSION_FAILED;
    if (result != SESSION_RAN)
        return cli_fail("boot", "%s", problem.text);
    int status = report_end(&outcome);
    interruption_die("boot");
    return outcome.end == ENGINE_STOPPED && console.output.reader_gone ? 128 + SIGPIPE : status;
}

static int boot(struct own_options *options, int argc, char **argv)
{
    struct run_plan plan = {.scenario = "boot"};
    struct problem problem;
    int first = cli_options(&boot_syntax, argc, argv, options);
    if (first < 0)
        return CLI_BAD_INPUT;
    if (first < argc)
        return cli_fail("boot", "'%s': no operand is expected; give the kernel with --kernel",
                        argv[first]);
    if (!options->boot.kernel_path)
        return cli_fail("boot", "--kernel FILE is expected: an ELF, a Linux Image, or raw code");
    if (!run_plan_parameters(&options->common, "virt", options->harts, &plan, &problem))
        return cli_fail("boot", "%s", problem.text);
    if (options->drives.count + options->nics.count > MAP_MAX_NICS)
        return cli_fail("boot", "more than %d drives and network devices", MAP_MAX_NICS);
    options->boot.drive_count = boot_drives_ports(&options->drives, options->boot.drives);
    options->boot.nic_count = options->nics.count;
    memcpy(options->boot.nics, options->nics.nic, sizeof options->boot.nics);
    return run_plan(&plan, options);
}

int command_boot(int argc, char **argv)
{
    struct own_options options = {.common.session = SESSION_OPTIONS_DEFAULT};
    int status = boot(&options, argc, argv);
    boot_drives_close(&options.drives);
    return status;
}
