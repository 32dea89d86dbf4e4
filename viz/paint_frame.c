/* SPDX-License-Identifier: Apache-2.0 */
/* Around the diagram: header, what just happened, the help line, the help page, a passing remark. */
#include <string.h>

#include "format.h"
#include "narrate.h"
#include "paint_parts.h"

/* --- header --- */

static void paint_field(struct paint *paint, struct box box, enum font font, unsigned flags,
                        const char *value, const char *caption)
{
    struct box top = {box.x, box.y + 10, box.w, 26}, bottom = {box.x, box.y + 36, box.w, 16};
    paint_text(paint, font, THEME_TEXT, top, flags | TEXT_MAY_CUT, value);
    paint_text(paint, FONT_caption, THEME_MUTED, bottom, flags & ~(unsigned)TEXT_MAY_CUT, caption);
}

/* Machines that follow the paper are built from what its abstracts say; the picture must not hide that. */
static bool is_reconstruction(const struct scene *scene)
{
    return scene_has_coprocessor(scene) || strstr(scene->view.mechanism, "smart") != NULL;
}

static void paint_state(struct paint *paint, const struct control *control, struct box box)
{
    bool paused = control->pace == PACE_PAUSED || control->pace == PACE_OVER;
    struct box pill = {box.x, box.y + 11, box.w, 24}, bottom = {box.x, box.y + 36, box.w, 16};
    uint32_t ground = control->problem[0] ? THEME_WARNING : paused ? THEME_LINE : THEME_ACCENT;
    canvas_round(paint->surface, pill, 12, ground, CANVAS_OPAQUE);
    paint_text(paint, FONT_heading, paused && !control->problem[0] ? THEME_TEXT : THEME_TOKEN_INK,
               pill, TEXT_CENTER, control_pace_name(control));
    if (control_speed(control) == 0)
        paint_text(paint, FONT_caption, THEME_MUTED, bottom, TEXT_CENTER, "as fast as possible");
    else
        paint_textf(paint, FONT_caption, THEME_MUTED, bottom, TEXT_CENTER, "%s cycles per s",
                    format_count(control_speed(control)).text);
}

void paint_header(struct paint *paint, const struct picture *picture)
{
    const struct scene *scene = picture->scene;
    struct box header = picture->layout->header;
    canvas_fill(paint->surface, header, THEME_PANEL, CANVAS_OPAQUE);
    struct box rest = {header.x + LAYOUT_MARGIN, header.y, header.w - 2 * LAYOUT_MARGIN, header.h};
    struct box brand = box_take_left(&rest, 110);
    paint_field(paint, brand, FONT_title, TEXT_LEFT, "Missive", "message passing");
    paint_state(paint, picture->control, box_take_right(&rest, 140));
    box_take_right(&rest, 20);
    struct box time = box_take_right(&rest, 120), cycle = box_take_right(&rest, 170);
    struct formatted clock = format_clock(scene->view.clock_hz);
    char caption[FORMAT_MAX + 16] = "time at ";
    strcat(caption, clock.text);
    paint_field(paint, time, FONT_figure, TEXT_RIGHT,
                format_time(scene->now, scene->view.clock_hz).text, caption);
    paint_field(paint, cycle, FONT_counter, TEXT_RIGHT, format_count(scene->now).text, "cycle");
    struct box machine = {rest.x + rest.w * 2 / 5, rest.y, rest.w * 3 / 5 - 8, rest.h};
    rest.w = rest.w * 2 / 5 - 12;
    paint_field(paint, rest, FONT_value, TEXT_LEFT, scene->view.scenario, "scenario");
    paint_field(paint, machine, FONT_value, TEXT_LEFT, scene->view.machine,
                is_reconstruction(scene) ? "machine, a reconstruction" : "machine");
}

/* --- what just happened --- */

void paint_feed(struct paint *paint, const struct picture *picture)
{
    const struct scene *scene = picture->scene;
    if (picture->layout->feed.w == 0)
        return;
    paint_panel(paint, picture->layout->feed);
    struct box rest = box_inset(picture->layout->feed, LAYOUT_PAD);
    struct box head = box_take_top(&rest, 20);
    rest.h += 4;
    paint_text(paint, FONT_heading, THEME_TEXT, box_take_left(&head, 160), TEXT_LEFT,
               "what just happened");
    if (picture->control->problem[0])
        paint_text(paint, FONT_small, THEME_WARNING, head, TEXT_MAY_CUT | TEXT_RIGHT,
                   picture->control->problem);
    else if (scene->events > 0)
        paint_text(paint, FONT_small, THEME_FAINT, head, TEXT_MAY_CUT | TEXT_RIGHT,
                   narrate_event(scene, &scene->last).text);
    for (unsigned i = 0; rest.h >= LAYOUT_LINE; i++) {
        const struct scene_line *line = scene_line(scene, i);
        struct box row = box_take_top(&rest, LAYOUT_LINE);
        if (!line)
            continue;
        paint_text(paint, FONT_number, THEME_FAINT, box_take_left(&row, 100), TEXT_RIGHT,
                   format_short(line->cycle).text);
        box_take_left(&row, 12);
        paint_text(paint, FONT_small, i == 0 ? THEME_TEXT : THEME_MUTED, row, TEXT_MAY_CUT,
                   line->text);
    }
}

/* --- help --- */

struct key_help {
    const char *key, *label, *doc;
};

static const struct key_help KEYS[] = {
#define KEY(sdl, command, key, label, doc) {key, label, doc},
#include "keys.def"
#undef KEY
};
enum { KEY_COUNT = sizeof KEYS / sizeof KEYS[0] };

static int paint_keycap(struct paint *paint, struct box box, const char *key)
{
    int width = text_width(paint->text, FONT_caption, key) + 12;
    struct box cap = {box.x, box.y + (box.h - 18) / 2, width < 20 ? 20 : width, 18};
    canvas_card(paint->surface, cap, RADIUS_CHIP, THEME_TILE, THEME_LINE);
    paint_text(paint, FONT_caption, THEME_TEXT, cap, TEXT_CENTER, key);
    return cap.w;
}

void paint_footer(struct paint *paint, const struct picture *picture)
{
    struct box rest = picture->layout->footer;
    canvas_fill(paint->surface, rest, THEME_PANEL, CANVAS_OPAQUE);
    box_take_left(&rest, LAYOUT_MARGIN);
    for (unsigned i = 0; i < KEY_COUNT; i++) {
        int width = text_width(paint->text, FONT_small, KEYS[i].label);
        if (KEYS[i].label[0] == 0 || rest.w < width + 70)
            continue;
        box_take_left(&rest, paint_keycap(paint, rest, KEYS[i].key) + 6);
        paint_text(paint, FONT_small, THEME_MUTED, box_take_left(&rest, width), TEXT_LEFT,
                   KEYS[i].label);
        box_take_left(&rest, 18);
    }
    struct box hint = {rest.x, rest.y, rest.w - LAYOUT_MARGIN, rest.h};
    if (text_width(paint->text, FONT_small, "click a message or a hart") <= hint.w)
        paint_text(paint, FONT_small, THEME_FAINT, hint, TEXT_RIGHT, "click a message or a hart");
}

static const char *const LEGEND[] = {
    "A white token is a message: its number and its size. It lies on its carrier, the hart, list "
    "or pipe that",
    "has it at this cycle. The colour at its left is the activity that it is charged for; stripes "
    "mean waiting.",
    "Every cycle from the entry of the send call to the return of the receive call is charged to "
    "one activity,",
    "so the bar adds up to the latency exactly. The strip in a hart is what it did in the last "
    "10,000 cycles.",
    "Click a message or a hart to see where its cycles went.",
};
enum { LEGEND_COUNT = sizeof LEGEND / sizeof LEGEND[0] };

void paint_help(struct paint *paint, const struct picture *picture)
{
    if (!picture->control->help)
        return;
    struct box window = picture->layout->window;
    canvas_fill(paint->surface, window, THEME_GROUND, 190);
    int keys = 0;
    for (unsigned i = 0; i < KEY_COUNT; i++)
        keys += KEYS[i].doc[0] != 0;
    int width = 700, height = 40 + keys * 24 + 44 + LEGEND_COUNT * 20 + 24;
    struct box box = {(window.w - width) / 2, (window.h - height) / 2, width, height};
    canvas_card(paint->surface, box, RADIUS_PANEL, THEME_PANEL, THEME_LINE);
    struct box rest = box_inset(box, 20);
    paint_text(paint, FONT_value, THEME_TEXT, box_take_top(&rest, 28), TEXT_LEFT, "Keys");
    for (unsigned i = 0; i < KEY_COUNT; i++) {
        if (KEYS[i].doc[0] == 0)
            continue;
        struct box row = box_take_top(&rest, 24);
        paint_keycap(paint, row, KEYS[i].key);
        box_take_left(&row, 90);
        paint_text(paint, FONT_body, THEME_MUTED, row, TEXT_LEFT, KEYS[i].doc);
    }
    box_take_top(&rest, 12);
    paint_text(paint, FONT_value, THEME_TEXT, box_take_top(&rest, 28), TEXT_LEFT,
               "How to read the picture");
    for (unsigned i = 0; i < LEGEND_COUNT; i++)
        paint_text(paint, FONT_body, THEME_MUTED, box_take_top(&rest, 20), TEXT_LEFT, LEGEND[i]);
}

void paint_toast(struct paint *paint, const struct picture *picture)
{
    if (!picture->toast || !picture->toast[0])
        return;
    struct box footer = picture->layout->footer;
    int width = text_width(paint->text, FONT_body, picture->toast) + 32;
    width = width < footer.w ? width : footer.w;
    struct box box = {(footer.w - width) / 2, footer.y - 44, width, 32};
    canvas_card(paint->surface, box, 16, THEME_TILE, THEME_ACCENT);
    paint_text(paint, FONT_body, THEME_TEXT, box_inset(box, 8), TEXT_CENTER | TEXT_MAY_CUT,
               picture->toast);
}
