/* SPDX-License-Identifier: Apache-2.0 */
/* The grid: header, diagram and sidebar, footer. The diagram stacks harts, bus, memory and what just happened; the memory takes
 * what the others leave. */
#include "layout.h"

#include <string.h>

enum {
    HEADER_HEIGHT = 62,
    FOOTER_HEIGHT = 30,
    SIDEBAR_WIDTH = 352,
    HART_MIN_WIDTH = 160,
    HART_HEIGHT = 132,
    HART_HEIGHT_TWO_ROWS = 120,
    HART_MARK_WIDTH = 56,
    HART_MARK_HEIGHT = 40,
    HART_LINE_WIDTH = 150,
    HART_LINE_HEIGHT = 80,
    HART_STRIP_HEIGHT = 14,
    BUS_HEIGHT = 58,
    WIRE_HEIGHT = 14, /* between harts, bus and memory */
    FEED_LINES = 5,
    FEED_MAX_HEIGHT = 30 + SCENE_FEED * LAYOUT_LINE + LAYOUT_PAD,
    MEMORY_MIN_HEIGHT = 254,
    MEMORY_MAX_HEIGHT = 326,
    MEMORY_HEAD = 44,
    CAPTION = 20,
    LIST_FULL_WIDTH = 166,
    LIST_FULL_HEIGHT = 98,
    LIST_LINE_WIDTH = 270,
    LIST_LINE_HEIGHT = 34,
    LIST_MARK_HEIGHT = 26,
    LIST_MARK_WIDTH = 128,
    OBJECT_FULL_HEIGHT = 108,
    OBJECT_LINE_HEIGHT = 34,
    FIGURES_HEIGHT = 82,
    BREAKDOWN_HEIGHT = 30 + 22 + 34 + 20 + (ACTIVITY_COUNT - 1) * 17 + 12,
    PROCESSES_MIN_HEIGHT = 30 + LAYOUT_LINE + LAYOUT_PAD,
};

bool box_contains(struct box box, int x, int y)
{
    return x >= box.x && y >= box.y && x < box.x + box.w && y < box.y + box.h;
}

bool box_holds(struct box outer, struct box inner)
{
    return inner.x >= outer.x && inner.y >= outer.y && inner.x + inner.w <= outer.x + outer.w &&
           inner.y + inner.h <= outer.y + outer.h;
}

bool box_overlaps(struct box a, struct box b)
{
    return a.w > 0 && b.w > 0 && a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h &&
           b.y < a.y + a.h;
}

struct box box_inset(struct box box, int by)
{
    return (struct box){box.x + by, box.y + by, box.w - 2 * by, box.h - 2 * by};
}

static int fit(int length, int cell)
{
    int count = (length + LAYOUT_SLOT_GAP) / (cell + LAYOUT_SLOT_GAP);
    return count > 0 ? count : 1;
}

static int smaller(int a, int b)
{
    return a < b ? a : b;
}

unsigned box_slots(struct box area, int w, int h)
{
    return (unsigned)(fit(area.w, smaller(w, area.w)) * fit(area.h, smaller(h, area.h)));
}

struct box box_slot(struct box area, int w, int h, unsigned index)
{
    w = smaller(w, area.w);
    h = smaller(h, area.h);
    unsigned columns = (unsigned)fit(area.w, w);
    return (struct box){area.x + (int)(index % columns) * (w + LAYOUT_SLOT_GAP),
                        area.y + (int)(index / columns) * (h + LAYOUT_SLOT_GAP), w, h};
}

/* Cell `index` of `columns` equal columns that fill the width exactly. */
static struct box grid_cell(struct box area, unsigned columns, int cell_height, int gap,
                            unsigned index)
{
    int column = (int)(index % columns), row = (int)(index / columns), n = (int)columns;
    int left = area.x + column * (area.w + gap) / n;
    int right = area.x + (column + 1) * (area.w + gap) / n - gap;
    return (struct box){left, area.y + row * (cell_height + gap), right - left, cell_height};
}

/* --- harts --- */

struct hart_grid {
    enum tile_style style;
    int min_width, gap;
    unsigned columns, rows;
    int height; /* of a tile */
};

static struct hart_grid make_hart_grid(enum tile_style style, unsigned count, int width)
{
    static const int MIN_WIDTH[] = {HART_MIN_WIDTH, HART_LINE_WIDTH, HART_MARK_WIDTH};
    static const int HEIGHT[] = {HART_HEIGHT, HART_LINE_HEIGHT, HART_MARK_HEIGHT};
    struct hart_grid grid = {.style = style, .height = HEIGHT[style]};
    grid.gap = style == TILE_FULL ? LAYOUT_GAP : 6;
    unsigned most = (unsigned)((width + grid.gap) / (MIN_WIDTH[style] + grid.gap));
    grid.rows = (count + most - 1) / most;
    grid.columns = (count + grid.rows - 1) / grid.rows;
    if (style == TILE_FULL && grid.rows > 1)
        grid.height = HART_HEIGHT_TWO_ROWS;
    return grid;
}

static int grid_height(const struct hart_grid *grid)
{
    return (int)grid->rows * (grid->height + grid->gap) - grid->gap;
}

/* The most talkative style that leaves the memory its room. */
static struct hart_grid choose_hart_grid(struct box area, unsigned count)
{
    int room = area.h - BUS_HEIGHT - 2 * WIRE_HEIGHT - MEMORY_MIN_HEIGHT;
    for (enum tile_style style = TILE_FULL; style < TILE_MARK; style++) {
        struct hart_grid grid = make_hart_grid(style, count, area.w);
        if (grid_height(&grid) <= room)
            return grid;
    }
    return make_hart_grid(TILE_MARK, count, area.w);
}

static void shape_hart(struct tile *tile, enum tile_style style)
{
    static const int PAD[] = {LAYOUT_PAD, 8, 4}, BELOW[] = {HART_STRIP_HEIGHT + 6, 0, 0};
    struct box inner = box_inset(tile->box, PAD[style]);
    int height = style == TILE_MARK ? inner.h / 2 : LAYOUT_TOKEN_HEIGHT;
    tile->tokens =
        (struct box){inner.x, inner.y + inner.h - BELOW[style] - height, inner.w, height};
}

/* Returns the height used. */
static int place_harts(struct layout *layout, const struct scene *scene)
{
    layout->hart_count = scene->view.hart_count;
    struct hart_grid grid = choose_hart_grid(layout->diagram, layout->hart_count);
    layout->hart_style = grid.style;
    for (unsigned i = 0; i < layout->hart_count; i++) {
        struct tile *tile = &layout->harts[i];
        tile->index = i;
        tile->box = grid_cell(layout->diagram, grid.columns, grid.height, grid.gap, i);
        shape_hart(tile, grid.style);
    }
    return grid_height(&grid);
}

/* --- lists --- */

static bool list_is_shown(const struct scene_list *list)
{
    return list->exists && list->kind != LIST_OBJECT;
}

static unsigned collect_lists(struct layout *layout, const struct scene *scene)
{
    unsigned count = 0;
    for (unsigned pass = 0; pass < 2; pass++)
        for (unsigned i = 0; i < SCENE_LISTS; i++)
            if (list_is_shown(&scene->lists[i]) &&
                (scene->lists[i].kind == LIST_COMMUNICATION) == (pass == 0))
                layout->lists[count++].index = i;
    return count;
}

static void shape_list(struct tile *tile, enum tile_style style)
{
    struct box inner = box_inset(tile->box, style == TILE_FULL ? 8 : 6);
    if (style == TILE_FULL) {
        int bottom = inner.y + inner.h;
        tile->tokens =
            (struct box){inner.x, bottom - LAYOUT_TOKEN_HEIGHT, inner.w, LAYOUT_TOKEN_HEIGHT};
        tile->blocks = (struct box){inner.x, tile->tokens.y - 5 - 20, inner.w, 20};
        return;
    }
    int right = style == TILE_LINE ? inner.w * 13 / 20 : inner.w * 9 / 20;
    struct box half = {inner.x + inner.w - right, inner.y, right, inner.h};
    int left = (half.w - LAYOUT_SLOT_GAP) * 2 / 5;
    tile->blocks = (struct box){half.x, half.y, left, half.h};
    tile->tokens = (struct box){half.x + left + LAYOUT_SLOT_GAP, half.y,
                                half.w - left - LAYOUT_SLOT_GAP, half.h};
}

static int place_lists(struct layout *layout, const struct scene *scene, struct box area, int room)
{
    unsigned count = collect_lists(layout, scene);
    unsigned columns = count ? count : 1;
    if (area.w / (int)columns < LIST_FULL_WIDTH)
        columns = (unsigned)((area.w + 8) / (LIST_LINE_WIDTH + 8));
    unsigned rows = (count + columns - 1) / columns;
    int height = LIST_FULL_HEIGHT;
    layout->list_style = TILE_FULL;
    if ((int)rows * (height + 8) - 8 > room) {
        layout->list_style = TILE_LINE;
        height = LIST_LINE_HEIGHT;
    }
    if ((int)rows * (height + 8) - 8 > room) {
        layout->list_style = TILE_MARK;
        height = LIST_MARK_HEIGHT;
        columns = (unsigned)((area.w + 8) / (LIST_MARK_WIDTH + 8));
        rows = (count + columns - 1) / columns;
    }
    int rows_shown = (room + 8) / (height + 8);
    unsigned shown = rows_shown > 0 ? columns * (unsigned)rows_shown : 0;
    layout->list_count = count < shown ? count : shown;
    layout->lists_hidden = count - layout->list_count;
    for (unsigned i = 0; i < layout->list_count; i++) {
        layout->lists[i].box = grid_cell(area, columns, height, 8, i);
        shape_list(&layout->lists[i], layout->list_style);
    }
    rows = (layout->list_count + columns - 1) / columns;
    return rows ? (int)rows * (height + 8) - 8 : 0;
}

/* --- objects --- */

static unsigned collect_objects(struct layout *layout, const struct scene *scene)
{
    unsigned count = 0;
    for (unsigned i = 0; i < SCENE_OBJECTS; i++)
        if (scene->objects[i].exists)
            layout->objects[count++].index = i;
    return count;
}

static void shape_object(struct tile *tile, enum tile_style style)
{
    struct box inner = box_inset(tile->box, style == TILE_FULL ? LAYOUT_PAD : 6);
    if (style == TILE_FULL) {
        tile->tokens =
            (struct box){inner.x, inner.y + LAYOUT_LINE + 4 + 14 + 5, inner.w, LAYOUT_TOKEN_HEIGHT};
        return;
    }
    int w = inner.w * 2 / 5;
    tile->tokens = (struct box){inner.x + inner.w - w, inner.y, w, inner.h};
}

static void place_objects(struct layout *layout, const struct scene *scene, struct box area)
{
    unsigned count = collect_objects(layout, scene);
    unsigned columns = count < 2 ? 2 : count <= 3 ? count : (unsigned)((area.w + 8) / (270 + 8));
    unsigned rows = (count + columns - 1) / columns;
    bool full = (int)rows * (OBJECT_FULL_HEIGHT + 8) - 8 <= area.h;
    int height = full ? OBJECT_FULL_HEIGHT : OBJECT_LINE_HEIGHT;
    layout->object_style = full ? TILE_FULL : TILE_LINE;
    int rows_shown = (area.h + 8) / (height + 8);
    unsigned shown = rows_shown > 0 ? columns * (unsigned)rows_shown : 0;
    layout->object_count = count < shown ? count : shown;
    layout->objects_hidden = count - layout->object_count;
    for (unsigned i = 0; i < layout->object_count; i++) {
        layout->objects[i].box = grid_cell(area, columns, height, 8, i);
        shape_object(&layout->objects[i], layout->object_style);
    }
}

/* --- the stack --- */

static bool carrier_is_tiled(const struct layout *layout, const struct scene *scene,
                             struct carrier carrier);

static bool needs_elsewhere(const struct layout *layout, const struct scene *scene)
{
    size_t count = messages_in_flight(scene->messages);
    for (size_t i = 0; i < count; i++)
        if (!carrier_is_tiled(layout, scene, messages_at(scene->messages, i)->carrier))
            return true;
    return false;
}

static void place_memory(struct layout *layout, const struct scene *scene)
{
    struct box inner = box_inset(layout->memory, LAYOUT_PAD);
    if (scene_has_controller(scene))
        layout->controller =
            (struct box){inner.x + inner.w - inner.w * 3 / 5, inner.y, inner.w * 3 / 5, 32};
    struct box area = {inner.x, inner.y + MEMORY_HEAD, inner.w, inner.h - MEMORY_HEAD};
    int object_room =
        CAPTION + (area.h >= 2 * CAPTION + LAYOUT_GAP + LIST_FULL_HEIGHT + OBJECT_FULL_HEIGHT
                       ? OBJECT_FULL_HEIGHT
                       : OBJECT_LINE_HEIGHT);
    layout->lists_area = (struct box){area.x, area.y, area.w, CAPTION};
    struct box lists = {area.x, area.y + CAPTION, area.w, 0};
    int used = place_lists(layout, scene, lists, area.h - object_room - CAPTION - LAYOUT_GAP);
    if (used == 0)
        used = LAYOUT_LINE; /* the sentence that there is none yet */
    layout->lists_area.h += used;
    int y = lists.y + used + LAYOUT_GAP;
    layout->objects_area = (struct box){area.x, y, area.w, area.y + area.h - y};
    place_objects(layout, scene,
                  (struct box){area.x, y + CAPTION, area.w, area.y + area.h - y - CAPTION});
    if (needs_elsewhere(layout, scene))
        layout->elsewhere = (struct box){inner.x + 140, inner.y, inner.w * 2 / 5 - 150, 32};
}

static void place_diagram(struct layout *layout, const struct scene *scene)
{
    struct box area = layout->diagram;
    int y = area.y + place_harts(layout, scene) + WIRE_HEIGHT;
    layout->bus = (struct box){area.x, y, area.w, BUS_HEIGHT};
    y += BUS_HEIGHT + WIRE_HEIGHT;
    int bottom = area.y + area.h;
    int feed = 30 + FEED_LINES * LAYOUT_LINE + LAYOUT_PAD;
    while (bottom - y - feed - LAYOUT_GAP - LAYOUT_LINE >= MEMORY_MAX_HEIGHT &&
           feed < FEED_MAX_HEIGHT)
        feed += LAYOUT_LINE;
    while (feed > 0 && bottom - y - feed - LAYOUT_GAP < MEMORY_MIN_HEIGHT)
        feed = feed > 30 + 3 * LAYOUT_LINE + LAYOUT_PAD ? feed - LAYOUT_LINE : 0;
    layout->memory = (struct box){area.x, y, area.w, bottom - y - (feed ? feed + LAYOUT_GAP : 0)};
    place_memory(layout, scene);
    if (feed && layout->lists_hidden + layout->objects_hidden == 0) {
        layout->feed = (struct box){area.x, bottom - feed, area.w, feed};
        return;
    }
    layout->memory.h = bottom - y;
    place_memory(layout, scene);
}

static void place_sidebar(struct layout *layout)
{
    struct box area = layout->sidebar;
    layout->figures = (struct box){area.x, area.y, area.w, FIGURES_HEIGHT};
    int y = area.y + FIGURES_HEIGHT + LAYOUT_GAP;
    layout->breakdown = (struct box){area.x, y, area.w, BREAKDOWN_HEIGHT};
    y += BREAKDOWN_HEIGHT + LAYOUT_GAP;
    int rest = area.y + area.h - y;
    if (rest >= PROCESSES_MIN_HEIGHT)
        layout->processes = (struct box){area.x, y, area.w, rest};
}

void layout_compute(struct layout *layout, const struct scene *scene, int width, int height)
{
    memset(layout, 0, sizeof *layout);
    width = width < LAYOUT_MIN_WIDTH ? LAYOUT_MIN_WIDTH : width;
    height = height < LAYOUT_MIN_HEIGHT ? LAYOUT_MIN_HEIGHT : height;
    layout->window = (struct box){0, 0, width, height};
    layout->header = (struct box){0, 0, width, HEADER_HEIGHT};
    layout->footer = (struct box){0, height - FOOTER_HEIGHT, width, FOOTER_HEIGHT};
    int top = HEADER_HEIGHT + LAYOUT_GAP, tall = height - FOOTER_HEIGHT - LAYOUT_GAP - top;
    int side_x = width - LAYOUT_MARGIN - SIDEBAR_WIDTH;
    layout->sidebar = (struct box){side_x, top, SIDEBAR_WIDTH, tall};
    layout->diagram =
        (struct box){LAYOUT_MARGIN, top, side_x - LAYOUT_MARGIN - LAYOUT_MARGIN, tall};
    place_sidebar(layout);
    place_diagram(layout, scene);
}

/* --- carriers --- */

static const struct tile *carrier_tile(const struct layout *layout, const struct scene *scene,
                                       struct carrier carrier)
{
    if (carrier.kind == CARRIER_HART)
        return carrier.id < layout->hart_count ? &layout->harts[carrier.id] : NULL;
    for (unsigned i = 0; carrier.kind == CARRIER_LIST && i < layout->list_count; i++)
        if (scene->lists[layout->lists[i].index].address == carrier.id)
            return &layout->lists[i];
    for (unsigned i = 0; carrier.kind == CARRIER_OBJECT && i < layout->object_count; i++)
        if (scene->objects[layout->objects[i].index].address == carrier.id)
            return &layout->objects[i];
    return NULL;
}

static bool carrier_is_tiled(const struct layout *layout, const struct scene *scene,
                             struct carrier carrier)
{
    return carrier_tile(layout, scene, carrier) != NULL;
}

struct box layout_carrier(const struct layout *layout, const struct scene *scene,
                          struct carrier carrier)
{
    const struct tile *tile = carrier_tile(layout, scene, carrier);
    return tile ? tile->box : layout->elsewhere;
}

struct box layout_carrier_tokens(const struct layout *layout, const struct scene *scene,
                                 struct carrier carrier)
{
    const struct tile *tile = carrier_tile(layout, scene, carrier);
    return tile                  ? tile->tokens
           : layout->elsewhere.w ? box_inset(layout->elsewhere, 5)
                                 : layout->elsewhere;
}
