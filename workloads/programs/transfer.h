/* SPDX-License-Identifier: Apache-2.0 */
/* What the message programs share: whole reads and writes, computing between messages, and where a
 * process runs. */
#ifndef MISSIVE_WORKLOADS_TRANSFER_H
#define MISSIVE_WORKLOADS_TRANSFER_H

#include <stddef.h>

/* One write call for the whole message where the kernel takes it so; ends the program (status 1) on
 * an error. */
void write_all(int fd, const void *bytes, size_t count);
/* Reads until count bytes are there or the stream ends; returns how many. Ends the program on an
 * error. */
size_t read_all(int fd, void *bytes, size_t count);

/* Stands for work between messages: `iterations` times two instructions (an add, a branch), and up to `draw` iterations
 * more, drawn anew each time (uniformly). Real programs are never quite in step; a draw keeps ours from being so, and makes
 * runs of other seeds other samples. 0: no draw. */
void compute(unsigned long iterations, unsigned long draw);
/* Begins the draws of this process: the same seed and process, the same draws. */
void compute_seed(unsigned long seed, unsigned long process);

/* Pins this process to the `index`th host (modulo their number) of those it may run on. */
void run_on_host(unsigned index);

/* One line on stderr, with errno's text; status 1. */
void fail(const char *what) __attribute__((noreturn));

#endif
