/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers: messages delivered, where one subject's cycles went (the legend of all colours at the same time), processes. */
#include <string.h>

#include "format.h"
#include "narrate.h"
#include "paint_parts.h"

enum { HEAD = 30, ROW = 17, NUMBER_WIDTH = 84 };

static struct box open_panel(struct paint *paint, struct box box)
{
    paint_panel(paint, box);
    struct box rest = box_inset(box, LAYOUT_PAD);
    rest.y = box.y;
    rest.h = box.h;
    return rest;
}

/* --- figures --- */

static void paint_figure(struct paint *paint, struct box box, const char *value,
                         const char *caption)
{
    paint_text(paint, FONT_figure, THEME_TEXT, box_take_top(&box, 22), TEXT_LEFT, value);
    paint_text(paint, FONT_caption, THEME_MUTED, box_take_top(&box, 16), TEXT_LEFT, caption);
}

static void paint_figures(struct paint *paint, const struct picture *picture)
{
    const struct scene *scene = picture->scene;
    const struct scene_figures *figures = &scene->figures;
    struct box rest = open_panel(paint, picture->layout->figures);
    struct box head = box_take_top(&rest, HEAD + 4);
    paint_text(paint, FONT_heading, THEME_TEXT, box_take_left(&head, 80), TEXT_LEFT, "messages");
    if (figures->delivered < scene->view.warmup_messages)
        paint_textf(paint, FONT_caption, THEME_MUTED, head, TEXT_RIGHT, "warming up: %s of %s",
                    format_short(figures->delivered).text,
                    format_short(scene->view.warmup_messages).text);
    else
        paint_textf(paint, FONT_caption, THEME_MUTED, head, TEXT_RIGHT,
                    "latency in cycles; %s measured, %s dropped",
                    format_short(figures->measured).text, format_short(figures->dropped).text);
    int quarter = rest.w / 4;
    bool any = figures->delivered > 0, measured = figures->measured > 0;
    paint_figure(paint, box_take_left(&rest, quarter), format_short(figures->delivered).text,
                 "delivered");
    paint_figure(paint, box_take_left(&rest, quarter),
                 format_short(messages_in_flight(scene->messages)).text, "in flight");
    paint_figure(paint, box_take_left(&rest, quarter),
                 measured ? format_short(figures->latency_sum / figures->measured).text : "-",
                 "mean latency");
    paint_figure(paint, rest, any ? format_short(figures->last_latency).text : "-", "last latency");
}

/* --- where the cycles went --- */

struct ledger {
    const struct message *message; /* NULL: of a hart, or of nothing yet */
    cycle_t cycles[ACTIVITY_COUNT];
    cycle_t total;
    const char *second; /* caption of the second column */
};

static const struct message *latest_message(const struct scene *scene)
{
    if (scene->figures.last_number > 0)
        return scene_message(scene, scene->figures.last_number);
    return messages_in_flight(scene->messages) > 0 ? messages_at(scene->messages, 0) : NULL;
}

static void ledger_of_message(struct ledger *ledger, const struct scene *scene,
                              const struct message *message)
{
    ledger->message = message;
    ledger->second = "mean";
    memcpy(ledger->cycles, message->charged, sizeof ledger->cycles);
    if (message->end == MESSAGE_IN_FLIGHT && scene->now > message->charged_until)
        ledger->cycles[message->activity] += scene->now - message->charged_until;
}

static void ledger_make(struct ledger *ledger, const struct picture *picture)
{
    const struct scene *scene = picture->scene;
    struct subject subject = picture->control->subject;
    const struct message *message = NULL;
    *ledger = (struct ledger){.second = "mean"};
    if (subject.kind == SUBJECT_MESSAGE)
        message = scene_message(scene, subject.number);
    if (subject.kind == SUBJECT_LATEST)
        message = latest_message(scene);
    if (message)
        ledger_of_message(ledger, scene, message);
    if (subject.kind == SUBJECT_HART) {
        ledger->second = "share";
        for (unsigned i = 0; i < ACTIVITY_COUNT; i++)
            ledger->cycles[i] =
                scene_hart_cycles(scene, (unsigned)subject.number, (enum activity)i);
        ledger->cycles[ACTIVITY_none] = 0;
    }
    for (unsigned i = 0; i < ACTIVITY_COUNT; i++)
        ledger->total += ledger->cycles[i];
}

static void paint_subject(struct paint *paint, const struct picture *picture,
                          const struct ledger *ledger, struct box head, struct box line)
{
    static const char *const ENDS[] = {"in flight", "delivered", "dropped"};
    const struct scene *scene = picture->scene;
    const struct message *message = ledger->message;
    struct subject subject = picture->control->subject;
    if (subject.kind == SUBJECT_HART) {
        paint_textf(paint, FONT_heading, THEME_TEXT, head, TEXT_LEFT,
                    "%s: its cycles since the start", narrate_source(scene, subject.number).text);
        paint_textf(paint, FONT_small, THEME_MUTED, line, TEXT_LEFT, "hart %u, %s cycles",
                    (unsigned)subject.number, format_short(ledger->total).text);
        return;
    }
    if (!message) {
        if (subject.kind == SUBJECT_MESSAGE)
            paint_textf(paint, FONT_heading, THEME_TEXT, head, TEXT_LEFT, "message #%s: %s",
                        format_short(subject.number).text,
                        subject.number > scene_newest(scene) ? "not sent yet" : "too long ago");
        else
            paint_text(paint, FONT_heading, THEME_TEXT, head, TEXT_LEFT, "no message yet");
        paint_text(paint, FONT_small, THEME_MUTED, line, TEXT_LEFT,
                   "its cycles will be shown here, by activity");
        return;
    }
    paint_textf(paint, FONT_heading, THEME_TEXT, head, TEXT_LEFT, "%smessage #%s: %s, %s",
                subject.kind == SUBJECT_LATEST ? "latest " : "", format_short(message->number).text,
                format_bytes(message->bytes).text, ENDS[message->end]);
    struct box total = box_take_right(&line, 110);
    paint_textf(paint, FONT_number, THEME_TEXT, total, TEXT_RIGHT, "%s cycles",
                format_short(ledger->total).text);
    struct narration from = narrate_task(scene, message->sender),
                     to = narrate_task(scene, message->receiver);
    paint_textf(paint, FONT_small, THEME_MUTED, line, TEXT_MAY_CUT, "%s to %s", from.text,
                message->receiver ? to.text : "whoever reads");
}

/* Each activity's stretch in order of the list; what is too small for a pixel is left to its neighbours. */
static void paint_stack(struct paint *paint, const struct ledger *ledger, struct box box)
{
    canvas_fill(paint->surface, box, THEME_WELL, CANVAS_OPAQUE);
    double before = 0;
    for (unsigned i = 0; i < ACTIVITY_COUNT && ledger->total > 0; i++) {
        double after = before + (double)ledger->cycles[i];
        int x0 = (int)(before / (double)ledger->total * box.w),
            x1 = (int)(after / (double)ledger->total * box.w);
        struct box part = {box.x + x0, box.y, x1 - x0, box.h};
        canvas_shade(paint->surface, part, palette_shade((enum activity)i));
        if (x1 < box.w)
            canvas_fill(paint->surface, (struct box){box.x + x1, box.y, x1 > x0 ? 1 : 0, box.h},
                        THEME_PANEL, CANVAS_OPAQUE);
        before = after;
    }
}

static void paint_row(struct paint *paint, const struct picture *picture,
                      const struct ledger *ledger, enum activity activity, struct box row)
{
    const struct scene_figures *figures = &picture->scene->figures;
    bool of_hart = picture->control->subject.kind == SUBJECT_HART;
    cycle_t cycles = ledger->cycles[activity], sum = figures->charged_sum[activity];
    bool second = of_hart ? cycles > 0 : figures->measured > 0 && sum > 0;
    struct box right = box_take_right(&row, NUMBER_WIDTH),
               left = box_take_right(&row, NUMBER_WIDTH);
    paint_swatch(paint, row.x, row.y + (row.h - SWATCH) / 2, activity);
    box_take_left(&row, SWATCH + 8);
    paint_text(paint, FONT_small, cycles > 0 || second ? THEME_TEXT : THEME_FAINT, row, TEXT_LEFT,
               palette_label(activity));
    if (cycles > 0)
        paint_text(paint, FONT_number, THEME_TEXT, left, TEXT_RIGHT, format_short(cycles).text);
    if (!second)
        return;
    struct formatted value = of_hart
                                 ? format_percent(cycles, ledger->total)
                                 : format_short((sum + figures->measured / 2) / figures->measured);
    paint_text(paint, FONT_number, THEME_MUTED, right, TEXT_RIGHT, value.text);
}

static void paint_breakdown(struct paint *paint, const struct picture *picture)
{
    struct ledger ledger;
    ledger_make(&ledger, picture);
    struct box rest = open_panel(paint, picture->layout->breakdown);
    struct box head = box_take_top(&rest, HEAD);
    struct box line = box_take_top(&rest, 22);
    paint_subject(paint, picture, &ledger, head, line);
    struct box bar = box_take_top(&rest, 34);
    bar.h = 26;
    paint_stack(paint, &ledger, bar);
    struct box caption = box_take_top(&rest, 20);
    struct box right = box_take_right(&caption, NUMBER_WIDTH),
               left = box_take_right(&caption, NUMBER_WIDTH);
    paint_text(paint, FONT_caption, THEME_MUTED, caption, TEXT_LEFT, "activity; striped: waiting");
    paint_text(paint, FONT_caption, THEME_MUTED, left, TEXT_RIGHT, "cycles");
    paint_text(paint, FONT_caption, THEME_MUTED, right, TEXT_RIGHT, ledger.second);
    for (unsigned i = ACTIVITY_none + 1; i < ACTIVITY_COUNT; i++)
        paint_row(paint, picture, &ledger, (enum activity)i, box_take_top(&rest, ROW));
}

/* --- processes --- */

static void paint_processes(struct paint *paint, const struct picture *picture)
{
    const struct scene *scene = picture->scene;
    if (picture->layout->processes.w == 0)
        return;
    struct box rest = open_panel(paint, picture->layout->processes);
    paint_text(paint, FONT_heading, THEME_TEXT, box_take_top(&rest, HEAD), TEXT_LEFT, "processes");
    unsigned room = (unsigned)((rest.h - LAYOUT_PAD) / LAYOUT_LINE), count = 0, shown = 0;
    for (unsigned i = 0; i < SCENE_TASKS; i++)
        count += scene->tasks[i].exists;
    if (count == 0)
        paint_text(paint, FONT_small, THEME_FAINT, box_take_top(&rest, LAYOUT_LINE), TEXT_LEFT,
                   "there is none yet");
    for (unsigned i = 0; i < SCENE_TASKS && shown < room; i++) {
        const struct scene_task *task = &scene->tasks[i];
        if (!task->exists)
            continue;
        struct box row = box_take_top(&rest, LAYOUT_LINE);
        shown++;
        if (shown == room && count > room) {
            paint_textf(paint, FONT_small, THEME_MUTED, row, TEXT_LEFT, "and %u more",
                        count - shown + 1);
            return;
        }
        paint_text(paint, FONT_small, THEME_TEXT, box_take_left(&row, 130), TEXT_MAY_CUT,
                   narrate_task(scene, task->cb).text);
        paint_text(paint, FONT_small, THEME_MUTED, row, TEXT_MAY_CUT | TEXT_RIGHT,
                   narrate_place(scene, task).text);
    }
}

void paint_sidebar(struct paint *paint, const struct picture *picture)
{
    paint_figures(paint, picture);
    paint_breakdown(paint, picture);
    paint_processes(paint, picture);
}
