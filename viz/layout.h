/* SPDX-License-Identifier: Apache-2.0 */
/* Where everything goes: from a scene and a window's size to boxes in pixels. Pure; boxes of one level never overlap, and
 * each lies inside its parent. What finds no room is left out whole (w = 0), never cut. */
#ifndef MISSIVE_VIZ_LAYOUT_H
#define MISSIVE_VIZ_LAYOUT_H

#include "scene.h"

#define LAYOUT_WIDTH 1280
#define LAYOUT_HEIGHT 800
#define LAYOUT_MIN_WIDTH 1024
#define LAYOUT_MIN_HEIGHT 640

#define LAYOUT_MARGIN 16
#define LAYOUT_GAP 12
#define LAYOUT_PAD 10
#define LAYOUT_LINE 18 /* a line of text */
#define LAYOUT_TOKEN_WIDTH 128
#define LAYOUT_TOKEN_HEIGHT 22
#define LAYOUT_SLOT_GAP 4

struct box {
    int x, y, w, h;
};

/* How much a tile of this kind can say: everything; one line; a mark only. */
enum tile_style { TILE_FULL, TILE_LINE, TILE_MARK };

struct tile {
    struct box box;
    struct box tokens; /* where messages carried by it are drawn */
    struct box blocks; /* lists: where control blocks are drawn */
    unsigned index;    /* into the scene's table; layout->more_*: of none */
};

struct layout {
    struct box window, header, footer, diagram, sidebar;
    struct box bus, memory, controller, feed; /* of the diagram; feed may be left out */
    struct box lists_area, objects_area;      /* of the memory */
    struct box figures, breakdown, processes; /* of the sidebar; processes may be left out */
    enum tile_style hart_style, list_style, object_style;
    unsigned hart_count, list_count, object_count;
    struct tile harts[MAP_MAX_HARTS];
    struct tile lists[SCENE_LISTS]; /* only those between hosts and coprocessor */
    struct tile objects[SCENE_OBJECTS];
    unsigned lists_hidden, objects_hidden; /* found no room */
    struct box elsewhere; /* in the memory: carriers without a tile; w = 0 while not needed */
};

/* width and height are raised to the minimum. */
void layout_compute(struct layout *layout, const struct scene *scene, int width, int height);

/* The tile of a carrier; `elsewhere`'s box if it has none of its own. */
struct box layout_carrier(const struct layout *layout, const struct scene *scene,
                          struct carrier carrier);
struct box layout_carrier_tokens(const struct layout *layout, const struct scene *scene,
                                 struct carrier carrier);

bool box_contains(struct box box, int x, int y);
bool box_holds(struct box outer, struct box inner);
bool box_overlaps(struct box a, struct box b);
struct box box_inset(struct box box, int by);

/* Cell `index` of a grid of cells of w x h with LAYOUT_SLOT_GAP between, filled by rows; how many fit (at least 1). */
unsigned box_slots(struct box area, int w, int h);
struct box box_slot(struct box area, int w, int h, unsigned index);

#endif
