/* Preloaded into a process, makes its clocks run FAST_TIME times as fast as the kernel's, and its waits as much shorter: what a daemon does in
 * a day is seen in minutes. For measurements alone.
 *   cc -O2 -shared -fPIC -o fast_time.so fast_time.c -ldl; FAST_TIME=100 LD_PRELOAD=./fast_time.so PROGRAM */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

typedef __int128 wide;
#define SECOND 1000000000LL
#define CLOCKS 16

static long long factor;
static long long origin[CLOCKS];

static long long nanoseconds(const struct timespec *time) { return time->tv_sec * SECOND + time->tv_nsec; }
static struct timespec timespec_of(long long time) {
    if (time < 0) time = 0;
    return (struct timespec){.tv_sec = time / SECOND, .tv_nsec = time % SECOND};
}
static long long kernel_time(clockid_t clock) {
    struct timespec now;
    syscall(SYS_clock_gettime, clock, &now);
    return nanoseconds(&now);
}
static int runs(clockid_t clock) {
    return clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC || clock == CLOCK_MONOTONIC_RAW || clock == CLOCK_REALTIME_COARSE
        || clock == CLOCK_MONOTONIC_COARSE || clock == CLOCK_BOOTTIME;
}
__attribute__((constructor)) static void begin(void) {
    const char *text = getenv("FAST_TIME");
    for (int clock = 0; clock < CLOCKS; clock++)
        if (runs(clock)) origin[clock] = kernel_time(clock);
    factor = text ? atoll(text) : 1;
    if (factor < 1) factor = 1;
}
static long long shown(clockid_t clock) { return origin[clock] + (kernel_time(clock) - origin[clock]) * factor; }
/* The kernel's time at which a shown time comes. */
static struct timespec kernel_at(clockid_t clock, const struct timespec *time) {
    return timespec_of(origin[clock] + (nanoseconds(time) - origin[clock]) / factor);
}
static struct timespec shorter(const struct timespec *length) {
    long long time = nanoseconds(length);
    return timespec_of(time == 0 ? 0 : time / factor + 1);
}
static int shorter_milliseconds(int length) { return length <= 0 ? length : (int)((length + factor - 1) / factor); }

int clock_gettime(clockid_t clock, struct timespec *now) {
    if (!factor || !runs(clock)) return (int)syscall(SYS_clock_gettime, clock, now);
    *now = timespec_of(shown(clock));
    return 0;
}
int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    (void)zone;
    long long time = factor ? shown(CLOCK_REALTIME) : kernel_time(CLOCK_REALTIME);
    *now = (struct timeval){.tv_sec = time / SECOND, .tv_usec = time % SECOND / 1000};
    return 0;
}
time_t time(time_t *out) {
    time_t now = (factor ? shown(CLOCK_REALTIME) : kernel_time(CLOCK_REALTIME)) / SECOND;
    if (out) *out = now;
    return now;
}
static clockid_t clock_of[65536];
int timerfd_create(int clock, int flags) {
    int descriptor = (int)syscall(SYS_timerfd_create, clock, flags);
    if (descriptor >= 0 && descriptor < 65536) clock_of[descriptor] = clock;
    return descriptor;
}
int timerfd_settime(int descriptor, int flags, const struct itimerspec *value, struct itimerspec *old) {
    struct itimerspec real = {.it_interval = shorter(&value->it_interval)};
    int stops = value->it_value.tv_sec == 0 && value->it_value.tv_nsec == 0;
    if (!stops) {
        real.it_value = flags & TFD_TIMER_ABSTIME ? kernel_at(clock_of[descriptor & 65535], &value->it_value) : shorter(&value->it_value);
        if (real.it_value.tv_sec == 0 && real.it_value.tv_nsec == 0) real.it_value.tv_nsec = 1;
    }
    return (int)syscall(SYS_timerfd_settime, descriptor, flags, &real, old);
}
int epoll_wait(int descriptor, struct epoll_event *events, int count, int length) {
    return (int)syscall(SYS_epoll_pwait, descriptor, events, count, shorter_milliseconds(length), NULL, 8);
}
int poll(struct pollfd *descriptors, nfds_t count, int length) {
    return (int)syscall(SYS_poll, descriptors, count, shorter_milliseconds(length));
}
int nanosleep(const struct timespec *length, struct timespec *left) {
    struct timespec real = shorter(length);
    return (int)syscall(SYS_nanosleep, &real, left);
}
int usleep(useconds_t length) {
    struct timespec time = timespec_of(length * 1000LL);
    return nanosleep(&time, NULL);
}
int pthread_cond_timedwait(pthread_cond_t *restrict condition, pthread_mutex_t *restrict lock, const struct timespec *restrict until) {
    static int (*next)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);
    if (!next) next = dlsym(RTLD_NEXT, "pthread_cond_timedwait");
    /* Whichever clock the condition has: the nearer origin tells. */
    long long time = nanoseconds(until);
    clockid_t clock = time >= origin[CLOCK_REALTIME] - 86400 * SECOND ? CLOCK_REALTIME : CLOCK_MONOTONIC;
    struct timespec real = kernel_at(clock, until);
    return next(condition, lock, &real);
}
int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict until) {
    static int (*next)(sem_t *, const struct timespec *);
    if (!next) next = dlsym(RTLD_NEXT, "sem_timedwait");
    struct timespec real = kernel_at(CLOCK_REALTIME, until);
    return next(semaphore, &real);
}
