/* The wall clock of one process, moved by an offset in a mapped file. Preloaded; test harness only.
 *
 * CLAIM_CLOCK_FILE names a file of 8 bytes: a signed count of microseconds, which may change at any time.
 * The monotonic clocks are left alone. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *offset_us;

__attribute__((constructor)) static void map_offset(void) {
    const char *path = getenv("CLAIM_CLOCK_FILE");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    void *page = file < 0 ? MAP_FAILED : mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0);
    if (page == MAP_FAILED) abort(); /* A clock that is not moved would pass for one that was. */
    offset_us = page;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    int result = (int)syscall(SYS_clock_gettime, clock, now);
    if (result != 0 || offset_us == NULL || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)) return result;
    int64_t moved = *offset_us;
    now->tv_sec += moved / 1000000;
    now->tv_nsec += moved % 1000000 * 1000;
    if (now->tv_nsec >= 1000000000) now->tv_nsec -= 1000000000, now->tv_sec += 1;
    if (now->tv_nsec < 0) now->tv_nsec += 1000000000, now->tv_sec -= 1;
    return 0;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec exact;
    (void)zone;
    int result = clock_gettime(CLOCK_REALTIME, &exact);
    if (result == 0) now->tv_sec = exact.tv_sec, now->tv_usec = exact.tv_nsec / 1000;
    return result;
}

time_t time(time_t *out) {
    struct timespec exact;
    clock_gettime(CLOCK_REALTIME, &exact);
    if (out) *out = exact.tv_sec;
    return exact.tv_sec;
}
