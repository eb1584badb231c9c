/* launch_impl.h - what the files of launch share among themselves; nobody else includes it. */
#ifndef PROCRUN_LAUNCH_IMPL_H
#define PROCRUN_LAUNCH_IMPL_H

#include "modules/process/launch.h"

#if defined(__linux__) && !defined(PROCRUN_LAUNCH_UV)
#define LAUNCH_LINUX 1
#endif

typedef struct LaunchOps {
  int (*start)(Launched *p, const LaunchSpec *spec, LaunchError *error);
  int (*kill)(Launched *p, int signum);
  void (*ref)(Launched *p, bool ref);
  void (*give_up)(Launched *p); /* stop watching a child that still runs */
} LaunchOps;

extern const LaunchOps launch_uv_ops;
#ifdef LAUNCH_LINUX
extern const LaunchOps launch_linux_ops;
const char *launch_linux_name(void);
#endif

/* What a launch may use; all true unless a test forces otherwise. */
typedef struct LaunchMode {
  bool clone;  /* the Linux back end; else uv_spawn */
  bool shared; /* CLONE_VM, CLONE_VFORK and CLONE_FILES; else a plain fork */
  bool pidfd;  /* else SIGCHLD */
  bool clear;  /* CLONE_CLEAR_SIGHAND, of clone3; else each signal is reset by a call */
  bool range;  /* close_range; else no descriptor table is shared, and each one is marked */
} LaunchMode;

const LaunchMode *launch_mode(void);

#ifdef PROCRUN_TEST_HOOKS
/* One of the names in launch.c from now on; false: not known. */
bool launch_force(const char *name);
#endif

/* Fills in *error and returns code. */
int launch_fail(LaunchError *error, int code, const char *step);

/* The value of PATH in envp, or the default where it is unset. */
const char *launch_path(char **envp);

/* Puts PATH element `element` (up to its colon) and file together in out, an empty element being
   the current directory. Returns the rest of PATH, or NULL at its end. Async-signal-safe. */
const char *launch_candidate(const char *element, const char *file, char *out);

/* 0 or UV_EBADF: are the descriptors of spec open? */
int launch_check_fds(const LaunchSpec *spec);

/* Every running child that is watched stands in one table, by its pid. */
void launch_link(Launched *p);
void launch_unlink(Launched *p);
Launched *launch_find(pid_t pid);

/* Visits all of them; the visitor, and what it calls, may link and unlink. Not to be nested. */
void launch_each(void (*visit)(Launched *p, void *arg), void *arg);

/* launch_kill where there is no pidfd: only while the number is a child of ours. */
int launch_kill_number(Launched *p, int signum);

/* The child was reaped and no list nor watcher holds it any more: tells on_exit, then on_free if
   the owner has closed it before. p may be gone afterwards. */
void launch_ended(Launched *p, int status, const struct rusage *usage);

/* The libuv handle inside is closed. */
void launch_idle(Launched *p);

#endif
