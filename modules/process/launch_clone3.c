/* launch_clone3.c - clone3 with a stack for the child; see launch_clone3.h. */
#include "modules/process/launch_impl.h"

#ifdef LAUNCH_LINUX
#include <errno.h>
#include <sys/syscall.h>

#include "modules/process/launch_clone3.h"

#if defined(__x86_64__) && defined(__LP64__) && defined(SYS_clone3)
/* The child comes back on another stack, where nothing of this function is. */
long clone3_run(struct clone_args *args, int (*run)(void *), void *arg)
{
  long result = SYS_clone3;
  register int (*entry)(void *) __asm__("r8") = run;
  register void *argument __asm__("r9") = arg;
  __asm__ volatile("syscall\n\t"
                   "test %%rax, %%rax\n\t"
                   "jnz 1f\n\t"
                   "xor %%ebp, %%ebp\n\t"
                   "mov %%r9, %%rdi\n\t"
                   "call *%%r8\n\t"
                   "ud2\n"
                   "1:"
                   : "+a"(result)
                   : "D"(args), "S"(sizeof *args), "r"(entry), "r"(argument)
                   : "rcx", "r11", "cc", "memory");
  return result;
}
#else
long clone3_run(struct clone_args *args, int (*run)(void *), void *arg)
{
  (void)args;
  (void)run;
  (void)arg;
  return -ENOSYS;
}
#endif
#endif
