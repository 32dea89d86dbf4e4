/* SPDX-License-Identifier: Apache-2.0 */
/* Harts, the wires to the bus, the bus, and the messages on top of it all. */
#include <stdio.h>

#include "format.h"
#include "narrate.h"
#include "paint_parts.h"

/* --- wires --- */

static bool drives_bus(const struct scene *scene, uint64_t master)
{
    return scene_bus_held(scene) && scene->bus.master == master;
}

static void paint_wires(struct paint *paint, const struct picture *picture)
{
    const struct layout *layout = picture->layout;
    for (unsigned i = 0; i < layout->hart_count; i++) {
        struct box box = layout->harts[i].box;
        bool upper = box.y + box.h + 40 < layout->bus.y;
        int x = box.x + (upper ? box.w / 3 : box.w / 2);
        struct box wire = {x, box.y + box.h, 2, layout->bus.y - box.y - box.h};
        canvas_fill(paint->surface, wire, drives_bus(picture->scene, i) ? THEME_ACCENT : THEME_LINE,
                    CANVAS_OPAQUE);
    }
    struct box bus = layout->bus, memory = layout->memory;
    struct box wire = {bus.x + bus.w / 2, bus.y + bus.h, 2, memory.y - bus.y - bus.h};
    canvas_fill(paint->surface, wire, scene_bus_held(picture->scene) ? THEME_ACCENT : THEME_LINE,
                CANVAS_OPAQUE);
}

/* --- harts --- */

static const char *mode_of(const struct scene_hart *hart)
{
    return hart->sleeping ? "asleep" : hart->user ? "user" : "kernel";
}

/* The activity that fills most of each pixel's stretch of the last SCENE_WINDOW_CYCLES. */
static void paint_history(struct paint *paint, const struct scene *scene,
                          const struct scene_hart *hart, struct box box)
{
    canvas_fill(paint->surface, box, THEME_WELL, CANVAS_OPAQUE);
    cycle_t now = scene->now, begin = now > SCENE_WINDOW_CYCLES ? now - SCENE_WINDOW_CYCLES : 0;
    uint64_t index = hart->span_count, oldest = index > SCENE_SPANS ? index - SCENE_SPANS : 0;
    cycle_t end = now;
    for (int x = box.w - 1; x >= 0; x--) {
        cycle_t from =
            now - cycle_min(now, SCENE_WINDOW_CYCLES * (cycle_t)(box.w - x) / (cycle_t)box.w);
        cycle_t share[ACTIVITY_COUNT] = {0};
        enum activity most = ACTIVITY_none;
        while (index > oldest && end > from) {
            const struct scene_span *span = &hart->spans[(index - 1) % SCENE_SPANS];
            cycle_t to = cycle_max(span->begin, from);
            share[span->activity] += end - to;
            if (share[span->activity] > share[most])
                most = span->activity;
            end = to;
            if (span->begin >= from)
                index--;
        }
        if (most != ACTIVITY_none)
            canvas_shade(paint->surface, (struct box){box.x + x, box.y, 1, box.h},
                         palette_shade(most));
        if (from <= begin || index == oldest)
            break;
    }
}

static void paint_hart_mark(struct paint *paint, const struct scene_hart *hart, unsigned number,
                            struct box box)
{
    char label[24];
    snprintf(label, sizeof label, hart->role == ROLE_COPROCESSOR ? "c%u" : "%u", number);
    struct box inner = box_inset(box, 6);
    paint_swatch(paint, inner.x, inner.y, hart->activity);
    inner.x += SWATCH + 4;
    inner.w -= SWATCH + 4;
    inner.h = SWATCH;
    paint_text(paint, FONT_number, THEME_TEXT, inner, TEXT_LEFT, label);
}

static void paint_activity(struct paint *paint, const struct scene_hart *hart, struct box line)
{
    paint_swatch(paint, line.x, line.y + (line.h - SWATCH) / 2, hart->activity);
    box_take_left(&line, SWATCH + 6);
    paint_text(paint, FONT_small, THEME_TEXT, line, TEXT_LEFT, palette_label(hart->activity));
}

static void paint_hart_line(struct paint *paint, const struct scene *scene, unsigned number,
                            struct box box)
{
    const struct scene_hart *hart = &scene->harts[number];
    struct box rest = box_inset(box, 8);
    paint_text(paint, FONT_heading, THEME_TEXT, box_take_top(&rest, LAYOUT_LINE), TEXT_LEFT,
               narrate_source(scene, number).text);
    paint_activity(paint, hart, box_take_top(&rest, LAYOUT_LINE));
}

static void paint_hart_task(struct paint *paint, const struct scene *scene,
                            const struct scene_hart *hart, struct box line)
{
    if (hart->task)
        paint_text(paint, FONT_body, THEME_TEXT, line, TEXT_MAY_CUT,
                   narrate_task(scene, hart->task).text);
    else
        paint_text(paint, FONT_body, THEME_FAINT, line, TEXT_LEFT,
                   hart->role == ROLE_COPROCESSOR ? "communication part" : "no task");
}

static void paint_hart(struct paint *paint, const struct picture *picture, unsigned number)
{
    const struct scene_hart *hart = &picture->scene->harts[number];
    struct box box = picture->layout->harts[number].box;
    struct subject subject = picture->control->subject;
    bool selected = subject.kind == SUBJECT_HART && subject.number == number;
    uint32_t ground = hart->role == ROLE_COPROCESSOR ? THEME_TILE_COPROCESSOR : THEME_TILE;
    canvas_card(paint->surface, box, RADIUS_TILE, ground, selected ? THEME_ACCENT : THEME_LINE);
    if (picture->layout->hart_style == TILE_MARK) {
        paint_hart_mark(paint, hart, hart->number_in_role, box);
        return;
    }
    if (picture->layout->hart_style == TILE_LINE) {
        paint_hart_line(paint, picture->scene, number, box);
        return;
    }
    struct box rest = box_inset(box, LAYOUT_PAD);
    struct box strip = {rest.x, rest.y + rest.h - 14, rest.w, 14};
    struct box line = box_take_top(&rest, LAYOUT_LINE);
    struct box mode = box_take_right(&line, 48);
    paint_text(paint, FONT_heading, THEME_TEXT, line, TEXT_LEFT,
               narrate_source(picture->scene, number).text);
    paint_text(paint, FONT_caption, THEME_MUTED, mode, TEXT_RIGHT, mode_of(hart));
    paint_hart_task(paint, picture->scene, hart, box_take_top(&rest, LAYOUT_LINE));
    paint_activity(paint, hart, box_take_top(&rest, LAYOUT_LINE + 2));
    paint_history(paint, picture->scene, hart, strip);
}

/* --- bus --- */

static void paint_bus(struct paint *paint, const struct picture *picture)
{
    const struct scene *scene = picture->scene;
    bool held = scene_bus_held(scene);
    canvas_card(paint->surface, picture->layout->bus, RADIUS_PANEL, THEME_PANEL,
                held ? THEME_ACCENT : THEME_LINE);
    struct box rest = box_inset(picture->layout->bus, LAYOUT_PAD);
    rest.y -= 2;
    struct box line = box_take_top(&rest, LAYOUT_LINE);
    struct box use = box_take_right(&line, 340);
    paint_text(paint, FONT_heading, THEME_TEXT, box_take_left(&line, 48), TEXT_LEFT, "bus");
    if (held)
        paint_textf(paint, FONT_small, THEME_TEXT, line, TEXT_MAY_CUT, "%s %s",
                    narrate_source(scene, scene->bus.master).text, narrate_tenure(scene->bus.kind));
    else
        paint_text(paint, FONT_small, THEME_FAINT, line, TEXT_LEFT, "free");
    cycle_t recent = 0, window = cycle_min(scene->now, SCENE_WINDOW_CYCLES - SCENE_BIN_CYCLES +
                                                           scene->now % SCENE_BIN_CYCLES);
    for (unsigned i = 0; i < SCENE_BINS; i++)
        recent += scene_bus_bin(scene, i);
    paint_textf(paint, FONT_caption, THEME_MUTED, use, TEXT_RIGHT,
                "in use %s of the last 10,000 cycles, %s since the start",
                format_percent(recent, window).text,
                format_percent(scene_bus_busy(scene), scene->now).text);
    struct box strip = {rest.x, rest.y + 6, rest.w, 16};
    canvas_fill(paint->surface, strip, THEME_WELL, CANVAS_OPAQUE);
    for (int i = 0; i < SCENE_BINS; i++) {
        int x = strip.x + (SCENE_BINS - 1 - i) * strip.w / SCENE_BINS,
            next = strip.x + (SCENE_BINS - i) * strip.w / SCENE_BINS;
        int height = (int)(scene_bus_bin(scene, (unsigned)i) * (cycle_t)strip.h / SCENE_BIN_CYCLES);
        canvas_fill(paint->surface,
                    (struct box){x, strip.y + strip.h - height, next - x - 1, height}, THEME_GAUGE,
                    CANVAS_OPAQUE);
    }
}

void paint_machine(struct paint *paint, const struct picture *picture)
{
    paint_wires(paint, picture);
    for (unsigned i = 0; i < picture->layout->hart_count; i++)
        paint_hart(paint, picture, i);
    paint_bus(paint, picture);
}

/* --- messages --- */

enum {
    TOKEN_LABEL_WIDTH = 52, /* below this a token has no room for a colour beside its label */
    TOKEN_WORDS_MIN = 12,   /* below this, none for a label */
};

static void paint_token(struct paint *paint, const struct moving *moving, bool selected)
{
    const struct token *token = &moving->token;
    struct box box = motion_box(moving);
    unsigned alpha = (unsigned)(255 * moving->fade / MOTION_FADE_SECONDS);
    if (selected)
        canvas_round(paint->surface, box_inset(box, -3), RADIUS_TILE + 3, THEME_ACCENT, alpha);
    canvas_round(paint->surface, box, RADIUS_TILE, THEME_TOKEN, alpha);
    bool narrow = box.w < TOKEN_LABEL_WIDTH;
    if (!moving->ended && !narrow)
        canvas_shade(paint->surface, (struct box){box.x + 5, box.y + 5, 10, box.h - 10},
                     palette_shade(token->activity));
    char label[2 * FORMAT_MAX + 4];
    if (token->pile > 1)
        snprintf(label, sizeof label, "%u messages", token->pile);
    else
        snprintf(label, sizeof label, "#%s %s", format_short(token->number).text,
                 format_bytes(token->bytes).text);
    struct box words = {box.x + 20, box.y, box.w - 24, box.h};
    if (narrow)
        words = (struct box){box.x + 2, box.y, box.w - 4, box.h};
    if (words.w < TOKEN_WORDS_MIN)
        return;
    text_draw(paint->text, paint->surface, FONT_token, THEME_TOKEN_INK, alpha, words, TEXT_MAY_CUT,
              label);
}

void paint_tokens(struct paint *paint, const struct picture *picture)
{
    struct subject subject = picture->control->subject;
    for (unsigned i = 0; i < picture->motion->count; i++) {
        const struct moving *moving = &picture->motion->moving[i];
        bool selected = subject.kind == SUBJECT_MESSAGE && subject.number == moving->token.number;
        if (moving->token.pile > 0)
            paint_token(paint, moving, selected);
    }
}
