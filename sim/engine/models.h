/* SPDX-License-Identifier: Apache-2.0 */
/* The C models, for C++. */
#ifndef MISSIVE_ENGINE_MODELS_H
#define MISSIVE_ENGINE_MODELS_H

/* C's structs and functions may share a name; -Wshadow holds that against them. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
extern "C" {
#include "core/debug.h"
#include "platform/platform_state.h"
}
#pragma GCC diagnostic pop

#endif
