/* A library for LD_PRELOAD that numbers a process's changing calls, over all its threads together, and
 * disturbs one of them. strace(1) counts by thread and by call, so that places move and some never come; and
 * it can only pretend a short write.
 *
 * It is told by the environment, which is cleared of it before the program's own code runs, so that what the
 * program starts is left alone:
 *
 *   CALLFAULTS      "ACTION NUMBER [ARGUMENT]": what to do at the call with this number, counted from 1, or
 *                   at the first one after it that the action fits:
 *                     kill-before   SIGKILL instead of the call
 *                     kill-after    the call, then SIGKILL
 *                     error E       the call fails with errno E, and is not made
 *                     error-from E  so do all that come after it and need room on the disk
 *                     short         half of what was to be written is written, really
 *                     pause PATH    makes PATH.paused, then waits for PATH.go, and all threads with it
 *   CALLFAULTS_SET  which calls are numbered: "file" (those that change files or lock them) or "wire" (those
 *                   that send, connect, or start a process)
 *   CALLFAULTS_LOG  a file that gets a line "NUMBER CALL PATH" each, "<-" behind the disturbed one
 *
 * Numbered are calls on regular files and directories; standard output and error, pipes, and event
 * descriptors are not. Calls that libc makes for itself are not seen (fopen(3), syslog(3)).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum action { NOTHING, KILL_BEFORE, KILL_AFTER, FAIL, FAIL_FROM, SHORT, PAUSE };

static enum action action;
static long place;
static int code;
static char goes_on[512], paused_name[512];
static int sees_files, sees_wire;
static int log_descriptor = -1;
static pid_t owner;
static atomic_long counter;
static atomic_int is_done, is_paused;

/* What a call is, for the actions that fit some only. */
enum kind { OTHER, WRITES, CREATES };

#define NEXT(name) \
    static __typeof__(&name) real; \
    if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static void wait_a_little(void) {
    struct timespec time = {0, 2000000};
    syscall(SYS_nanosleep, &time, NULL);
}

static void die(void) {
    syscall(SYS_kill, getpid(), SIGKILL);
    for (;;) wait_a_little();
}

__attribute__((constructor)) static void begin(void) {
    const char *text = getenv("CALLFAULTS"), *set = getenv("CALLFAULTS_SET");
    const char *log = getenv("CALLFAULTS_LOG");
    /* env(1) changes the directory and becomes the program. */
    if (!text || !set || strcmp(program_invocation_short_name, "env") == 0) return;
    char word[32] = "", argument[480] = "";
    sscanf(text, "%31s %ld %479s", word, &place, argument);
    static const char *words[] = {
        "nothing", "kill-before", "kill-after", "error", "error-from", "short", "pause"};
    for (int index = 0; index < 7; index++)
        if (strcmp(word, words[index]) == 0) action = index;
    code = atoi(argument);
    snprintf(goes_on, sizeof goes_on, "%s.go", argument);
    snprintf(paused_name, sizeof paused_name, "%s.paused", argument);
    sees_files = strcmp(set, "file") == 0;
    sees_wire = strcmp(set, "wire") == 0;
    if (log)
        log_descriptor = syscall(
            SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    owner = getpid();
    unsetenv("CALLFAULTS");
    unsetenv("CALLFAULTS_SET");
    unsetenv("CALLFAULTS_LOG");
    unsetenv("LD_PRELOAD");
}

static void note(long number, const char *call, int descriptor, const char *path, int disturbed) {
    if (log_descriptor < 0) return;
    char link[32], target[256] = "", line[512];
    if (!path) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
        long size = syscall(SYS_readlinkat, AT_FDCWD, link, target, sizeof target - 1);
        target[size > 0 ? size : 0] = 0;
        path = target;
    }
    int size = snprintf(
        line, sizeof line, "%ld %s %s%s\n", number, call, path, disturbed ? " <-" : "");
    syscall(SYS_write, log_descriptor, line, size < (int)sizeof line ? size : (int)sizeof line - 1);
}

static int fits(enum kind kind) {
    switch (action) {
    case SHORT: return kind == WRITES;
    case FAIL_FROM: return kind != OTHER;
    default: return 1;
    }
}

/* Numbers a call, and says what becomes of it. NOTHING and KILL_AFTER: it is made. */
static enum action number(const char *call, enum kind kind, int descriptor, const char *path) {
    while (atomic_load(&is_paused)) wait_a_little();
    long own = atomic_fetch_add(&counter, 1) + 1;
    int is_due = action != NOTHING && own >= place && fits(kind);
    if (is_due && action != FAIL_FROM) is_due = !atomic_exchange(&is_done, 1);
    note(own, call, descriptor, path, is_due);
    if (!is_due) return NOTHING;
    if (action == KILL_BEFORE) die();
    if (action == PAUSE) {
        atomic_store(&is_paused, 1);
        long made = syscall(
            SYS_openat, AT_FDCWD, paused_name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        if (made >= 0) syscall(SYS_close, made);
        while (syscall(SYS_faccessat, AT_FDCWD, goes_on, F_OK) != 0) wait_a_little();
        atomic_store(&is_paused, 0);
        return NOTHING;
    }
    return action;
}

static int is_watched(int wanted) { return wanted && owner == getpid(); }

static int is_file(int descriptor) {
    int saved = errno;
    struct stat state;
    int found = descriptor > 2 && descriptor != log_descriptor && is_watched(sees_files)
        && fstat(descriptor, &state) == 0 && (S_ISREG(state.st_mode) || S_ISDIR(state.st_mode));
    errno = saved;
    return found;
}

static int is_socket(int descriptor) {
    int saved = errno;
    struct stat state;
    int found = descriptor > 2 && is_watched(sees_wire) && fstat(descriptor, &state) == 0
        && S_ISSOCK(state.st_mode);
    errno = saved;
    return found;
}

/* Makes a call unless it is disturbed. */
#define MAKE(call, kind, descriptor, path, made) \
    do { \
        enum action what = number(call, kind, descriptor, path); \
        if (what == FAIL || what == FAIL_FROM) { \
            errno = code; \
            return -1; \
        } \
        __typeof__(made) result = (made); \
        if (what == KILL_AFTER) die(); \
        return result; \
    } while (0)

#define FILE_CALL(call, descriptor, made) \
    do { \
        if (!is_file(descriptor)) return made; \
        MAKE(call, OTHER, descriptor, NULL, made); \
    } while (0)

#define PATH_CALL(call, kind, path, made) \
    do { \
        if (!is_watched(sees_files)) return made; \
        MAKE(call, kind, -1, path, made); \
    } while (0)

/* Opening for reading changes nothing. */
#define OPENING(call, flags, path, made) \
    do { \
        if (((flags) & O_ACCMODE) == O_RDONLY && !((flags) & (O_CREAT | O_TRUNC))) return made; \
        if (strncmp(path, "/dev/", 5) == 0 || strncmp(path, "/proc/", 6) == 0) return made; \
        PATH_CALL(call, ((flags) & O_CREAT) ? CREATES : OTHER, path, made); \
    } while (0)

#define MODE(last) \
    mode_t mode = 0; \
    if (flags & (O_CREAT | O_TMPFILE)) { \
        va_list list; \
        va_start(list, last); \
        mode = va_arg(list, mode_t); \
        va_end(list); \
    }

int open(const char *path, int flags, ...) {
    NEXT(open);
    MODE(flags)
    OPENING("open", flags, path, real(path, flags, mode));
}

int open64(const char *path, int flags, ...) {
    NEXT(open64);
    MODE(flags)
    OPENING("open", flags, path, real(path, flags, mode));
}

int openat(int directory, const char *path, int flags, ...) {
    NEXT(openat);
    MODE(flags)
    OPENING("openat", flags, path, real(directory, path, flags, mode));
}

int openat64(int directory, const char *path, int flags, ...) {
    NEXT(openat64);
    MODE(flags)
    OPENING("openat", flags, path, real(directory, path, flags, mode));
}

/* A write that may be cut in half. */
#define WRITING(call, count, made_of) \
    do { \
        if (!is_file(descriptor) && !is_socket(descriptor)) return made_of(count); \
        enum action what = number(call, (count) > 1 ? WRITES : OTHER, descriptor, NULL); \
        if (what == FAIL || what == FAIL_FROM) { \
            errno = code; \
            return -1; \
        } \
        ssize_t result = made_of(what == SHORT ? (count) / 2 : (count)); \
        if (what == KILL_AFTER) die(); \
        return result; \
    } while (0)

ssize_t write(int descriptor, const void *bytes, size_t count) {
    NEXT(write);
#define MADE(size) real(descriptor, bytes, size)
    WRITING("write", count, MADE);
#undef MADE
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
    NEXT(pwrite);
#define MADE(size) real(descriptor, bytes, size, offset)
    WRITING("pwrite", count, MADE);
#undef MADE
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset) {
    NEXT(pwrite64);
#define MADE(size) real(descriptor, bytes, size, offset)
    WRITING("pwrite", count, MADE);
#undef MADE
}

ssize_t writev(int descriptor, const struct iovec *parts, int count) {
    NEXT(writev);
    if (is_socket(descriptor)) MAKE("writev", OTHER, descriptor, NULL, real(descriptor, parts, count));
    FILE_CALL("writev", descriptor, real(descriptor, parts, count));
}

int fsync(int descriptor) {
    NEXT(fsync);
    FILE_CALL("fsync", descriptor, real(descriptor));
}

int fdatasync(int descriptor) {
    NEXT(fdatasync);
    FILE_CALL("fdatasync", descriptor, real(descriptor));
}

int syncfs(int descriptor) {
    NEXT(syncfs);
    FILE_CALL("syncfs", descriptor, real(descriptor));
}

int ftruncate(int descriptor, off_t size) {
    NEXT(ftruncate);
    FILE_CALL("ftruncate", descriptor, real(descriptor, size));
}

int ftruncate64(int descriptor, off64_t size) {
    NEXT(ftruncate64);
    FILE_CALL("ftruncate", descriptor, real(descriptor, size));
}

int fchmod(int descriptor, mode_t mode) {
    NEXT(fchmod);
    FILE_CALL("fchmod", descriptor, real(descriptor, mode));
}

int fchown(int descriptor, uid_t user, gid_t group) {
    NEXT(fchown);
    FILE_CALL("fchown", descriptor, real(descriptor, user, group));
}

int flock(int descriptor, int operation) {
    NEXT(flock);
    FILE_CALL("flock", descriptor, real(descriptor, operation));
}

/* Of fcntl(2) only what locks is numbered. */
#define LOCKING(made) \
    do { \
        if (order != F_SETLK && order != F_SETLKW && order != F_OFD_SETLK && order != F_OFD_SETLKW) \
            return made; \
        FILE_CALL("fcntl", descriptor, made); \
    } while (0)

int fcntl(int descriptor, int order, ...) {
    NEXT(fcntl);
    va_list list;
    va_start(list, order);
    void *argument = va_arg(list, void *);
    va_end(list);
    LOCKING(real(descriptor, order, argument));
}

int fcntl64(int descriptor, int order, ...) {
    NEXT(fcntl64);
    va_list list;
    va_start(list, order);
    void *argument = va_arg(list, void *);
    va_end(list);
    LOCKING(real(descriptor, order, argument));
}

int rename(const char *from, const char *to) {
    NEXT(rename);
    PATH_CALL("rename", OTHER, to, real(from, to));
}

int renameat(int from_directory, const char *from, int to_directory, const char *to) {
    NEXT(renameat);
    PATH_CALL("renameat", OTHER, to, real(from_directory, from, to_directory, to));
}

int renameat2(
    int from_directory, const char *from, int to_directory, const char *to, unsigned flags) {
    NEXT(renameat2);
    PATH_CALL("renameat2", OTHER, to, real(from_directory, from, to_directory, to, flags));
}

int unlink(const char *path) {
    NEXT(unlink);
    PATH_CALL("unlink", OTHER, path, real(path));
}

int unlinkat(int directory, const char *path, int flags) {
    NEXT(unlinkat);
    PATH_CALL("unlinkat", OTHER, path, real(directory, path, flags));
}

int rmdir(const char *path) {
    NEXT(rmdir);
    PATH_CALL("rmdir", OTHER, path, real(path));
}

int mkdir(const char *path, mode_t mode) {
    NEXT(mkdir);
    PATH_CALL("mkdir", CREATES, path, real(path, mode));
}

int chmod(const char *path, mode_t mode) {
    NEXT(chmod);
    PATH_CALL("chmod", OTHER, path, real(path, mode));
}

int link(const char *from, const char *to) {
    NEXT(link);
    PATH_CALL("link", CREATES, to, real(from, to));
}

int linkat(int from_directory, const char *from, int to_directory, const char *to, int flags) {
    NEXT(linkat);
    PATH_CALL("linkat", CREATES, to, real(from_directory, from, to_directory, to, flags));
}

int utimensat(int directory, const char *path, const struct timespec times[2], int flags) {
    NEXT(utimensat);
    PATH_CALL("utimensat", OTHER, path, real(directory, path, times, flags));
}

int futimens(int descriptor, const struct timespec times[2]) {
    NEXT(futimens);
    FILE_CALL("futimens", descriptor, real(descriptor, times));
}

#define WIRE_CALL(call, made) \
    do { \
        if (!is_watched(sees_wire)) return made; \
        MAKE(call, OTHER, descriptor, NULL, made); \
    } while (0)

ssize_t send(int descriptor, const void *bytes, size_t count, int flags) {
    NEXT(send);
    WIRE_CALL("send", real(descriptor, bytes, count, flags));
}

ssize_t sendto(
    int descriptor, const void *bytes, size_t count, int flags, const struct sockaddr *address,
    socklen_t size) {
    NEXT(sendto);
    WIRE_CALL("sendto", real(descriptor, bytes, count, flags, address, size));
}

ssize_t sendmsg(int descriptor, const struct msghdr *message, int flags) {
    NEXT(sendmsg);
    WIRE_CALL("sendmsg", real(descriptor, message, flags));
}

int sendmmsg(int descriptor, struct mmsghdr *messages, unsigned count, int flags) {
    NEXT(sendmmsg);
    WIRE_CALL("sendmmsg", real(descriptor, messages, count, flags));
}

int connect(int descriptor, const struct sockaddr *address, socklen_t size) {
    NEXT(connect);
    WIRE_CALL("connect", real(descriptor, address, size));
}

pid_t fork(void) {
    NEXT(fork);
    if (!is_watched(sees_wire)) return real();
    MAKE("fork", OTHER, -1, "", real());
}

/* It returns its error instead of setting errno. */
int posix_spawn(
    pid_t *process, const char *path, const posix_spawn_file_actions_t *actions,
    const posix_spawnattr_t *attributes, char *const arguments[], char *const environment[]) {
    NEXT(posix_spawn);
    if (!is_watched(sees_wire))
        return real(process, path, actions, attributes, arguments, environment);
    enum action what = number("posix_spawn", OTHER, -1, path);
    if (what == FAIL) return code;
    int result = real(process, path, actions, attributes, arguments, environment);
    if (what == KILL_AFTER) die();
    return result;
}
