/* SPDX-License-Identifier: Apache-2.0 */
/* The memory and what the kernel keeps in it: lists of control blocks, pipes; and the controller, if the machine has one. */
#include <stdio.h>

#include "format.h"
#include "narrate.h"
#include "paint_parts.h"

enum { CHIP_WIDTH = 128, RECENT_CYCLES = 100 };

/* --- control blocks --- */

static void paint_chip(struct paint *paint, struct box box, const char *label)
{
    canvas_card(paint->surface, box, RADIUS_CHIP, THEME_PANEL, THEME_FAINT);
    struct box words = box_inset(box, 5);
    words.y = box.y;
    words.h = box.h;
    paint_text(paint, FONT_small, THEME_TEXT, words, TEXT_MAY_CUT | TEXT_CENTER, label);
}

static void paint_blocks(struct paint *paint, const struct scene *scene,
                         const struct scene_list *list, struct box area)
{
    if (list->count == 0) {
        paint_text(paint, FONT_small, THEME_FAINT, area, TEXT_LEFT, "empty");
        return;
    }
    unsigned seats = box_slots(area, CHIP_WIDTH, area.h);
    for (unsigned i = 0; i < seats && i < list->count; i++) {
        char more[32];
        bool last = i + 1 == seats && (list->count > seats || area.w < 60);
        snprintf(more, sizeof more, area.w < 60 ? "%u" : "%u tasks", list->count - i);
        paint_chip(paint, box_slot(area, CHIP_WIDTH, area.h, i),
                   last ? more : narrate_task(scene, list->cb[i]).text);
    }
}

/* --- lists --- */

static void paint_list(struct paint *paint, const struct picture *picture, const struct tile *tile)
{
    const struct scene *scene = picture->scene;
    const struct scene_list *list = &scene->lists[tile->index];
    bool communication = list->kind == LIST_COMMUNICATION;
    struct narration owner = narrate_source(scene, list->owner);
    canvas_card(paint->surface, tile->box, RADIUS_TILE, THEME_TILE, THEME_LINE);
    struct box rest = box_inset(tile->box, picture->layout->list_style == TILE_FULL ? 8 : 6);
    if (picture->layout->list_style == TILE_FULL) {
        paint_text(paint, FONT_heading, THEME_TEXT, box_take_top(&rest, LAYOUT_LINE), TEXT_LEFT,
                   communication ? "communication list" : "computation list");
        paint_textf(paint, FONT_caption, THEME_MUTED, box_take_top(&rest, 14), TEXT_LEFT, "%s%s",
                    communication ? "calls for the coprocessor" : "tasks ready for ",
                    communication ? "" : owner.text);
        paint_blocks(paint, scene, list, tile->blocks);
        return;
    }
    const char *calls = picture->layout->list_style == TILE_LINE ? "communication" : "calls";
    rest.w = tile->blocks.x - rest.x - 4;
    paint_text(paint, FONT_small, THEME_TEXT, rest, TEXT_MAY_CUT,
               communication ? calls : owner.text);
    if (picture->layout->list_style == TILE_LINE || list->count > 0)
        paint_blocks(paint, scene, list, tile->blocks);
}

static void paint_lists(struct paint *paint, const struct picture *picture)
{
    const struct layout *layout = picture->layout;
    struct box rest = layout->lists_area;
    struct box caption = box_take_top(&rest, 20);
    caption.h = 16;
    const char *what = layout->list_style == TILE_FULL
                           ? "a control block stands for a task"
                           : "of calls (communication), of tasks ready for each host (computation)";
    if (layout->lists_hidden)
        paint_textf(paint, FONT_caption, THEME_MUTED, caption, TEXT_LEFT,
                    "lists of control blocks (%u more find no room)", layout->lists_hidden);
    else
        paint_textf(paint, FONT_caption, THEME_MUTED, caption, TEXT_LEFT,
                    "lists of control blocks: %s", what);
    if (layout->list_count == 0)
        paint_text(paint, FONT_small, THEME_FAINT, rest, TEXT_LEFT, "the kernel has made none yet");
    for (unsigned i = 0; i < layout->list_count; i++)
        paint_list(paint, picture, &layout->lists[i]);
}

/* --- pipes --- */

static void paint_gauge(struct paint *paint, const struct scene_object *object, struct box box)
{
    canvas_fill(paint->surface, box, THEME_WELL, CANVAS_OPAQUE);
    uint64_t fill = object->put_end - object->taken_end, room = object->capacity_bytes;
    if (fill == 0 || object->put_end < object->taken_end || room == 0)
        return;
    fill = fill < room ? fill : room;
    int width = (int)((double)box.w * ((double)fill / (double)room));
    box.w = width < 3 ? 3 : width; /* a little must not look like nothing */
    canvas_fill(paint->surface, box, THEME_GAUGE, CANVAS_OPAQUE);
}

static void paint_waiting(struct paint *paint, const struct scene *scene, uint64_t address,
                          struct box box)
{
    const struct scene_task *first = NULL;
    unsigned waiting = 0;
    for (unsigned i = 0; i < SCENE_TASKS; i++) {
        const struct scene_task *task = &scene->tasks[i];
        if (!task->exists || task->place != TASK_PARKED || task->where != address)
            continue;
        first = first ? first : task;
        waiting++;
    }
    if (waiting > 1)
        paint_textf(paint, FONT_small, THEME_MUTED, box, TEXT_MAY_CUT, "%u tasks wait", waiting);
    else if (first)
        paint_textf(paint, FONT_small, THEME_MUTED, box, TEXT_MAY_CUT, "%s waits for %s",
                    narrate_task(scene, first->cb).text, first->for_room ? "room" : "data");
    else
        paint_text(paint, FONT_small, THEME_FAINT, box, TEXT_LEFT, "nobody waits");
}

static void paint_object(struct paint *paint, const struct picture *picture,
                         const struct tile *tile)
{
    const struct scene *scene = picture->scene;
    const struct scene_object *object = &scene->objects[tile->index];
    canvas_card(paint->surface, tile->box, RADIUS_TILE, THEME_TILE, THEME_LINE);
    uint64_t fill = object->put_end > object->taken_end ? object->put_end - object->taken_end : 0;
    char text[2 * FORMAT_MAX + 8];
    snprintf(text, sizeof text, "%s of %s", format_bytes(fill).text,
             format_bytes(object->capacity_bytes).text);
    struct narration name = narrate_object(scene, object->address);
    if (picture->layout->object_style != TILE_FULL) {
        struct box line = box_inset(tile->box, 6);
        line.w = tile->tokens.x - line.x - 6;
        paint_text(paint, FONT_heading, THEME_TEXT, box_take_left(&line, 52), TEXT_MAY_CUT,
                   name.text);
        paint_text(paint, FONT_caption, THEME_MUTED, line, TEXT_MAY_CUT | TEXT_RIGHT, text);
        return;
    }
    struct box rest = box_inset(tile->box, LAYOUT_PAD);
    struct box line = box_take_top(&rest, LAYOUT_LINE);
    struct box level = box_take_right(&line, line.w - 70);
    paint_text(paint, FONT_heading, THEME_TEXT, line, TEXT_MAY_CUT, name.text);
    paint_text(paint, FONT_small, THEME_MUTED, level, TEXT_RIGHT, text);
    box_take_top(&rest, 4);
    paint_gauge(paint, object, box_take_top(&rest, 14));
    struct box foot = {rest.x, tile->box.y + tile->box.h - LAYOUT_PAD - LAYOUT_LINE, rest.w,
                       LAYOUT_LINE};
    paint_waiting(paint, scene, object->address, foot);
}

static void paint_objects(struct paint *paint, const struct picture *picture)
{
    const struct layout *layout = picture->layout;
    struct box rest = layout->objects_area;
    struct box caption = box_take_top(&rest, 20);
    caption.h = 16;
    const char *what = "pipes: bytes written and not yet read";
    if (layout->objects_hidden)
        paint_textf(paint, FONT_caption, THEME_MUTED, caption, TEXT_LEFT,
                    "%s (%u more find no room)", what, layout->objects_hidden);
    else
        paint_text(paint, FONT_caption, THEME_MUTED, caption, TEXT_LEFT, what);
    if (layout->object_count == 0 && layout->objects_hidden == 0) {
        rest.h = LAYOUT_LINE;
        paint_text(paint, FONT_small, THEME_FAINT, rest, TEXT_LEFT, "there is none now");
    }
    for (unsigned i = 0; i < layout->object_count; i++)
        paint_object(paint, picture, &layout->objects[i]);
}

/* --- the controller --- */

static const char *operation_name(const struct event *event)
{
    switch (event->kind) {
    case EVENT_smart_enqueue:
        return "enqueue";
    case EVENT_smart_first:
        return "first";
    case EVENT_smart_dequeue:
        return "dequeue";
    default:
        return event->arg[3] ? "block write" : "block read";
    }
}

static void paint_controller(struct paint *paint, const struct picture *picture)
{
    const struct scene_controller *controller = &picture->scene->controller;
    struct box box = picture->layout->controller;
    if (box.w == 0)
        return;
    bool busy = controller->blocks_streaming > 0 ||
                (controller->seen && picture->scene->now - controller->last.cycle < RECENT_CYCLES);
    canvas_card(paint->surface, box, RADIUS_TILE, THEME_TILE, busy ? THEME_ACCENT : THEME_LINE);
    struct box rest = box_inset(box, 8);
    rest.y = box.y;
    rest.h = box.h;
    struct box streaming = box_take_right(&rest, controller->blocks_streaming ? 120 : 0);
    paint_text(paint, FONT_heading, THEME_TEXT, box_take_left(&rest, 76), TEXT_LEFT, "controller");
    if (controller->seen)
        paint_textf(paint, FONT_small, THEME_MUTED, rest, TEXT_MAY_CUT, "last: %s for %s",
                    operation_name(&controller->last),
                    narrate_source(picture->scene, controller->last.source).text);
    else
        paint_text(paint, FONT_small, THEME_FAINT, rest, TEXT_LEFT, "no operation yet");
    if (controller->blocks_streaming)
        paint_textf(paint, FONT_small, THEME_TEXT, streaming, TEXT_RIGHT, "%u %s",
                    controller->blocks_streaming,
                    controller->blocks_streaming == 1 ? "block streams" : "blocks stream");
}

void paint_memory(struct paint *paint, const struct picture *picture)
{
    const struct layout *layout = picture->layout;
    const struct scene *scene = picture->scene;
    paint_panel(paint, layout->memory);
    struct box rest = box_inset(layout->memory, LAYOUT_PAD);
    struct box line = box_take_top(&rest, 16);
    line.w = 130;
    paint_text(paint, FONT_heading, THEME_TEXT, line, TEXT_LEFT,
               scene_has_controller(scene) ? "smart memory" : "memory");
    line.y += 16;
    paint_textf(paint, FONT_caption, THEME_MUTED, line, TEXT_LEFT, "shared, %s",
                format_bytes(scene->view.ram_bytes).text);
    paint_controller(paint, picture);
    if (layout->elsewhere.w)
        canvas_card(paint->surface, layout->elsewhere, RADIUS_TILE, THEME_TILE, THEME_LINE);
    paint_lists(paint, picture);
    paint_objects(paint, picture);
}
