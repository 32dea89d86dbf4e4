/* SPDX-License-Identifier: Apache-2.0 */
/* Colours of everything that is no activity, 0xRRGGBB: a calm dark ground on which messages are the brightest thing. */
#ifndef MISSIVE_VIZ_THEME_H
#define MISSIVE_VIZ_THEME_H

#define THEME_GROUND 0x11151B
#define THEME_PANEL 0x191F28
#define THEME_TILE 0x232B37
#define THEME_TILE_COPROCESSOR 0x20304A
#define THEME_WELL 0x141920 /* sunk: gauges, histories */
#define THEME_LINE 0x333E4D
#define THEME_TEXT 0xECEFF4
#define THEME_MUTED 0xA9B4C2
#define THEME_FAINT 0x7C8897
#define THEME_ACCENT 0x6CC3F2
#define THEME_WARNING 0xF0A070
#define THEME_TOKEN 0xF7F3E8
#define THEME_TOKEN_INK 0x11151B
#define THEME_GAUGE 0x5B8DB8

#endif
