/* SPDX-License-Identifier: Apache-2.0 */
/* A set-associative cache of rendered strings over SDL_ttf. */
#include "text.h"

#include <SDL_ttf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SETS = 512, WAYS = 4, STRING_BYTES = 160 };

struct rendered {
    uint32_t hash, rgb;
    enum font font;
    int max_width;
    bool cut;
    uint64_t used;
    SDL_Surface *surface;
    char string[STRING_BYTES];
};

struct text {
    TTF_Font *fonts[FONT_COUNT];
    uint64_t clock;
    struct text_watch watch;
    struct rendered cache[SETS][WAYS];
};

static const struct {
    const char *file, *package;
    int pixels;
} FONTS[FONT_COUNT] = {
#define FONT(id, file, package, pixels) {file, package, pixels},
#include "fonts.def"
#undef FONT
};

struct text *text_create(char *error, size_t error_bytes)
{
    struct text *text = calloc(1, sizeof *text);
    if (!text || TTF_Init() != 0) {
        snprintf(error, error_bytes, "%s", text ? TTF_GetError() : "out of memory");
        free(text);
        return NULL;
    }
    for (unsigned i = 0; i < FONT_COUNT; i++) {
        text->fonts[i] = TTF_OpenFont(FONTS[i].file, FONTS[i].pixels);
        if (!text->fonts[i]) {
            snprintf(error, error_bytes, "%s: cannot be opened; install the Debian package %s",
                     FONTS[i].file, FONTS[i].package);
            text_destroy(text);
            return NULL;
        }
        TTF_SetFontHinting(text->fonts[i], TTF_HINTING_LIGHT);
    }
    return text;
}

void text_destroy(struct text *text)
{
    if (!text)
        return;
    for (unsigned i = 0; i < SETS * WAYS; i++)
        SDL_FreeSurface(text->cache[i / WAYS][i % WAYS].surface);
    for (unsigned i = 0; i < FONT_COUNT; i++)
        if (text->fonts[i])
            TTF_CloseFont(text->fonts[i]);
    TTF_Quit();
    free(text);
}

void text_watch(struct text *text, struct text_watch watch)
{
    text->watch = watch;
}

int text_width(struct text *text, enum font font, const char *string)
{
    int width = 0;
    TTF_SizeUTF8(text->fonts[font], string, &width, NULL);
    return width;
}

/* Shortens the string in place, at a character's border, and ends it by an ellipsis; empty if not even that fits. */
static void shorten(TTF_Font *font, char *string, int max_width)
{
    int extent, count, ellipsis;
    TTF_SizeUTF8(font, "…", &ellipsis, NULL);
    if (ellipsis > max_width) {
        string[0] = 0;
        return;
    }
    TTF_MeasureUTF8(font, string, max_width - ellipsis, &extent, &count);
    char *end = string;
    for (; count > 0 && *end; count--)
        for (end++; (*end & 0xC0) == 0x80; end++)
            ;
    while (end > string && end[-1] == ' ')
        end--;
    if (end - string + 4 < STRING_BYTES)
        memcpy(end, "…", sizeof "…");
}

static void render(struct text *text, struct rendered *entry)
{
    TTF_Font *font = text->fonts[entry->font];
    char string[STRING_BYTES];
    snprintf(string, sizeof string, "%s", entry->string);
    entry->cut = text_width(text, entry->font, string) > entry->max_width;
    if (entry->cut)
        shorten(font, string, entry->max_width);
    SDL_Color color = {(Uint8)(entry->rgb >> 16), (Uint8)(entry->rgb >> 8), (Uint8)entry->rgb, 255};
    entry->surface = string[0] ? TTF_RenderUTF8_Blended(font, string, color) : NULL;
}

static uint32_t hash_of(const char *string, uint32_t seed)
{
    for (uint32_t hash = seed;; hash = (hash ^ (unsigned char)*string++) * 16777619u)
        if (!*string)
            return hash ^ hash >> 15;
}

static struct rendered *find(struct text *text, enum font font, uint32_t rgb, int max_width,
                             const char *string)
{
    uint32_t hash = hash_of(string, 2166136261u ^ rgb ^ (uint32_t)font << 24);
    struct rendered *set = text->cache[hash % SETS], *oldest = set;
    for (unsigned i = 0; i < WAYS; i++) {
        struct rendered *entry = &set[i];
        if (entry->used && entry->hash == hash && entry->rgb == rgb && entry->font == font &&
            entry->max_width == max_width &&
            strncmp(entry->string, string, STRING_BYTES - 1) == 0) {
            entry->used = ++text->clock;
            return entry;
        }
        if (entry->used < oldest->used)
            oldest = entry;
    }
    SDL_FreeSurface(oldest->surface);
    *oldest = (struct rendered){
        .hash = hash, .rgb = rgb, .font = font, .max_width = max_width, .used = ++text->clock};
    snprintf(oldest->string, sizeof oldest->string, "%s", string);
    render(text, oldest);
    return oldest;
}

int text_draw(struct text *text, SDL_Surface *surface, enum font font, uint32_t rgb, unsigned alpha,
              struct box box, unsigned flags, const char *string)
{
    struct rendered *entry = find(text, font, rgb, box.w, string);
    if (!entry->surface)
        return 0;
    struct box ink = {box.x, box.y + (box.h - entry->surface->h) / 2, entry->surface->w,
                      entry->surface->h};
    if (flags & TEXT_RIGHT)
        ink.x = box.x + box.w - ink.w;
    if (flags & TEXT_CENTER)
        ink.x = box.x + (box.w - ink.w) / 2;
    SDL_SetSurfaceAlphaMod(entry->surface, (Uint8)alpha);
    SDL_BlitSurface(entry->surface, NULL, surface, &(SDL_Rect){ink.x, ink.y, 0, 0});
    if (text->watch.drawn)
        text->watch.drawn(text->watch.owner, string, ink, flags, entry->cut);
    return ink.w;
}
