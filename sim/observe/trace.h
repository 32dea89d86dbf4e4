/* SPDX-License-Identifier: Apache-2.0 */
/* Trace files (trace_format.h): written as a fold of the stream, read with suspicion. A reader
 * takes nothing in the file on trust: what it hands on has a known kind and a cycle that does not
 * fall. */
#ifndef MISSIVE_OBSERVE_TRACE_H
#define MISSIVE_OBSERVE_TRACE_H

#include <stdbool.h>
#include <stddef.h>

#include "observe/trace_format.h"

#define TRACE_ERROR_BYTES 256

/* Fills in magic, version and event size. */
void trace_header_init(struct trace_header *header, const struct machine_view *view);
/* false, and one clear phrase in error (at least TRACE_ERROR_BYTES): not a header this program can
 * use. */
bool trace_header_check(const struct trace_header *header, char *error);

struct trace_writer;
/* NULL, and one clear line in error: the file cannot be written. */
struct trace_writer *trace_create(const char *path, const struct machine_view *view, char *error);
void trace_write(void *writer, const struct event *event); /* a fold's function */
/* Frees the writer. false, and one clear line in error: the file is not complete. */
bool trace_close(struct trace_writer *writer, char *error);

struct trace_reader;
/* NULL, and one clear line in error: no file, or not a trace. */
struct trace_reader *trace_open(const char *path, char *error);
const struct machine_view *trace_view(const struct trace_reader *reader);
enum trace_result { TRACE_EVENT, TRACE_END, TRACE_BROKEN };
/* TRACE_BROKEN: one clear line in error; the events before are good. */
enum trace_result trace_next(struct trace_reader *reader, struct event *event, char *error);
void trace_rewind(struct trace_reader *reader);         /* to the first event */
void trace_reader_destroy(struct trace_reader *reader); /* NULL is allowed */

#endif
