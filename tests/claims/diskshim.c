/* Syncs of one process that are slow or fail, as a control page in the file CLAIM_DISK_FILE says (`diskpage.h`).
 * Preloaded; test harness only. */
#define _GNU_SOURCE
#include "diskpage.h"
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>

__attribute__((constructor)) static void begin(void) { map_page(getenv("CLAIM_DISK_FILE")); }

static int hindered(int file) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    if (!meant(link)) return 0;
    if (page->most_us > 0) rest();
    if (page->failures > 0 && __atomic_sub_fetch(&page->failures, 1, __ATOMIC_RELAXED) >= 0) {
        __atomic_add_fetch(&page->failed, 1, __ATOMIC_RELAXED);
        errno = EIO;
        return -1;
    }
    return 0;
}

int fsync(int file) { return hindered(file) ? -1 : (int)syscall(SYS_fsync, file); }

int fdatasync(int file) { return hindered(file) ? -1 : (int)syscall(SYS_fdatasync, file); }
