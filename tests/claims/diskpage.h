/* The control page by which a harness says what happens to a disk (`shim.py` writes it), and what both shims do with it.
 *
 * It may change at any time. Files whose path begins with its prefix are meant, all others are left alone. What was
 * done is counted in it, so that a harness can see its fault. */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

struct page {
    int64_t least_us, most_us; /* how long an operation takes longer */
    int64_t failures;          /* how many syncs are still to fail with EIO */
    int64_t delayed, failed;   /* how many did */
    uint64_t seed;
    char prefix[208];
};

static volatile struct page *page;

static void map_page(const char *path) {
    int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    void *found = file < 0 ? MAP_FAILED : mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (found == MAP_FAILED) abort(); /* A disk that does not fail would pass for one that did. */
    page = found;
}

/* Whether what a link below /proc/…/fd leads to is meant. */
static int meant(const char *link) {
    char path[512];
    size_t length = strlen((const char *)page->prefix);
    if (length == 0) return 0;
    ssize_t read = readlink(link, path, sizeof path);
    return read >= (ssize_t)length && memcmp(path, (const char *)page->prefix, length) == 0;
}

static int64_t drawn_us(void) {
    uint64_t x = __atomic_add_fetch(&page->seed, 0x9E3779B97F4A7C15u, __ATOMIC_RELAXED); /* splitmix64 */
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return page->least_us + (int64_t)((x ^ (x >> 31)) % (uint64_t)(page->most_us - page->least_us + 1));
}

static void rest(void) {
    int64_t us = drawn_us();
    struct timespec left = {us / 1000000, us % 1000000 * 1000};
    while (nanosleep(&left, &left) != 0) {}
    __atomic_add_fetch(&page->delayed, 1, __ATOMIC_RELAXED);
}
