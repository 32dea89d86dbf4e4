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

bool host_file_read(const char *path, uint8_t **bytes, size_t *size_bytes, struct problem *problem)
{
    struct stat about;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return problem_set(problem, "%s: cannot be opened: %s", path, strerror(errno));
    if (fstat(descriptor, &about) != 0 || !S_ISREG(about.st_mode)) {
        close(descriptor);
        return problem_set(problem, "%s: not a regular file", path);
    }
    *size_bytes = (size_t)about.st_size;
    *bytes = malloc(*size_bytes + 1);
    bool good = *bytes && read_all(descriptor, *bytes, *size_bytes);
    close(descriptor);
    if (good)
        return true;
    free(*bytes);
    *bytes = NULL;
    return problem_set(problem, "%s: cannot be read to its end (%zu bytes)", path, *size_bytes);
}
