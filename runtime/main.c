/* main.c - procrun SCRIPT [ARG …]: the executable. */
#include "modules/modules.h"
#include "modules/process/launch.h"
#include "runtime/run.h"

int main(int argc, char **argv)
{
  launch_role(argc, argv);
  return run_main(argc, argv, modules_core);
}
