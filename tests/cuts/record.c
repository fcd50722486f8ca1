/* Tells a log of all that a process does to the files of one folder: creations, writes, truncations, syncs, names.
 *
 * Preloaded (LD_PRELOAD) into the product's own code, below SQLite and Python alike. CUTS_FOLDER: the folder, absolute
 * and without links; CUTS_LOG: a file outside of it that is added to. One call at a time, so that the log's order is
 * the order in which they were done. -shm files are memory and are left out. recording.py reads the records.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

struct __attribute__((packed)) head {
    char call;
    uint64_t file;
    int64_t at;
    uint32_t size;
};

static void told(char call, uint64_t file, int64_t at, const void *data, size_t size) {
    static int log = -1;
    if (log < 0) log = syscall(SYS_openat, AT_FDCWD, getenv("CUTS_LOG"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    struct head head = {call, file, at, size};
    struct iovec both[] = {{&head, sizeof head}, {(void *)data, size}};
    if (syscall(SYS_writev, log, both, 2) != (long)(sizeof head + size)) abort();
}

/* What is behind the folder's name in that path: "" the folder itself, NULL something else. */
static const char *inside(const char *path) {
    const char *folder = getenv("CUTS_FOLDER");
    size_t length = folder ? strlen(folder) : 0;
    if (!length || !path || strncmp(path, folder, length)) return NULL;
    if (!path[length]) return "";
    const char *name = path + length + 1;
    return path[length] == '/' && !strchr(name, '/') && !strstr(name, "-shm") ? name : NULL;
}

/* Whether an open file is one of the folder (1), the folder (2) or another (0); and its number. */
static int known(int file, uint64_t *number) {
    char link[64], path[512];
    struct stat stat;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    const char *name = inside(path);
    if (!name || fstat(file, &stat)) return 0;
    *number = stat.st_ino;
    return *name ? 1 : 2;
}

#define OWN(TYPE, NAME, PARAMETERS)                                                                                    \
    static TYPE(*own) PARAMETERS;                                                                                      \
    if (!own) own = (TYPE(*) PARAMETERS)dlsym(RTLD_NEXT, #NAME);

#define ALONE(TYPE, CALL)                                                                                              \
    pthread_mutex_lock(&one_at_a_time);                                                                                \
    TYPE result = CALL;                                                                                                \
    pthread_mutex_unlock(&one_at_a_time);                                                                              \
    return result;

static int opened(const char *path, int flags, int is_new, int file) {
    uint64_t number;
    if (file < 0 || known(file, &number) != 1) return file;
    if (is_new) told('c', number, 0, inside(path), strlen(inside(path)));
    else if (flags & O_TRUNC) told('t', number, 0, "", 0);
    return file;
}

#define OPEN(NAME, FIRST, ...)                                                                                         \
    int NAME FIRST {                                                                                                   \
        mode_t mode = 0;                                                                                               \
        if (flags & (O_CREAT | __O_TMPFILE)) {                                                                         \
            va_list more;                                                                                              \
            va_start(more, flags);                                                                                     \
            mode = va_arg(more, mode_t);                                                                               \
            va_end(more);                                                                                              \
        }                                                                                                              \
        OWN(int, NAME, FIRST)                                                                                          \
        if (!inside(path)) return own(__VA_ARGS__, flags, mode);                                                       \
        int is_new = (flags & O_CREAT) && faccessat(AT_FDCWD, path, F_OK, 0) != 0;                                     \
        ALONE(int, opened(path, flags, is_new, own(__VA_ARGS__, flags, mode)))                                         \
    }

OPEN(open, (const char *path, int flags, ...), path)
OPEN(open64, (const char *path, int flags, ...), path)
OPEN(openat, (int folder, const char *path, int flags, ...), folder, path)
OPEN(openat64, (int folder, const char *path, int flags, ...), folder, path)

static void wrote(int file, const void *data, ssize_t size, int64_t at) {
    uint64_t number;
    if (size > 0 && known(file, &number) == 1) told('w', number, at, data, size);
}

#define PWRITE(NAME, OFFSET)                                                                                           \
    static ssize_t NAME##_told(ssize_t done, int file, const void *data, OFFSET at) {                                  \
        wrote(file, data, done, at);                                                                                   \
        return done;                                                                                                   \
    }                                                                                                                  \
    ssize_t NAME(int file, const void *data, size_t size, OFFSET at) {                                                 \
        OWN(ssize_t, NAME, (int, const void *, size_t, OFFSET))                                                        \
        ALONE(ssize_t, NAME##_told(own(file, data, size, at), file, data, at))                                         \
    }

PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

static ssize_t written(ssize_t done, int file, const void *data) {
    if (done > 0) wrote(file, data, done, lseek(file, 0, SEEK_CUR) - done);
    return done;
}

ssize_t write(int file, const void *data, size_t size) {
    uint64_t number;
    OWN(ssize_t, write, (int, const void *, size_t))
    if (known(file, &number) != 1) return own(file, data, size);
    ALONE(ssize_t, written(own(file, data, size), file, data))
}

static int done_to(char call, int result, int file, int64_t at) {
    uint64_t number;
    int kind = result == 0 ? known(file, &number) : 0;
    if (kind) told(kind == 2 ? 'f' : call, number, at, "", 0);
    return result;
}

#define ON_FILE(NAME, CALL, PARAMETERS, ARGUMENTS, AT)                                                                 \
    int NAME PARAMETERS {                                                                                              \
        OWN(int, NAME, PARAMETERS)                                                                                     \
        ALONE(int, done_to(CALL, own ARGUMENTS, file, AT))                                                             \
    }

ON_FILE(fsync, 's', (int file), (file), 0)
ON_FILE(fdatasync, 'd', (int file), (file), 0)
ON_FILE(ftruncate, 't', (int file, off_t size), (file, size), size)
ON_FILE(ftruncate64, 't', (int file, off64_t size), (file, size), size)

static int gone(int result, const char *path) {
    const char *name = inside(path);
    if (result == 0 && name && *name) told('u', 0, 0, name, strlen(name));
    return result;
}

int unlink(const char *path) {
    OWN(int, unlink, (const char *))
    ALONE(int, gone(own(path), path))
}

int unlinkat(int folder, const char *path, int flags) {
    OWN(int, unlinkat, (int, const char *, int))
    ALONE(int, gone(own(folder, path, flags), path))
}

static int renamed(int result, const char *from, const char *to) {
    char both[512];
    if (result == 0 && inside(from) && inside(to))
        told('r', 0, 0, both, snprintf(both, sizeof both, "%s/%s", inside(from), inside(to)));
    return result;
}

int rename(const char *from, const char *to) {
    OWN(int, rename, (const char *, const char *))
    ALONE(int, renamed(own(from, to), from, to))
}

int renameat(int here, const char *from, int there, const char *to) {
    OWN(int, renameat, (int, const char *, int, const char *))
    ALONE(int, renamed(own(here, from, there, to), from, to))
}
