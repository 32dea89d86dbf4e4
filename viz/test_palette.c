/* SPDX-License-Identifier: Apache-2.0 */
/* Every activity has a colour of its own, also for eyes that see red, green or blue less: colours of the same texture are told
 * apart after simulating each deficiency (Viénot, Brettel and Mollon 1999; for blue, Brettel 1997 simplified). */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "palette.h"
#include "theme.h"

#define DISTANCE_MIN 9.0 /* in CIE L*a*b*; 2.3 is just noticeable side by side */

static const double NORMAL[9] = {1, 0, 0, 0, 1, 0, 0, 0, 1};
static const double PROTAN[9] = {0.11238, 0.88762, 0, 0.11238, 0.88762, 0, 0.00401, -0.00401, 1};
static const double DEUTAN[9] = {0.29275, 0.70725, 0, 0.29275, 0.70725, 0, -0.02234, 0.02234, 1};
static const double TRITAN[9] = {1, 0.1461, -0.1461, 0, 0.8595, 0.1405, 0, 0.8595, 0.1405};

static double linear(unsigned byte)
{
    double v = byte / 255.0;
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static double lab_f(double t)
{
    return t > 0.008856 ? cbrt(t) : 7.787 * t + 16.0 / 116;
}

static void lab(uint32_t rgb, const double eye[9], double out[3])
{
    double in[3] = {linear(rgb >> 16), linear(rgb >> 8 & 255), linear(rgb & 255)}, c[3];
    for (int i = 0; i < 3; i++)
        c[i] =
            fmin(1, fmax(0, eye[3 * i] * in[0] + eye[3 * i + 1] * in[1] + eye[3 * i + 2] * in[2]));
    double x = (0.4124 * c[0] + 0.3576 * c[1] + 0.1805 * c[2]) / 0.9505;
    double y = 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2];
    double z = (0.0193 * c[0] + 0.1192 * c[1] + 0.9505 * c[2]) / 1.089;
    out[0] = 116 * lab_f(y) - 16;
    out[1] = 500 * (lab_f(x) - lab_f(y));
    out[2] = 200 * (lab_f(y) - lab_f(z));
}

static double distance(uint32_t a, uint32_t b, const double eye[9])
{
    double p[3], q[3];
    lab(a, eye, p);
    lab(b, eye, q);
    return sqrt((p[0] - q[0]) * (p[0] - q[0]) + (p[1] - q[1]) * (p[1] - q[1]) +
                (p[2] - q[2]) * (p[2] - q[2]));
}

static void check_eye(const char *name, const double eye[9])
{
    for (unsigned i = 1; i < ACTIVITY_COUNT; i++)
        for (unsigned j = i + 1; j < ACTIVITY_COUNT; j++) {
            struct shade a = palette_shade((enum activity)i), b = palette_shade((enum activity)j);
            double apart = distance(a.rgb, b.rgb, eye);
            if (a.hatched == b.hatched && apart < DISTANCE_MIN)
                fail_msg("%s: %s and %s are only %.1f apart", name, palette_label((enum activity)i),
                         palette_label((enum activity)j), apart);
        }
}

static void test_colours_differ(void **state)
{
    (void)state;
    check_eye("normal", NORMAL);
    check_eye("protanope", PROTAN);
    check_eye("deuteranope", DEUTAN);
    check_eye("tritanope", TRITAN);
}

static void test_colours_stand_out(void **state)
{
    (void)state;
    for (unsigned i = 1; i < ACTIVITY_COUNT; i++)
        assert_true(distance(palette_shade((enum activity)i).rgb, THEME_TILE, NORMAL) >
                    DISTANCE_MIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_colours_differ),
        cmocka_unit_test(test_colours_stand_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
