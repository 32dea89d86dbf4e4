/* SPDX-License-Identifier: Apache-2.0 */
/* missive-viz: the window on a run, live or recorded, and pictures of it without a display. */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "paint.h"
#include "window.h"

#define ATTACH_SECONDS 60

enum { STATUS_DONE = 0, STATUS_BAD_INPUT = 2 };

struct options {
    const char *trace, *live, *screenshot;
    cycle_t at; /* CYCLE_NEVER: the end */
    int width, height;
    struct subject subject;
    bool help;
    char **command;
};

static const char USAGE[] =
    "missive-viz --trace FILE                     view a recorded run\n"
    "missive-viz --live NAME [-- COMMAND...]      view a running one: makes the shared memory "
    "NAME, starts COMMAND\n"
    "  --screenshot FILE.png   no window: write the picture\n"
    "  --at CYCLE              of this cycle (default: of the end)\n"
    "  --size WIDTHxHEIGHT     of this size (default 1280x800)\n"
    "  --select message:N      show where this message's cycles went; or hart:N\n";

__attribute__((format(printf, 1, 2))) static int complain(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("missive-viz: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    return STATUS_BAD_INPUT;
}

static bool read_number(const char *text, uint64_t *number)
{
    char *end;
    errno = 0;
    *number = strtoull(text, &end, 10);
    return text[0] >= '0' && text[0] <= '9' && *end == 0 && errno == 0;
}

static bool read_subject(const char *text, struct subject *subject)
{
    const char *colon = strchr(text, ':');
    if (!colon || !read_number(colon + 1, &subject->number))
        return false;
    if (strncmp(text, "message:", 8) == 0)
        subject->kind = SUBJECT_MESSAGE;
    else if (strncmp(text, "hart:", 5) == 0 && subject->number < MAP_MAX_HARTS)
        subject->kind = SUBJECT_HART;
    else
        return false;
    return true;
}

static bool read_size(const char *text, int *width, int *height)
{
    char rest;
    return sscanf(text, "%dx%d%c", width, height, &rest) == 2 && *width >= LAYOUT_MIN_WIDTH &&
           *width <= 8192 && *height >= LAYOUT_MIN_HEIGHT && *height <= 8192;
}

static int take_option(struct options *options, int letter, const char *value)
{
    switch (letter) {
    case 't':
        options->trace = value;
        return STATUS_DONE;
    case 'l':
        options->live = value;
        return STATUS_DONE;
    case 's':
        options->screenshot = value;
        return STATUS_DONE;
    case 'a':
        if (!read_number(value, &options->at))
            return complain("--at %s: a cycle is a number such as 1200000", value);
        return STATUS_DONE;
    case 'z':
        if (!read_size(value, &options->width, &options->height))
            return complain("--size %s: WIDTHxHEIGHT, from %dx%d to 8192x8192", value,
                            LAYOUT_MIN_WIDTH, LAYOUT_MIN_HEIGHT);
        return STATUS_DONE;
    case 'e':
        if (!read_subject(value, &options->subject))
            return complain("--select %s: message:N or hart:N", value);
        return STATUS_DONE;
    default:
        options->help = true;
        return STATUS_DONE;
    }
}

static int read_options(struct options *options, int argc, char **argv)
{
    static const struct option LONG[] = {
        {"trace", required_argument, NULL, 't'},
        {"live", required_argument, NULL, 'l'},
        {"screenshot", required_argument, NULL, 's'},
        {"at", required_argument, NULL, 'a'},
        {"size", required_argument, NULL, 'z'},
        {"select", required_argument, NULL, 'e'},
        {"help", no_argument, NULL, 'h'},
        {0},
    };
    opterr = 0;
    for (int letter; (letter = getopt_long(argc, argv, "+:", LONG, NULL)) != -1;) {
        if (letter == '?')
            return complain("%s: unknown option; --help lists them", argv[optind - 1]);
        if (letter == ':')
            return complain("%s: needs a value; --help says which", argv[optind - 1]);
        int status = take_option(options, letter, optarg);
        if (status != STATUS_DONE)
            return status;
    }
    if (optind < argc)
        options->command = &argv[optind];
    if (!options->help && !options->trace == !options->live)
        return complain("give either --trace FILE or --live NAME");
    if (options->command && !options->live)
        return complain("%s: a command goes with --live", options->command[0]);
    if (options->at != CYCLE_NEVER && !options->screenshot)
        return complain("--at goes with --screenshot FILE.png");
    return STATUS_DONE;
}

static int take_picture(const struct options *options, struct scene *scene, struct source *source)
{
    char error[TRACE_ERROR_BYTES];
    struct control control;
    control_init(&control);
    control.subject = options->subject;
    control_seek(&control, scene, source, options->at);
    if (control.problem[0])
        return complain("%s", control.problem);
    if (control.pace == PACE_OVER && options->at != CYCLE_NEVER && scene->now < options->at)
        return complain("--at %llu: the run ends at cycle %llu", (unsigned long long)options->at,
                        (unsigned long long)scene->now);
    if (control.pace != PACE_OVER)
        control.pace = PACE_PAUSED;
    static struct layout layout;
    static struct token tokens[PLACE_MAX];
    static struct motion motion;
    layout_compute(&layout, scene, options->width, options->height);
    motion_advance(&motion, tokens, place_tokens(&layout, scene, tokens), 0, true);
    struct paint paint;
    if (!paint_open(&paint, error, sizeof error))
        return complain("%s", error);
    struct picture picture = {
        .scene = scene, .layout = &layout, .motion = &motion, .control = &control};
    bool done = paint_picture(&paint, &picture) &&
                paint_save(&paint, options->screenshot, error, sizeof error);
    paint_close(&paint);
    return done ? STATUS_DONE : complain("%s", error);
}

static int open_window(const struct options *options, struct scene *scene, struct source *source)
{
    char error[TRACE_ERROR_BYTES];
    struct window *window = window_open(scene, source, error);
    if (!window)
        return complain("%s", error);
    window_control(window)->subject = options->subject;
    window_run(window);
    window_close(window);
    return STATUS_DONE;
}

int main(int argc, char **argv)
{
    struct options options = {.at = CYCLE_NEVER, .width = LAYOUT_WIDTH, .height = LAYOUT_HEIGHT};
    int status = read_options(&options, argc, argv);
    if (status != STATUS_DONE)
        return status;
    if (options.help) {
        fputs(USAGE, stdout);
        return STATUS_DONE;
    }
    char error[TRACE_ERROR_BYTES];
    struct source *source =
        options.trace ? source_open_trace(options.trace, error)
                      : source_open_live(options.live, options.command, ATTACH_SECONDS, error);
    if (!source)
        return complain("%s", error);
    if (options.subject.kind == SUBJECT_HART &&
        options.subject.number >= source_view(source)->hart_count) {
        status =
            complain("--select hart:%llu: the machine has %u harts",
                     (unsigned long long)options.subject.number, source_view(source)->hart_count);
        source_close(source, false);
        return status;
    }
    struct scene *scene = scene_create(source_view(source));
    if (!scene)
        status = complain("out of memory");
    else if (options.screenshot)
        status = take_picture(&options, scene, source);
    else
        status = open_window(&options, scene, source);
    scene_destroy(scene);
    int simulator_status = source_close(source, true);
    return status != STATUS_DONE ? status : simulator_status;
}
