/* SPDX-License-Identifier: Apache-2.0 */
/* Between the files of commands.h. A handler takes the rest of its packet and fills in the reply; an empty reply says that the
 * packet is not supported. */
#ifndef MISSIVE_DEBUG_COMMANDS_HANDLERS_H
#define MISSIVE_DEBUG_COMMANDS_HANDLERS_H

#include "debug/commands.h"

#define ERROR_INVALID "E16" /* hexadecimal numbers of errno: EINVAL, EFAULT, ENOSPC, ESRCH */
#define ERROR_FAULT "E0e"
#define ERROR_FULL "E1c"
#define ERROR_NO_THREAD "E03"

typedef enum commands_result commands_handler(struct commands *commands, struct packet_cursor *at,
                                              struct packet *reply);

/* Makes `text` the whole reply. */
enum commands_result commands_answer(struct packet *reply, const char *text);

/* Of the current hart. */
commands_handler commands_read_general, commands_write_general, commands_read_register,
    commands_write_register, commands_read_memory, commands_write_memory, commands_write_binary,
    commands_set_point, commands_clear_point;

#endif
