/* SPDX-License-Identifier: Apache-2.0 */
/* See session.h. What must be closed again stands in struct session, so that one function closes it whatever went
 * wrong before. */
#include "cli/session.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debug/debugger.h"
#include "observe/live.h"
#include "observe/observer.h"
#include "observe/pcap.h"
#include "observe/stream.h"
#include "observe/trace.h"
#include "platform/host_file.h"
#include "platform/initial_archive.h"
#include "scenario/paths.h"

struct session {
    const struct run_plan *plan;
    const struct session_options *options;
    struct problem *problem;
    struct initial_archive archive;
    struct stream *stream;
    struct platform *platform;
    struct machine_view view;
    struct observer *observer;
    struct trace_writer *trace;
    struct live *live;
    struct debugger *debugger;
    FILE *stats;
    struct pcap *pcap;
};

static bool build_archive(struct session *session, const char *argv0)
{
    const struct run_plan *plan = session->plan;
    struct archive_file files[SCENARIO_MAX_KEYS + 1];
    const char **arguments = calloc(plan->argument_count + 2, sizeof *arguments);
    const char *slash = strrchr(plan->program, '/');
    char path[300];
    if (!arguments)
        return problem_set(session->problem, "the host has no memory left");
    snprintf(path, sizeof path, "/bin/%.255s", slash ? slash + 1 : plan->program);
    files[0] = (struct archive_file){plan->program, path};
    for (size_t i = 0; i < plan->file_count; i++)
        files[i + 1] = (struct archive_file){plan->files[i].host_path, plan->files[i].guest_path};
    arguments[0] = argv0;
    for (size_t i = 0; i < plan->argument_count; i++)
        arguments[i + 1] = plan->arguments[i];
    const struct archive_command command = {path, arguments, NULL};
    bool built = initial_archive_build(&session->archive, files, plan->file_count + 1, &command,
                                       session->problem);
    free(arguments);
    return built;
}

/* The initial archive of the user's own kernel; one that RAM cannot hold is not even read. */
static bool read_initrd(struct session *session, const char *path)
{
    struct initial_archive *initrd = &session->archive;
    const uint64_t ram_mib = session->plan->parameters.machine_ram_mib;
    uint64_t size_bytes;
    if (!path)
        return true;
    if (!host_file_peek(path, NULL, 0, &size_bytes, session->problem))
        return false;
    if (size_bytes >> 20 >= ram_mib)
        return problem_set(session->problem,
                           "%s: %" PRIu64 " MiB do not fit into RAM of %" PRIu64 " MiB", path,
                           size_bytes >> 20, ram_mib);
    return host_file_read(path, &initrd->bytes, &initrd->size_bytes, session->problem);
}

static bool build_initrd(struct session *session, const char *argv0)
{
    const struct session_boot *boot = session->options->boot;
    return boot ? read_initrd(session, boot->initrd_path) : build_archive(session, argv0);
}

static bool build_platform(struct session *session, struct character_port console,
                           struct character_port error_console)
{
    char kernel[4096], bootargs[64];
    const struct parameters *parameters = &session->plan->parameters;
    const struct session_boot *boot = session->options->boot;
    snprintf(bootargs, sizeof bootargs, "slice-us=%" PRIu64, parameters->kernel_time_slice_us);
    if (!boot && !path_of(PATH_KERNEL, NULL, kernel, sizeof kernel))
        return problem_set(session->problem, "the kernel's path is too long");
    struct platform_config config = {
        .parameters = parameters,
        .kernel_path = boot ? boot->kernel_path : kernel,
        .bios_path = boot ? boot->bios_path : NULL,
        .initrd = session->archive.bytes,
        .initrd_bytes = session->archive.size_bytes,
        .bootargs = boot ? boot->bootargs : bootargs,
        .probe = session->stream ? stream_probe(session->stream) : NULL,
        .console = console,
        .error_console = error_console,
    };
    if (boot) {
        config.virtio_console = boot->virtio_console;
        config.drive_count = boot->drive_count;
        memcpy(config.drives, boot->drives, sizeof config.drives);
        config.nic_count = boot->nic_count;
        memcpy(config.nics, boot->nics, sizeof config.nics);
        config.frame_tap = (struct wire_tap){session->pcap, session->pcap ? pcap_frame : NULL};
    }
    session->platform = platform_create(&config, session->problem);
    return session->platform != NULL;
}

static void make_view(struct session *session)
{
    const struct run_plan *plan = session->plan;
    struct machine_view *view = &session->view;
    platform_view(session->platform, view);
    snprintf(view->machine, sizeof view->machine, "%s", plan->machine);
    snprintf(view->scenario, sizeof view->scenario, "%s", plan->scenario);
    snprintf(view->mechanism, sizeof view->mechanism, "%s", plan->parameters.machine_mechanism);
    view->warmup_messages = plan->warmup_messages;
    view->measure_messages = plan->measure_messages;
}

static bool listens(const struct session_options *options)
{
    return options->trace_path || options->stats_path || options->live_name;
}

static bool add_fold(struct session *session, struct fold fold)
{
    return stream_add_fold(session->stream, fold) ||
           problem_set(session->problem, "the host has no memory left");
}

/* Whoever wants the events, in the order in which they get them. */
static bool open_listeners(struct session *session)
{
    const struct session_options *options = session->options;
    char error[TRACE_ERROR_BYTES];
    if (session->stats) {
        session->observer = observer_create(&session->view);
        if (!session->observer)
            return problem_set(session->problem, "the host has no memory left");
        if (!add_fold(session, observer_fold(session->observer)))
            return false;
    }
    if (options->trace_path) {
        session->trace = trace_create(options->trace_path, &session->view, error);
        if (!session->trace)
            return problem_set(session->problem, "--trace %s", error);
        if (!add_fold(session, (struct fold){session->trace, trace_write, NULL}))
            return false;
    }
    if (options->live_name) {
        session->live = live_attach(options->live_name, &session->view, error);
        if (!session->live)
            return problem_set(session->problem, "the window: %s", error);
        if (!add_fold(session, (struct fold){session->live, live_event, live_reached}))
            return false;
    }
    return true;
}

static bool open_debugger(struct session *session)
{
    if (!session->options->is_debugged)
        return true;
    session->debugger =
        debugger_create(session->platform, session->options->gdb_port, session->problem);
    return session->debugger != NULL;
}

static bool open_stats(struct session *session)
{
    if (!session->options->stats_path)
        return true;
    session->stats = fopen(session->options->stats_path, "w");
    return session->stats || problem_set(session->problem, "--stats %s: %s",
                                         session->options->stats_path, strerror(errno));
}

/* Every hart sleeps up to `next`, and the outside may wake one: up to where time may go on. */
static cycle_t wait_outside(const struct session *session, cycle_t now, cycle_t next)
{
    const struct session_outside *outside = session->options->outside;
    const double hz = (double)session->plan->parameters.machine_clock_hz;
    if (!outside || !outside->wait || next <= now)
        return CYCLE_NEVER;
    double asked = (double)(next - now) / hz;
    double passed = outside->wait(outside->owner, asked);
    return passed < asked ? now + (cycle_t)(passed * hz) : CYCLE_NEVER;
}

static cycle_t reached(void *owner, cycle_t now, cycle_t next)
{
    struct session *session = owner;
    if (session->options->outside)
        session->options->outside->tick(session->options->outside->owner);
    if (session->stream)
        stream_advance(session->stream, now);
    cycle_t granted = wait_outside(session, now, next);
    return session->live ? cycle_min(granted, live_wait(session->live, now)) : granted;
}

static void run(struct session *session, struct engine_outcome *outcome)
{
    const struct engine_options options = {
        .until_cycle = session->options->until_cycle,
        .timeout_seconds = session->options->timeout_seconds,
        .owner = session,
        .reached = reached,
        .debugger = debugger_hook(session->debugger),
        .stop = session->options->outside ? &session->options->outside->stop : NULL,
    };
    *outcome = engine_run(session->platform, &options);
    debugger_finish(session->debugger, outcome);
    if (session->stream)
        stream_finish(session->stream, outcome->cycles);
}

/* The statistics, and on stderr whatever the observer finds wrong with the run itself. */
static bool write_stats(struct session *session, const struct engine_outcome *outcome)
{
    struct observer *observer = session->observer;
    if (!observer)
        return true;
    platform_counters_visit(session->platform, observer_counter, observer);
    char *text = observer_report(observer, session->stream, outcome->cycles, outcome->instructions);
    if (!text)
        return problem_set(session->problem, "the host has no memory left");
    fprintf(session->stats, "%s\n", text);
    free(text);
    if (*observer_complaint(observer))
        fprintf(stderr, "missive: warning: %s\n", observer_complaint(observer));
    return true;
}

static bool open_pcap(struct session *session)
{
    const struct session_boot *boot = session->options->boot;
    const struct parameters *parameters = &session->plan->parameters;
    if (!boot || !boot->pcap_path)
        return true;
    session->pcap = pcap_create(boot->pcap_path, parameters->machine_epoch_seconds,
                                parameters->machine_clock_hz);
    return session->pcap ||
           problem_set(session->problem, "--pcap %s: %s", boot->pcap_path, strerror(errno));
}

/* False: not all of it is in the file, and errno says why. */
static bool close_stats(struct session *session)
{
    FILE *stats = session->stats;
    if (!stats)
        return true;
    bool written = !fflush(stats) && !ferror(stats);
    int error = errno;
    bool closed = !fclose(stats);
    if (!written)
        errno = error;
    return written && closed;
}

/* Everything that was opened; false: what was to be written is not complete. */
static bool close_all(struct session *session)
{
    char error[TRACE_ERROR_BYTES];
    bool complete = true;
    if (session->trace && !trace_close(session->trace, error))
        complete = problem_set(session->problem, "--trace %s", error);
    live_close(session->live);
    debugger_destroy(session->debugger);
    observer_destroy(session->observer);
    if (!close_stats(session))
        complete = problem_set(session->problem, "--stats %s: not complete: %s",
                               session->options->stats_path, strerror(errno));
    if (!pcap_close(session->pcap))
        complete = problem_set(session->problem, "--pcap %s: not complete: %s",
                               session->options->boot->pcap_path, strerror(errno));
    platform_destroy(session->platform);
    initial_archive_free(&session->archive);
    stream_destroy(session->stream);
    return complete;
}

enum session_result session_run(const struct run_plan *plan, const char *argv0,
                                const struct session_options *options,
                                struct character_port console, struct character_port error_console,
                                struct engine_outcome *outcome, struct problem *problem)
{
    struct session session = {.plan = plan, .options = options, .problem = problem};
    enum session_result result = SESSION_BAD_INPUT;
    if (listens(options) && !(session.stream = stream_create())) {
        problem_set(problem, "the host has no memory left");
        return SESSION_FAILED;
    }
    if (open_stats(&session) && open_pcap(&session) && build_initrd(&session, argv0)) {
        result = SESSION_FAILED;
        if (build_platform(&session, console, error_console)) {
            make_view(&session);
            result = open_listeners(&session) && open_debugger(&session) ? SESSION_RAN
                                                                         : SESSION_BAD_INPUT;
        }
    }
    if (result == SESSION_RAN) {
        run(&session, outcome);
        result = write_stats(&session, outcome) ? SESSION_RAN : SESSION_FAILED;
    }
    if (!close_all(&session) && result == SESSION_RAN)
        result = SESSION_FAILED;
    return result;
}

void session_print_speed(const char *command, const struct engine_outcome *outcome)
{
    double mips =
        outcome->host_seconds > 0 ? (double)outcome->instructions / outcome->host_seconds / 1e6 : 0;
    char timing[64] = "";
    if (outcome->timed_from == CYCLE_NEVER)
        snprintf(timing, sizeof timing, " (no timing)");
    else if (outcome->timed_from)
        snprintf(timing, sizeof timing, " (no timing before cycle %" PRIu64 ")",
                 outcome->timed_from);
    fprintf(stderr,
            "missive %s: %" PRIu64 " instructions, %" PRIu64
            " cycles%s, %.2f s of host time, %.1f guest MIPS\n",
            command, outcome->instructions, outcome->cycles, timing, outcome->host_seconds, mips);
}
