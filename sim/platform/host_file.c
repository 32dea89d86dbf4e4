/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a host file. See host_file.h. Pipes and devices are refused, so that nothing here can
 * block or grow without end. */
#include "platform/host_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool read_all(int descriptor, uint8_t *bytes, size_t size_bytes)
{
    for (size_t done = 0; done < size_bytes;) {
        ssize_t got = read(descriptor, bytes + done, size_bytes - done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        done += (size_t)got;
    }
    return true;
}

/* -1: `problem` says why */
static int open_regular(const char *path, size_t *size_bytes, struct problem *problem)
{
    struct stat about;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) {
        problem_set(problem, "%s: cannot be opened: %s", path, strerror(errno));
        return -1;
    }
    if (fstat(descriptor, &about) != 0 || !S_ISREG(about.st_mode)) {
        close(descriptor);
        problem_set(problem, "%s: not a regular file", path);
        return -1;
    }
    *size_bytes = (size_t)about.st_size;
    return descriptor;
}

bool host_file_read(const char *path, uint8_t **bytes, size_t *size_bytes, struct problem *problem)
{
    int descriptor = open_regular(path, size_bytes, problem);
    if (descriptor < 0)
        return false;
    *bytes = malloc(*size_bytes + 1);
    bool good = *bytes && read_all(descriptor, *bytes, *size_bytes);
    close(descriptor);
    if (good)
        return true;
    free(*bytes);
    *bytes = NULL;
    return problem_set(problem, "%s: cannot be read to its end (%zu bytes)", path, *size_bytes);
}

bool host_file_peek(const char *path, uint8_t *bytes, size_t count, uint64_t *size_bytes,
                    struct problem *problem)
{
    size_t size;
    int descriptor = open_regular(path, &size, problem);
    if (descriptor < 0)
        return false;
    bool good = read_all(descriptor, bytes, size < count ? size : count);
    close(descriptor);
    *size_bytes = size;
    return good || problem_set(problem, "%s: cannot be read", path);
}
