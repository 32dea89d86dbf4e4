/* SPDX-License-Identifier: Apache-2.0 */
/* Pipes as pipe(7) describes them. Prints the same on the guest kernel and on Linux. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static char data[1 << 20];

static int read_all(int fd, char *to, unsigned bytes)
{
    unsigned done = 0;
    ssize_t got;
    while (done < bytes && (got = read(fd, to + done, bytes - done)) > 0)
        done += (unsigned)got;
    return (int)done;
}

/* A child sends back what it gets; every byte is checked. */
static void round_trips(int count, unsigned bytes)
{
    int there[2], back[2], status, bad = 0, size = (int)bytes;
    if (pipe(there) || pipe(back))
        exit(1);
    if (!fork()) {
        for (int i = 0; i < count; i++)
            if (read_all(there[0], data, bytes) != size || write(back[1], data, bytes) != size)
                _exit(1);
        _exit(0);
    }
    for (int i = 0; i < count; i++) {
        for (int k = 0; k < size; k++)
            data[k] = (char)(i + k * 7);
        bad += write(there[1], data, bytes) != size;
        memset(data, 0, bytes);
        bad += read_all(back[0], data, bytes) != size;
        for (int k = 0; k < size; k++)
            bad += data[k] != (char)(i + k * 7);
    }
    wait(&status);
    printf("%d round trips of %d bytes: %d bad, status %d\n", count, size, bad, status);
    close(there[0]), close(there[1]), close(back[0]), close(back[1]);
}

/* Writes of up to PIPE_BUF are not torn, whoever else writes. */
static void atomic_writes(int writers, int count, unsigned bytes)
{
    int fds[2], total = 0, torn = 0, got;
    char message[4096];
    if (pipe(fds))
        exit(1);
    for (int w = 0; w < writers; w++)
        if (!fork()) {
            close(fds[0]);
            memset(message, 'a' + w, bytes);
            for (int i = 0; i < count; i++)
                if (write(fds[1], message, bytes) != (ssize_t)bytes)
                    _exit(1);
            _exit(w);
        }
    close(fds[1]);
    while ((got = read_all(fds[0], message, bytes)) > 0) {
        for (int i = 1; i < got; i++)
            torn += message[i] != message[0];
        total += got;
    }
    int statuses = 0, status;
    while (wait(&status) > 0)
        statuses += WEXITSTATUS(status);
    printf("%d writers: %d bytes, %d torn, statuses %d\n", writers, total, torn, statuses);
    close(fds[0]);
}

/* One call far larger than the buffer, with its bytes in many pieces. */
static void long_calls(void)
{
    int fds[2], status;
    struct iovec pieces[300];
    if (pipe(fds))
        exit(1);
    if (!fork()) {
        for (size_t i = 0; i < sizeof data; i++)
            data[i] = (char)(i * 31 >> 3);
        _exit(write(fds[1], data + 5, sizeof data - 9) != (ssize_t)sizeof data - 9);
    }
    int done = read_all(fds[0], data, sizeof data - 9), bad = 0;
    for (int i = 0; i < done; i++)
        bad += data[i] != (char)((size_t)(i + 5) * 31 >> 3);
    wait(&status);
    printf("one write: %d bytes, %d bad, status %d\n", done, bad, status);
    for (int i = 0; i < 300; i++)
        pieces[i] = (struct iovec){data + 100 * i, (size_t)i % 14};
    if (!fork())
        _exit(writev(fds[1], pieces, 300) & 0x7f);
    close(fds[1]);
    done = read_all(fds[0], data, sizeof data);
    wait(&status);
    printf("one writev: %d bytes, status %d\n", done, WEXITSTATUS(status));
    close(fds[0]);
}

static void edges(void)
{
    int fds[2];
    struct stat stat;
    if (pipe2(fds, O_NONBLOCK))
        exit(1);
    printf("empty: %zd %d\n", read(fds[0], data, 1), errno);
    printf("fill: %zd\n", write(fds[1], data, 100000));
    printf("full: %zd %d\n", write(fds[1], data, 1), errno);
    printf("take: %zd\n", read(fds[0], data, 4000));
    printf("whole page does not fit: %zd %d\n", write(fds[1], data, 4096), errno);
    printf("nothing: %zd %zd\n", write(fds[1], data, 0), read(fds[0], data, 0));
    printf("wrong end: %zd %d, ", read(fds[1], data, 1), errno);
    printf("%zd %d\n", write(fds[0], data, 1), errno);
    printf("seek: %d %d\n", (int)lseek(fds[0], 0, SEEK_SET), errno);
    printf("kind: %d\n", !fstat(fds[0], &stat) && S_ISFIFO(stat.st_mode));
    printf("flags: %d %d\n", fcntl(fds[0], F_GETFL) & (O_NONBLOCK | O_ACCMODE),
           fcntl(fds[1], F_GETFL) & (O_NONBLOCK | O_ACCMODE));
    int copy = dup(fds[1]);
    close(fds[1]);
    while (read(fds[0], data, sizeof data) > 0)
        ;
    printf("still open: %d\n", errno);
    close(copy);
    printf("end: %zd\n", read(fds[0], data, 1));
    close(fds[0]);
}

static void broken(void)
{
    int fds[2], status;
    if (pipe(fds))
        exit(1);
    close(fds[0]);
    if (!fork()) {
        ssize_t unused = write(fds[1], "x", 1);
        _exit((int)unused & 1);
    }
    wait(&status);
    printf("killed by %d\n", WTERMSIG(status));
    signal(SIGPIPE, SIG_IGN);
    printf("ignored: %zd %d\n", write(fds[1], "x", 1), errno);
    close(fds[1]);
    /* the reader goes away while the writer waits for room */
    if (pipe(fds))
        exit(1);
    if (!fork()) {
        close(fds[0]);
        ssize_t done = write(fds[1], data, 200000);
        _exit(done == 65536 + 1000 ? 3 : 1);
    }
    close(fds[1]);
    read_all(fds[0], data, 1000);
    close(fds[0]);
    wait(&status);
    printf("reader gone: status %d\n", WEXITSTATUS(status) != 0);
}

int main(void)
{
    static const unsigned sizes[] = {1, 8, 100, 4096, 10000, 65536, 70000, 300000};
    setvbuf(stdout, NULL, _IONBF, 0);
    for (unsigned i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        round_trips(sizes[i] < 5000 ? 40 : 3, sizes[i]);
    atomic_writes(4, 60, 64);
    atomic_writes(3, 30, 4096);
    long_calls();
    edges();
    broken();
    return 5;
}
