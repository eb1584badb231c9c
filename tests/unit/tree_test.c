/* tree_test.c - a whole tree of processes is reached, whatever its members did to get away. */
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>

#include "modules/process/procfs.h"
#include "tests/unit/launch_help.h"

enum { FEW = 3, MANY = 1000 }; /* more than fit into 4 kB of their numbers */

/* A shell script under way, with a pipe that every process of its tree holds and writes to. Scripts
   that get SIGTERM fork before they write their line: a shell blocks signals around fork, so it may
   make one more child after it was told to end, which nobody can know of. */
typedef struct Job {
  pid_t pid;
  int out;
} Job;

static Job job_start(const char *script)
{
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) abort();
  fflush(NULL);
  pid_t pid = fork();
  if (pid < 0) abort(); /* kill(-1) would reach everybody */
  if (pid == 0) {
    dup2(ends[1], 1);
    execl("/bin/sh", "sh", "-c", script, (char *)NULL);
    _exit(127);
  }
  close(ends[1]);
  return (Job){.pid = pid, .out = ends[0]};
}

/* Waits until the tree has written n lines: that many of its members are in place. */
static void job_ready(const Job *job, int n)
{
  char byte;
  while (n > 0 && read(job->out, &byte, 1) == 1)
    if (byte == '\n') n--;
  CHECK(n == 0, "%d are missing", n);
}

/* The pipe reaches its end when the last member is gone. */
static bool job_gone(const Job *job)
{
  struct pollfd fd = {.fd = job->out, .events = POLLIN};
  char byte;
  while (poll(&fd, 1, 5000) == 1)
    if (read(job->out, &byte, 1) == 0) return true;
  return false;
}

/* A process closes its pipes a moment before it counts as dead. */
static bool all_dead(Tree *tree)
{
  for (int i = 0; i < 5000 && tree_alive(tree) > 0; i++) poll(NULL, 0, 1);
  return tree_alive(tree) == 0;
}

static void job_end(const Job *job)
{
  kill(job->pid, SIGKILL);
  waitpid(job->pid, NULL, 0);
  close(job->out);
}

static void test_nested(void)
{
  Job job = job_start("(setsid sh -c 'sleep 1000 & echo a; wait' & (sleep 1000 & echo b; wait) & "
                      "echo c; wait) & (exec sh -c 'sleep 1000 & echo d; wait') & "
                      "echo e; wait");
  job_ready(&job, 5);
  Tree *tree = tree_new();
  int found = tree_signal(tree, job.pid, true, 0);
  CHECK(found == 8, "%d found", found);
  CHECK(tree_alive(tree) == 8, "%d alive", tree_alive(tree));
  CHECK(tree_signal(tree, job.pid, true, SIGTERM) == 8, "signalled");
  CHECK(job_gone(&job), "somebody has survived");
  CHECK(all_dead(tree), "%d alive", tree_alive(tree));
  tree_free(tree);
  job_end(&job);
}

static void test_only_descendants(void)
{
  Job job = job_start("trap '' TERM; sh -c 'trap \"\" TERM; echo a; sleep 1000; :' & "
                      "echo b; wait; echo over; read never");
  job_ready(&job, 2);
  Tree *tree = tree_new();
  CHECK(tree_signal(tree, job.pid, false, SIGKILL) >= 1, "signalled");
  job_ready(&job, 1); /* the root goes on */
  CHECK(kill(job.pid, 0) == 0, "the root was told");
  tree_free(tree);
  job_end(&job);
}

/* Ignores SIGTERM, its parent dies of it, and it belongs to nobody then. */
static void test_orphan(void)
{
  Job job = job_start("setsid sh -c 'trap \"\" TERM; echo a; while :; do sleep 1000; done' & "
                      "echo b; wait");
  job_ready(&job, 2);
  Tree *tree = tree_new();
  tree_signal(tree, job.pid, true, SIGTERM);
  int status = 0;
  waitpid(job.pid, &status, 0);
  CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM, "%x", status);
  CHECK(tree_alive(tree) >= 1, "nobody is remembered");
  CHECK(tree_signal(tree, job.pid, true, SIGKILL) >= 1, "nobody was told");
  CHECK(job_gone(&job) && all_dead(tree), "it has survived");
  CHECK(tree_signal(tree, job.pid, true, SIGKILL) == 0, "the dead were told");
  tree_free(tree);
  close(job.out);
}

/* Children of a fork storm do not slip through between the look and the signal. The storm ends by
   itself, too: nobody else would end it if the test itself were killed. */
static void test_storm(void)
{
  Job job = job_start("storm() { for i in $(seq 500); do (sleep 10; :) & sleep 0.001; done; }; "
                      "trap '' TERM; storm & storm & storm & echo a; wait");
  job_ready(&job, 1);
  Tree *tree = tree_new();
  CHECK(tree_signal(tree, job.pid, true, SIGKILL) >= 4, "few");
  CHECK(job_gone(&job), "somebody has survived");
  tree_free(tree);
  job_end(&job);
}

static void stops(pid_t pid, bool want)
{
  siginfo_t info = {0};
  waitid(P_PID, (id_t)pid, &info, WSTOPPED | WEXITED | WNOHANG | WNOWAIT);
  CHECK((info.si_pid == pid && info.si_code == CLD_STOPPED) == want, "code %d", info.si_code);
}

/* A job that somebody had stopped ends by TERM, but is not woken for other signals. */
static void test_stopped(void)
{
  Job job = job_start("trap 'echo usr' USR1; echo a; while :; do :; done");
  job_ready(&job, 1);
  kill(job.pid, SIGSTOP);
  siginfo_t info = {0};
  waitid(P_PID, (id_t)job.pid, &info, WSTOPPED | WNOWAIT);
  Tree *tree = tree_new();
  CHECK(tree_signal(tree, job.pid, true, SIGUSR1) >= 1, "told");
  stops(job.pid, true);
  CHECK(tree_signal(tree, job.pid, true, SIGTERM) >= 1, "told");
  CHECK(job_gone(&job), "it has survived");
  tree_free(tree);
  job_end(&job);
}

/* Blanks, parentheses and figures in a name do not confuse anybody. */
static void test_strange_name(void)
{
  char dir[] = "/tmp/tree-test-XXXXXX", script[300], command[100];
  if (mkdtemp(dir) == NULL) abort();
  snprintf(script, sizeof script,
           "cp /bin/sh '%s/a) R 1 (2'; '%s/a) R 1 (2' -c 'sleep 1000 & echo a; wait; :' & wait",
           dir, dir);
  Job job = job_start(script);
  job_ready(&job, 1);
  Tree *tree = tree_new();
  CHECK(tree_signal(tree, job.pid, true, SIGKILL) == 3, "told");
  CHECK(job_gone(&job), "somebody has survived");
  tree_free(tree);
  job_end(&job);
  snprintf(command, sizeof command, "rm -rf %s", dir);
  CHECK(system(command) == 0, "%s", command);
}

/* We are never told ourselves, and a reused number is nobody we know. */
static void test_ourselves(void)
{
  Job job = job_start("echo a; sleep 1000; :");
  job_ready(&job, 1);
  Tree *tree = tree_new();
  CHECK(tree_signal(tree, getpid(), true, SIGKILL) >= 1, "nobody was told");
  CHECK(job_gone(&job) && all_dead(tree), "it has survived");
  CHECK(tree_signal(tree, 0, true, SIGKILL) == 0, "0 is nobody");
  CHECK(tree_signal(tree, 1, false, 0) == 0, "1 is not ours");
  CHECK(tree_signal(tree, -1, true, SIGKILL) == 0, "-1 is nobody");
  CHECK(tree_alive(tree) == 0, "a zombie counts");
  tree_free(tree);
  tree_free(NULL);
  job_end(&job);
}

/* A process in a group whose leader has been reaped. */
static Job job_start_group(void)
{
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) abort();
  fflush(NULL);
  pid_t leader = fork();
  if (leader < 0) abort();
  if (leader == 0) {
    setpgid(0, 0);
    if (fork() != 0) _exit(0);
    dup2(ends[1], 1);
    execlp("sleep", "sleep", "1000", (char *)NULL);
    _exit(127);
  }
  close(ends[1]);
  waitpid(leader, NULL, 0);
  return (Job){.pid = leader, .out = ends[0]};
}

/* The group of a leader that was reaped is reached; one whose leader lives, one of another session,
   or one that came about long after the end, has its number by chance. */
static void test_group(void)
{
  Job job = job_start_group();
  Tree *tree = tree_new();
  tree_group(tree, job.pid, true, uv_hrtime());
  CHECK(tree_alive(tree) == 0, "another session");
  tree_free(tree);
  tree = tree_new();
  tree_group(tree, job.pid, false, 0);
  CHECK(tree_alive(tree) == 0, "long after the end");
  tree_free(tree);
  tree = tree_new();
  tree_group(tree, job.pid, false, uv_hrtime());
  CHECK(tree_alive(tree) == 1, "not found");
  CHECK(tree_signal(tree, 0, false, SIGKILL) == 1 && job_gone(&job) && all_dead(tree),
        "not reached");
  tree_free(tree);
  close(job.out);
  job = job_start("echo a; sleep 1000; :");
  setpgid(job.pid, job.pid);
  job_ready(&job, 1);
  tree = tree_new();
  tree_group(tree, job.pid, false, uv_hrtime());
  CHECK(tree_alive(tree) == 0 && tree_signal(tree, 0, false, SIGKILL) == 0, "it has a leader");
  tree_signal(tree, job.pid, true, SIGKILL); /* the group alone may lack an early sleep */
  tree_free(tree);
  job_end(&job);
}

static pid_t start_idle(void)
{
  pid_t pid = fork();
  if (pid < 0) abort();
  if (pid == 0)
    for (;;) pause();
  return pid;
}

static void *start_few(void *told)
{
  const int *end = told;
  char byte;
  for (int i = 0; i < FEW; i++) start_idle();
  if (write(*end, "", 1) != 1 || read(*end, &byte, 1) != 1) abort();
  return NULL;
}

/* A child belongs to the thread that has made it; and there may be more of them than one read of the
   list tells. */
static void test_many(void)
{
  int told[2];
  char byte;
  pthread_t thread;
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, told) != 0) abort();
  if (pthread_create(&thread, NULL, start_few, &told[0]) != 0) abort();
  for (int i = 0; i < MANY; i++) start_idle();
  CHECK(read(told[1], &byte, 1) == 1, "the thread");
  Tree *tree = tree_new();
  int n = tree_signal(tree, getpid(), true, SIGKILL);
  CHECK(n == MANY + FEW, "%d told", n);
  while (waitpid(-1, NULL, 0) > 0) continue;
  CHECK(tree_alive(tree) == 0, "%d alive", tree_alive(tree));
  CHECK(write(told[1], "", 1) == 1, "the thread");
  pthread_join(thread, NULL);
  close(told[0]);
  close(told[1]);
  tree_free(tree);
}

static void test_all(void)
{
  test_nested();
  test_only_descendants();
  test_orphan();
  test_storm();
  test_stopped();
  test_strange_name();
  test_ourselves();
  test_group();
  test_many();
}

int main(void)
{
  test_all();
#ifdef PROCRUN_TEST_HOOKS
  procfs_walks = true;
  test_all();
#endif
  CHECK(no_children(), "a child is left");
  return failures != 0;
}
