/* main.c - procrun SCRIPT [ARG …]: the executable. */
#include "modules/modules.h"
#include "runtime/run.h"

int main(int argc, char **argv)
{
  return run_main(argc, argv, modules_core);
}
