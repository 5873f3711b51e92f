/* Syncs of one process that are slow or fail, as a control page in a mapped file says. Preloaded; test harness only.
 *
 * CLAIM_DISK_FILE names the page (`shim.py` writes it); it may change at any time. Files whose path begins with its
 * prefix are meant, all others are left alone. What was done is counted in it, so that a harness can see its fault. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct page {
    int64_t least_us, most_us; /* how long a sync takes longer */
    int64_t failures;          /* how many syncs are still to fail with EIO */
    int64_t delayed, failed;   /* how many did */
    uint64_t seed;
    char prefix[208];
};

static volatile struct page *page;

__attribute__((constructor)) static void map_page(void) {
    const char *path = getenv("CLAIM_DISK_FILE");
    int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    void *found = file < 0 ? MAP_FAILED : mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (found == MAP_FAILED) abort(); /* A disk that does not fail would pass for one that did. */
    page = found;
}

static int meant(int file) {
    char link[64], path[512];
    size_t length = strlen((const char *)page->prefix);
    if (length == 0) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t read = readlink(link, path, sizeof path);
    return read >= (ssize_t)length && memcmp(path, (const char *)page->prefix, length) == 0;
}

static int64_t drawn_us(void) {
    uint64_t x = __atomic_add_fetch(&page->seed, 0x9E3779B97F4A7C15u, __ATOMIC_RELAXED); /* splitmix64 */
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return page->least_us + (int64_t)((x ^ (x >> 31)) % (uint64_t)(page->most_us - page->least_us + 1));
}

static int hindered(int file) {
    if (!meant(file)) return 0;
    if (page->most_us > 0) {
        int64_t us = drawn_us();
        struct timespec rest = {us / 1000000, us % 1000000 * 1000};
        while (nanosleep(&rest, &rest) != 0 && errno == EINTR) {}
        __atomic_add_fetch(&page->delayed, 1, __ATOMIC_RELAXED);
    }
    if (page->failures > 0 && __atomic_sub_fetch(&page->failures, 1, __ATOMIC_RELAXED) >= 0) {
        __atomic_add_fetch(&page->failed, 1, __ATOMIC_RELAXED);
        errno = EIO;
        return -1;
    }
    return 0;
}

int fsync(int file) { return hindered(file) ? -1 : (int)syscall(SYS_fsync, file); }

int fdatasync(int file) { return hindered(file) ? -1 : (int)syscall(SYS_fdatasync, file); }
