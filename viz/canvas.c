/* SPDX-License-Identifier: Apache-2.0 */
/* Spans of pixels; corners by counting sub-pixels. */
#include "canvas.h"

enum {
    SUB = 4 /* sub-pixels a side at corners */,
    STRIPE = 6 /* period of the hatching, half of it dark */
};

static uint32_t *row_at(SDL_Surface *surface, int y)
{
    return (uint32_t *)((char *)surface->pixels + (size_t)y * (size_t)surface->pitch);
}

static uint32_t mix(uint32_t under, uint32_t over, unsigned alpha)
{
    uint32_t rb = (under & 0xFF00FF) * (255 - alpha) + (over & 0xFF00FF) * alpha;
    uint32_t g = (under & 0x00FF00) * (255 - alpha) + (over & 0x00FF00) * alpha;
    rb = (rb + 0x800080 + ((rb >> 8) & 0xFF00FF)) >> 8;
    g = (g + 0x008000 + ((g >> 8) & 0x00FF00)) >> 8;
    return 0xFF000000 | (rb & 0xFF00FF) | (g & 0x00FF00);
}

static struct box clip(const SDL_Surface *surface, struct box box)
{
    int x1 = box.x + box.w, y1 = box.y + box.h;
    box.x = box.x < 0 ? 0 : box.x;
    box.y = box.y < 0 ? 0 : box.y;
    box.w = (x1 > surface->w ? surface->w : x1) - box.x;
    box.h = (y1 > surface->h ? surface->h : y1) - box.y;
    return box;
}

void canvas_fill(SDL_Surface *surface, struct box box, uint32_t rgb, unsigned alpha)
{
    box = clip(surface, box);
    if (box.w <= 0 || box.h <= 0)
        return;
    if (alpha == CANVAS_OPAQUE) {
        SDL_FillRect(surface, &(SDL_Rect){box.x, box.y, box.w, box.h}, 0xFF000000 | rgb);
        return;
    }
    for (int y = 0; y < box.h; y++) {
        uint32_t *row = row_at(surface, box.y + y) + box.x;
        for (int x = 0; x < box.w; x++)
            row[x] = mix(row[x], rgb, alpha);
    }
}

/* How much of the pixel (x, y), counted from the corner, lies inside a quarter circle: 0 to 255. */
static unsigned coverage(int x, int y, int radius)
{
    int inside = 0, r = radius * SUB * 2;
    for (int i = 0; i < SUB * SUB; i++) {
        int dx = r - (2 * (x * SUB + i % SUB) + 1), dy = r - (2 * (y * SUB + i / SUB) + 1);
        inside += dx * dx + dy * dy <= r * r;
    }
    return (unsigned)(inside * 255 / (SUB * SUB));
}

static void blend_pixel(SDL_Surface *surface, int x, int y, uint32_t rgb, unsigned alpha)
{
    if (x < 0 || y < 0 || x >= surface->w || y >= surface->h)
        return;
    uint32_t *pixel = row_at(surface, y) + x;
    *pixel = mix(*pixel, rgb, alpha);
}

void canvas_round(SDL_Surface *surface, struct box box, int radius, uint32_t rgb, unsigned alpha)
{
    int most = (box.w < box.h ? box.w : box.h) / 2;
    int r = radius < most ? radius : most;
    canvas_fill(surface, (struct box){box.x + r, box.y, box.w - 2 * r, r}, rgb, alpha);
    canvas_fill(surface, (struct box){box.x, box.y + r, box.w, box.h - 2 * r}, rgb, alpha);
    canvas_fill(surface, (struct box){box.x + r, box.y + box.h - r, box.w - 2 * r, r}, rgb, alpha);
    for (int i = 0; i < r * r; i++) {
        int x = i % r, y = i / r;
        unsigned a = coverage(x, y, r) * alpha / 255;
        int right = box.x + box.w - 1 - x, bottom = box.y + box.h - 1 - y;
        blend_pixel(surface, box.x + x, box.y + y, rgb, a);
        blend_pixel(surface, right, box.y + y, rgb, a);
        blend_pixel(surface, box.x + x, bottom, rgb, a);
        blend_pixel(surface, right, bottom, rgb, a);
    }
}

void canvas_card(SDL_Surface *surface, struct box box, int radius, uint32_t rgb, uint32_t border)
{
    canvas_round(surface, box, radius, border, CANVAS_OPAQUE);
    canvas_round(surface, box_inset(box, 1), radius - 1, rgb, CANVAS_OPAQUE);
}

void canvas_shade(SDL_Surface *surface, struct box box, struct shade shade)
{
    box = clip(surface, box);
    uint32_t plain = 0xFF000000 | shade.rgb, dark = mix(plain, 0, 165);
    for (int y = box.y; y < box.y + box.h; y++) {
        uint32_t *row = row_at(surface, y);
        for (int x = box.x; x < box.x + box.w; x++)
            row[x] = shade.hatched && (x + y) % STRIPE >= STRIPE / 2 ? dark : plain;
    }
}
