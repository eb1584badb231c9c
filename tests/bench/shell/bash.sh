#!/bin/bash
# bash.sh TEST [argument] - the works of tests/bench/shell.lua by bash.
set -euo pipefail
test=$1 argument=${2-}

where() { (cd "$1"; sleep 0.05; pwd); }

case $test in
  true) command -p env true ;;
  pipe) head -c "$argument" /dev/zero | wc -c ;;
  timeout)
    began=$EPOCHREALTIME
    if timeout 0.5 sh -c "sleep $argument & wait"; then how="returned success"; else how=raised; fi
    printf '%s after %.1f s\n' "$how" "$(bc <<<"$EPOCHREALTIME - $began" 2>/dev/null || echo 0.5)"
    ;;
  cwd) echo $(where /usr) $(where /etc) ;;
  wait) trap 'echo cleaned up' EXIT; sleep "$argument" ;;
  stdout) out=$(readlink /proc/self/fd/1); echo "$out" ;;
  missing) no-such-command --now ;;
  lines)
    count=0
    while read -r _; do count=$((count + 1)); if [ $count = 3 ]; then break; fi; done < <(yes "$argument")
    echo "went on after $count"
    ;;
esac
