/* channel.c - bytes between a parent and a child over a socketpair, with blocking calls and without a
   look at what they mean: channel pingpong|flood|echo_object|echo_string N. pingpong_epoll waits with
   epoll before each read, as whoever has more than one thing to wait for must. */
#include "bench.h"

#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BLOCK = 64 * 1024, BIG = 4000000 };
static char block[BLOCK], big[BIG];
static int epoll = -1; /* when it is to be asked before a read */

static void use_epoll(int fd)
{
  struct epoll_event wanted = {.events = EPOLLIN};
  epoll = epoll_create1(EPOLL_CLOEXEC);
  if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &wanted) != 0) fail("epoll");
}

static void put(int fd, const char *data, size_t size)
{
  while (size > 0) {
    ssize_t n = write(fd, data, size);
    if (n <= 0) fail("write");
    data += n;
    size -= (size_t)n;
  }
}

static void get(int fd, char *data, size_t size)
{
  struct epoll_event ready;
  while (size > 0) {
    if (epoll >= 0 && epoll_wait(epoll, &ready, 1, -1) != 1) fail("epoll_wait");
    ssize_t n = read(fd, data, size);
    if (n <= 0) fail("read");
    data += n;
    size -= (size_t)n;
  }
}

/* Gives each message back as soon as it is here. */
static void echo(int fd, char *data, size_t size, int count)
{
  while (count-- > 0) {
    get(fd, data, size);
    put(fd, data, size);
  }
}

static double round_trips(int fd, char *data, size_t size, int count)
{
  double began = now();
  while (count-- > 0) {
    put(fd, data, size);
    get(fd, data, size);
  }
  return now() - began;
}

static const char line[] = "{\"id\":123456,\"name\":\"worker\",\"value\":3.25,\"ok\":true}\n";

static void send_lines(int fd, int count)
{
  const size_t size = sizeof line - 1;
  size_t used = 0;
  while (count-- > 0) {
    if (used + size > BLOCK) {
      put(fd, block, used);
      used = 0;
    }
    memcpy(block + used, line, size);
    used += size;
  }
  put(fd, block, used);
}

static double count_lines(int fd, int count)
{
  double began = now();
  put(fd, "g", 1);
  while (count > 0) {
    ssize_t n = read(fd, block, BLOCK);
    if (n <= 0) fail("read");
    for (char *p = block; (p = memchr(p, '\n', (size_t)(block + n - p))) != NULL; p++) count--;
  }
  return now() - began;
}

static void child(const char *work, int fd, int n)
{
  if (strcmp(work, "pingpong_epoll") == 0) use_epoll(fd);
  if (strncmp(work, "pingpong", 8) == 0) {
    echo(fd, block, 8, n);
  } else if (strcmp(work, "flood") == 0) {
    get(fd, block, 1);
    send_lines(fd, n);
  } else {
    echo(fd, big, BIG, n);
  }
}

static double parent(const char *work, int fd, int n)
{
  if (strcmp(work, "pingpong_epoll") == 0) use_epoll(fd);
  if (strncmp(work, "pingpong", 8) == 0) return n / round_trips(fd, block, 8, n);
  if (strcmp(work, "flood") == 0) return n / count_lines(fd, n);
  return (double)BIG * n / round_trips(fd, big, BIG, n) / 1e6;
}

int main(int argc, char **argv)
{
  int fds[2];
  if (argc != 3 || socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0) return 2;
  pid_t pid = fork();
  if (pid == 0) {
    child(argv[1], fds[1], atoi(argv[2]));
    _exit(0);
  }
  close(fds[1]);
  result(parent(argv[1], fds[0], atoi(argv[2])));
  waitpid(pid, NULL, 0);
  return 0;
}
