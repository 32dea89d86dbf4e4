/* SPDX-License-Identifier: Apache-2.0 */
/* The frame of the picture: surface, order of drawing, and what is under a point. */
#include "paint.h"

#include <SDL_image.h>
#include <stdarg.h>
#include <stdio.h>

#include "paint_parts.h"

bool paint_open(struct paint *paint, char *error, size_t error_bytes)
{
    *paint = (struct paint){.text = text_create(error, error_bytes)};
    return paint->text != NULL;
}

void paint_close(struct paint *paint)
{
    text_destroy(paint->text);
    SDL_FreeSurface(paint->surface);
    *paint = (struct paint){0};
}

static bool ensure_surface(struct paint *paint, struct box window)
{
    if (paint->surface && paint->surface->w == window.w && paint->surface->h == window.h)
        return true;
    SDL_FreeSurface(paint->surface);
    paint->surface =
        SDL_CreateRGBSurfaceWithFormat(0, window.w, window.h, 32, SDL_PIXELFORMAT_RGB888);
    return paint->surface != NULL;
}

bool paint_picture(struct paint *paint, const struct picture *picture)
{
    if (!ensure_surface(paint, picture->layout->window))
        return false;
    canvas_fill(paint->surface, picture->layout->window, THEME_GROUND, CANVAS_OPAQUE);
    paint_header(paint, picture);
    paint_machine(paint, picture);
    paint_memory(paint, picture);
    paint_feed(paint, picture);
    paint_sidebar(paint, picture);
    paint_footer(paint, picture);
    paint_tokens(paint, picture);
    paint_toast(paint, picture);
    paint_help(paint, picture);
    return true;
}

bool paint_save(const struct paint *paint, const char *path, char *error, size_t error_bytes)
{
    if (IMG_SavePNG(paint->surface, path) == 0)
        return true;
    snprintf(error, error_bytes, "%s: cannot be written: %s", path, IMG_GetError());
    return false;
}

bool paint_pick(const struct picture *picture, int x, int y, struct subject *subject)
{
    for (unsigned i = picture->motion->count; i-- > 0;) {
        const struct moving *moving = &picture->motion->moving[i];
        if (moving->token.pile == 0 || !box_contains(motion_box(moving), x, y))
            continue;
        *subject = (struct subject){SUBJECT_MESSAGE, moving->token.number};
        return true;
    }
    for (unsigned i = 0; i < picture->layout->hart_count; i++) {
        if (!box_contains(picture->layout->harts[i].box, x, y))
            continue;
        *subject = (struct subject){SUBJECT_HART, i};
        return true;
    }
    return false;
}

int paint_text(struct paint *paint, enum font font, uint32_t rgb, struct box box, unsigned flags,
               const char *string)
{
    return text_draw(paint->text, paint->surface, font, rgb, 255, box, flags, string);
}

int paint_textf(struct paint *paint, enum font font, uint32_t rgb, struct box box, unsigned flags,
                const char *format, ...)
{
    char string[256];
    va_list args;
    va_start(args, format);
    vsnprintf(string, sizeof string, format, args);
    va_end(args);
    return paint_text(paint, font, rgb, box, flags, string);
}

void paint_panel(struct paint *paint, struct box box)
{
    canvas_round(paint->surface, box, RADIUS_PANEL, THEME_PANEL, CANVAS_OPAQUE);
}

void paint_swatch(struct paint *paint, int x, int y, enum activity activity)
{
    canvas_shade(paint->surface, (struct box){x, y, SWATCH, SWATCH}, palette_shade(activity));
}

struct box box_take_top(struct box *rest, int height)
{
    struct box top = {rest->x, rest->y, rest->w, height};
    rest->y += height;
    rest->h -= height;
    return top;
}

struct box box_take_left(struct box *rest, int width)
{
    struct box left = {rest->x, rest->y, width, rest->h};
    rest->x += width;
    rest->w -= width;
    return left;
}

struct box box_take_right(struct box *rest, int width)
{
    rest->w -= width;
    return (struct box){rest->x + rest->w, rest->y, width, rest->h};
}
