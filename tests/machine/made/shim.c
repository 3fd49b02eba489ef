/* Stands between a program and the C library, for tests: a clock of the date that jumps, and the n-th call that fails. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

/* SHIM_CLOCK: the date of each reading is off by the next of these. */
static int jumps(void) {
    static int known = -1;
    if (known < 0) known = getenv("SHIM_CLOCK") != NULL;
    return known;
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    static int (*real)(clockid_t, struct timespec *);
    static unsigned reading;
    static const long off[] = { 0, 3600, -3600, 315360000, -315360000, 1, -86400 };
    if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
    int result = real(clock, time);
    if (clock == CLOCK_REALTIME && jumps()) time->tv_sec += off[reading++ % 7];
    return result;
}

/* SHIM_FAIL=N:ERRNO: the N-th call that opens, writes, waits for the disk, renames or removes fails. Only below SHIM_UNDER. */
static int at = -1, number, calls;

static int fails(void) {
    if (at < 0) {
        const char *text = getenv("SHIM_FAIL");
        at = text ? atoi(text) : 0;
        const char *colon = text ? strchr(text, ':') : NULL;
        number = colon ? atoi(colon + 1) : 0;
    }
    if (at <= 0 || ++calls != at) return 0;
    /* SHIM_TOLD: a file that is there once a call has failed. */
    int (*real_open)(const char *, int, ...) = dlsym(RTLD_NEXT, "open");
    int (*real_close)(int) = dlsym(RTLD_NEXT, "close");
    const char *told = getenv("SHIM_TOLD");
    if (told) real_close(real_open(told, O_CREAT | O_WRONLY, 0600));
    return 1;
}

static int is_under(const char *path) {
    const char *under = getenv("SHIM_UNDER");
    return under && path && (path[0] != '/' || strncmp(path, under, strlen(under)) == 0);
}

#define FAIL_OR(call) do { if (fails()) { errno = number; return -1; } return call; } while (0)

static int opened[1024];

static int opens(const char *name, const char *path, int flags, mode_t mode) {
    int (*real)(const char *, int, ...) = dlsym(RTLD_NEXT, name);
    if (is_under(path) && fails()) { errno = number; return -1; }
    int file = real(path, flags, mode);
    if (file >= 0 && file < 1024) opened[file] = is_under(path);
    return file;
}

int open(const char *path, int flags, ...) {
    va_list rest; va_start(rest, flags); mode_t mode = va_arg(rest, mode_t); va_end(rest);
    return opens("open", path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    va_list rest; va_start(rest, flags); mode_t mode = va_arg(rest, mode_t); va_end(rest);
    return opens("open64", path, flags, mode);
}

static int is_ours(int file) { return file >= 0 && file < 1024 && opened[file]; }

ssize_t read(int file, void *buffer, size_t size) {
    ssize_t (*real)(int, void *, size_t) = dlsym(RTLD_NEXT, "read");
    if (is_ours(file)) FAIL_OR(real(file, buffer, size));
    return real(file, buffer, size);
}

ssize_t write(int file, const void *buffer, size_t size) {
    ssize_t (*real)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
    if (is_ours(file)) FAIL_OR(real(file, buffer, size));
    return real(file, buffer, size);
}

int fsync(int file) {
    int (*real)(int) = dlsym(RTLD_NEXT, "fsync");
    if (is_ours(file)) FAIL_OR(real(file));
    return real(file);
}

int fchmod(int file, mode_t mode) {
    int (*real)(int, mode_t) = dlsym(RTLD_NEXT, "fchmod");
    if (is_ours(file)) FAIL_OR(real(file, mode));
    return real(file, mode);
}

int rename(const char *from, const char *to) {
    int (*real)(const char *, const char *) = dlsym(RTLD_NEXT, "rename");
    if (is_under(to)) FAIL_OR(real(from, to));
    return real(from, to);
}

int unlink(const char *path) {
    int (*real)(const char *) = dlsym(RTLD_NEXT, "unlink");
    if (is_under(path)) FAIL_OR(real(path));
    return real(path);
}

int close(int file) {
    int (*real)(int) = dlsym(RTLD_NEXT, "close");
    if (file >= 0 && file < 1024) opened[file] = 0;
    return real(file);
}
