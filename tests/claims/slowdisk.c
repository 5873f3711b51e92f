/* `slowdisk PAGE COMMAND…`: the command, with writes and syncs that take longer as a control page says (`diskpage.h`).
 *
 * For programs of any language: the kernel asks a process beside the command before each such call (seccomp user
 * notification), and that one rests before it lets the call go on. The command keeps the process's number; the process
 * beside it ends with it. Test harness only. */
#define _GNU_SOURCE
#include "diskpage.h"
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

static int listener;

static void wanted(int holds, const char *what) {
    if (holds) return;
    perror(what);
    _exit(126);
}

static void let(uint64_t id) {
    struct seccomp_notif_resp answer = {.id = id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
    ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer); /* Fails where who asked is dead. */
}

static void *rest_and_let(void *id) {
    rest();
    let((uint64_t)(uintptr_t)id);
    return NULL;
}

static void answer_all(void) {
    struct pollfd asked = {.fd = listener, .events = POLLIN};
    pthread_attr_t detached;
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&detached, 64 << 10);
    for (;;) {
        if (poll(&asked, 1, -1) < 0) continue;
        if (!(asked.revents & POLLIN)) return; /* Nobody is left who could ask. */
        struct seccomp_notif question = {0};
        if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &question) != 0) continue;
        char link[64];
        snprintf(link, sizeof link, "/proc/%u/fd/%d", question.pid, (int)question.data.args[0]);
        pthread_t thread;
        if (page->most_us == 0 || !meant(link) ||
            pthread_create(&thread, &detached, rest_and_let, (void *)(uintptr_t)question.id) != 0)
            let(question.id);
    }
}

static int asking(void) {
    static const int slow[] = {SYS_write,  SYS_pwrite64, SYS_writev,   SYS_pwritev,
                               SYS_fsync,  SYS_fdatasync, SYS_ftruncate, SYS_sync_file_range};
    enum { COUNT = sizeof slow / sizeof *slow };
    struct sock_filter code[COUNT + 3];
    code[0] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (int at = 0; at < COUNT; at++)
        code[at + 1] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, slow[at], COUNT - at, 0);
    code[COUNT + 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    code[COUNT + 2] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
    struct sock_fprog program = {.len = COUNT + 3, .filter = code};
    wanted(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "no_new_privs");
    unsigned flags = SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
}

union fd_room {
    struct cmsghdr head;
    char bytes[CMSG_SPACE(sizeof(int))];
};

static void hand_over(int over, int file) {
    char byte = 0;
    struct iovec data = {&byte, 1};
    union fd_room room = {0};
    struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = &room, .msg_controllen = sizeof room};
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof file);
    memcpy(CMSG_DATA(head), &file, sizeof file);
    wanted(sendmsg(over, &message, 0) == 1, "handing over");
}

static int taken_over(int from) {
    char byte;
    struct iovec data = {&byte, 1};
    union fd_room room = {0};
    struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = &room, .msg_controllen = sizeof room};
    int file = -1;
    if (recvmsg(from, &message, MSG_CMSG_CLOEXEC) == 1 && CMSG_FIRSTHDR(&message))
        memcpy(&file, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof file);
    return file;
}

int main(int count, char **arguments) {
    int ends[2];
    if (count < 3) return 126;
    map_page(arguments[1]);
    wanted(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0, "socketpair");
    pid_t beside = fork();
    wanted(beside >= 0, "fork");
    if (beside == 0) {
        setsid();
        for (int file = 0; file < 3; file++) close(file);
        close(ends[0]);
        listener = taken_over(ends[1]);
        if (listener >= 0) answer_all();
        _exit(0);
    }
    int file = asking();
    wanted(file >= 0, "seccomp");
    hand_over(ends[0], file);
    close(file);
    execvp(arguments[2], arguments + 2);
    wanted(0, arguments[2]);
}
