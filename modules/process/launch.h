/* launch.h - how a child process is made and watched: one small interface, two back ends.
   launch_linux.c: clone, pre-exec steps, pidfd. launch_uv.c: uv_spawn. Plain C and libuv, no Lua.
   All of it belongs to the thread of the loop: a death signal comes when that *thread* ends. */
#ifndef PROCRUN_LAUNCH_H
#define PROCRUN_LAUNCH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <uv.h>

typedef struct LaunchLimit {
  int resource; /* RLIMIT_CPU and so on */
  struct rlimit limit;
  const char *step; /* as which a failure is told; NULL: "limit" */
} LaunchLimit;

typedef struct LaunchSpec {
  const char *file; /* searched along PATH of envp (of the child) unless it holds a slash */
  char **argv;      /* NULL-terminated; argv[0] need not be file */
  char **envp;      /* NULL-terminated; never NULL */
  const char *cwd;  /* NULL: inherit. Applied before the search, so "./x" is relative to it */
  const int *fds;   /* fds[i]: our descriptor that becomes the child's i; -1: closed there */
  int fd_count;     /* at least 3; descriptors above are closed in the child */
  bool new_session; /* setsid */
  bool new_group;   /* setpgid(0, 0) */
  bool set_uid, set_gid;
  uid_t uid;
  gid_t gid;        /* with uid or gid as root, supplementary groups are cleared first */
  int death_signal; /* PDEATHSIG; 0: none */
  int umask;        /* -1: inherit */
  bool set_nice;
  int nice;
  bool own_signals; /* none is blocked, and none is ignored but those that were at the first launch
                       or are named by `ignored` */
  uint64_t ignored; /* bit n - 1: signal n may come to be ignored; for this launch and all others */
  uint64_t unheard; /* bit n - 1: signal n is ignored in the child; all others are not */
  const LaunchLimit *limits;
  int limit_count;
  int guard;                  /* 0, or where the child tells the guard of itself (guard.h) */
  struct GuardRecord *record; /* what it tells, with its pid then */
  const char *cgroup;         /* NULL, or the file cgroup.procs of the cgroup that it is to join */
} LaunchSpec;

typedef struct LaunchError {
  int code; /* libuv code (negative errno) */
  const char *
      step; /* "fork" "autokill" "session" "group" "cwd" "limits: nice" "limits: cgroup" "groups" "gid"
                       "uid" "death signal" "stdio" "exec" or a limit's: the step that failed */
} LaunchError;

/* The start of a run, while low descriptors are still free: some of them are kept for launches, which
   then cost the same whatever else is opened. */
void launch_open(void);

typedef struct Launched Launched;
/* The child has ended and was reaped. status as waitpid gives it; LAUNCH_LOST when somebody else
   took it. usage is all zero where the back end does not know. C memory only. Called from the loop,
   exactly once for each launch that returned 0, also after launch_close (then before on_free), and
   not after launch_quit. */
typedef void (*LaunchExit)(Launched *p, int status, const struct rusage *usage);

enum { LAUNCH_LOST = 0xff00 }; /* exit code 255 */

struct Launched {
  uv_loop_t *loop;
  LaunchExit on_exit;
  void *data;      /* the owner's */
  pid_t pid;       /* 0 when the launch failed */
  int pidfd;       /* -1: watched by SIGCHLD or by libuv */
  bool running;    /* false once reaped; launch_kill then says UV_ESRCH and signals nobody */
  bool busy;       /* a libuv handle inside is open: the struct must not be freed */
  bool polling;    /* watched by its pidfd */
  bool referenced; /* keeps the loop alive while the child runs; true after launch */
  bool closed;     /* launch_close was called */
  void (*on_free)(Launched *p); /* told once `busy` has become false after launch_close */
  const struct LaunchOps *ops;  /* the back end it was started by */
  Launched **at, *next;         /* a chain of the table of running children */
  uv_process_t process;         /* launch_uv.c */
};

/* Starts a child. p: zeroed memory with loop, on_exit, on_free and data set, at a stable address.
   0, or a libuv code with *error filled in (nothing is then left behind: no zombie, no fd; p->busy
   may still be true until on_free). Descriptors of spec stay the caller's. Exec failures are
   reported with step "exec" and errno, ENOEXEC included; no file is ever handed to a shell. */
int launch_start(Launched *p, const LaunchSpec *spec, LaunchError *error);

/* Sends a signal to this child only, never to a reused pid: 0, UV_ESRCH once it was reaped. */
int launch_kill(Launched *p, int signum);

/* Looks whether it has ended, and reaps it, without waiting for the loop's next turn to do so; told by
   on_exit as ever. With libuv's way of launching it does nothing. Not for a child that is closed. */
void launch_look(Launched *p);

void launch_ref(Launched *p, bool ref);

/* Stops watching (the child goes on; it is still reaped in the background if the loop runs) or
   releases what is left after the exit; ends in on_free, at once or from the loop. */
void launch_close(Launched *p);

/* The end of a run, after launch_close of every child: gives up those that still live and would be
   reaped in the background, so that the loop can be closed. Their on_free follows, perhaps from one
   more run of the loop. How many there were. */
int launch_quit(uv_loop_t *loop);

/* After EMFILE: raises the limit of open descriptors, else has the children watched by SIGCHLD that
   hold a pidfd. False: no descriptor was to be had. */
bool launch_make_room(uv_loop_t *loop);

/* Which back end is in force: "uv", or of what the other one consists as far as it knows by now:
   "clone3", "clone" or "fork", "+pidfd" or "+sigchld", and "+close_range". The environment variable
   PROCRUN_LAUNCH=uv (or clone-sigchld, clone-noclear, clone-norange, fork-pidfd, fork-sigchld)
   forces one in builds with -DPROCRUN_TEST_HOOKS; the Meson option `launch` = auto|uv at build
   time. */
const char *launch_backend(void);

/* First in main, in every program that launches: where it was started by launch itself as a helper
   (launch_shim.c) it does that work and never returns. */
void launch_role(int argc, char **argv);

/* tree.c - every descendant of a process, as /proc shows them. */
typedef struct Tree Tree;
Tree *tree_new(void);

/* Its members belong to the tree, whoever their parents are. The path is the caller's. */
void tree_confine(Tree *tree, const char *cgroup);

/* Whoever is in this process group belongs to it, too. For the group that a child led which has been
   reaped, at ended (nanoseconds of uv_hrtime); own_session: it led a session as well. */
void tree_group(Tree *tree, pid_t group, bool own_session, uint64_t ended);

/* The root of the calls that follow leads this group, all of which belongs to it; 0: no group. */
void tree_lead(Tree *tree, pid_t group);

/* Signals the descendants of root and, if with_root, root itself: stop each, collect until nobody
   new appears, signal, continue. Remembers whom it saw (pid and start time) so that a later call on
   the same Tree also reaches those whose parents have died meanwhile. Each gets the signal once.
   root 0: only the remembered.
   Never signals our own process, and never a pid whose start time has changed. Number signalled. */
int tree_signal(Tree *tree, pid_t root, bool with_root, int signum);

/* How many of the remembered, and of the group, still live (zombies do not count). */
int tree_alive(Tree *tree);
void tree_free(Tree *tree);

#endif
