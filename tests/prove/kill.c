/* Ends the process with SIGKILL at its n-th write to a watched file or a socket, or sync of one: KILL_AT=n.
 *
 * Preloaded (LD_PRELOAD) into the very kiosk that a shop runs. Counted are only files under KILL_FOLDER and sockets;
 * counting begins when KILL_ARMED, a file, exists. KILL_AT=0 never kills. KILL_BEFORE=1: before the call, else after
 * it. Each counted call is one line of KILL_LOG.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_int count, armed;

static int watched(int file, char *name, size_t size) {
    char link[64];
    const char *folder = getenv("KILL_FOLDER");
    if (!folder) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, name, size - 1);
    if (length <= 0) return 0;
    name[length] = 0;
    return strncmp(name, "socket:", 7) == 0 || (strncmp(name, folder, strlen(folder)) == 0 && !strstr(name, "-shm"));
}

static int counted(const char *call, int file) {
    char name[512];
    const char *arm = getenv("KILL_ARMED"), *at = getenv("KILL_AT"), *log = getenv("KILL_LOG");
    if (!arm || !watched(file, name, sizeof name)) return 0;
    if (!armed && access(arm, F_OK) != 0) return 0;
    armed = 1;
    int number = ++count;
    if (log) {
        char line[700];
        int size = snprintf(line, sizeof line, "%d %s %s\n", number, call, name);
        int out = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        if (out >= 0) {
            syscall(SYS_write, out, line, size);
            syscall(SYS_close, out);
        }
    }
    return at && number == atoi(at);
}

static void end(void) {
    kill(getpid(), SIGKILL);
    pause();
}

#define WRAP(TYPE, NAME, PARAMETERS, ARGUMENTS, FILE)                                                                  \
    TYPE NAME PARAMETERS {                                                                                             \
        static TYPE(*own) PARAMETERS;                                                                                  \
        if (!own) own = (TYPE(*) PARAMETERS)dlsym(RTLD_NEXT, #NAME);                                                   \
        int now = counted(#NAME, FILE);                                                                                \
        if (now && getenv("KILL_BEFORE")) end();                                                                       \
        TYPE result = own ARGUMENTS;                                                                                   \
        if (now) end();                                                                                                \
        return result;                                                                                                 \
    }

WRAP(ssize_t, write, (int file, const void *data, size_t size), (file, data, size), file)
WRAP(ssize_t, pwrite, (int file, const void *data, size_t size, off_t at), (file, data, size, at), file)
WRAP(ssize_t, pwrite64, (int file, const void *data, size_t size, off64_t at), (file, data, size, at), file)
WRAP(ssize_t, send, (int file, const void *data, size_t size, int flags), (file, data, size, flags), file)
WRAP(ssize_t, sendto,
     (int file, const void *data, size_t size, int flags, const struct sockaddr *to, socklen_t length),
     (file, data, size, flags, to, length), file)
WRAP(ssize_t, sendmsg, (int file, const struct msghdr *message, int flags), (file, message, flags), file)
WRAP(int, fsync, (int file), (file), file)
WRAP(int, fdatasync, (int file), (file), file)
WRAP(int, ftruncate, (int file, off_t size), (file, size), file)
WRAP(int, ftruncate64, (int file, off64_t size), (file, size), file)
