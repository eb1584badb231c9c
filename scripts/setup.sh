# setup.sh - what start, test, check and bench share: packages, configuring, building.
# Sourced with $root set to the top level. POSIX sh.
# shellcheck shell=sh disable=SC2034,SC2154

# What a build takes, in the names of Debian. Elsewhere the probes decide, not the names.
build_packages="meson ninja-build gcc libc6-dev pkg-config libuv1-dev liblua5.4-dev libcjson-dev lua5.4"

say() {
  printf '== %s\n' "$*"
}

die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

have() {
  command -v "$1" >/dev/null 2>&1
}

run_ninja() {
  if have ninja; then ninja "$@"; else ninja-build "$@"; fi
}

# Is what a package brings here already, wherever it came from?
is_there() {
  case $1 in
    ninja-build) have ninja || have ninja-build ;;
    nodejs) have node ;;
    gcc) have cc || have "${CC:-gcc}" ;;
    libc6-dev) echo '#include <stdio.h>' | "${CC:-cc}" -E - >/dev/null 2>&1 ;;
    libuv1-dev) pkg-config --exists libuv 2>/dev/null ;;
    liblua5.4-dev) pkg-config --exists lua5.4 2>/dev/null || pkg-config --exists lua-5.4 2>/dev/null ;;
    libcjson-dev) pkg-config --exists libcjson 2>/dev/null ;;
    lua-check) have luacheck ;;
    openssh-server) [ -x /usr/sbin/sshd ] && have ssh ;;
    slurm-wlm) [ -x /usr/sbin/slurmctld ] && [ -x /usr/sbin/slurmd ] && have srun ;;
    munge) [ -x /usr/sbin/munged ] ;;
    procps) have ps && have pgrep ;;
    xz-utils) have xz ;;
    lua-* | libreadline8 | libedit2) dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q '^install ok' ;;
    *) have "$1" ;;
  esac
}

missing_of() {
  missing=
  for package; do
    is_there "$package" || missing="$missing $package"
  done
  printf '%s' "$missing"
}

# need PACKAGE … - installs those that are missing, or says in one line what to do.
need() {
  missing=$(missing_of "$@")
  [ -n "$missing" ] || return 0
  command="apt-get install -y$missing"
  have apt-get || die "missing:$missing - install them with your system's packages, then run this again"
  as_root=
  if [ "$(id -u)" -ne 0 ]; then
    as_root=sudo
    have sudo || die "missing:$missing - run as root: $command"
    [ -t 0 ] || sudo -n true 2>/dev/null || die "missing:$missing - run: sudo $command"
  fi
  say "installing$missing"
  $as_root apt-get -q -o DPkg::Lock::Timeout=300 update ||
    say "apt-get update failed; trying with the lists that are here"
  # shellcheck disable=SC2086 # a list of names
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 \
    -o Dpkg::Use-Pty=0 install -y --no-install-recommends $missing ||
    die "installing failed - see apt-get's lines above, then run: ${as_root:+sudo }$command"
  missing=$(missing_of "$@")
  [ -z "$missing" ] || die "installed, and yet not found:$missing - is /usr/bin on PATH?"
}

# The major version of nodejs that apt-get would install; 0: none.
node_candidate() {
  version=$(apt-cache policy nodejs 2>/dev/null | sed -n 's/^ *Candidate: \([0-9]*\).*/\1/p')
  printf '%s' "${version:-0}"
}

# What tests/ecosystem tries: programs and modules that people use with lua.
lua_packages="luarocks lua-busted lua-check lua-unit lua-penlight lua-argparse lua-lpeg lua-cjson
  lua-filesystem lua-luv lua-socket lua-expat lua-yaml lua-zlib lua-sql-sqlite3 lua-dbi-sqlite3
  lua-term lua-system lua-cqueues lua-event lua-luaossl lua-rex-pcre2 lua-rex-gnu lua-rex-onig
  lua-rex-posix lua-rex-tre lua-dkjson lua-inifile lua-say lua-mediator lua-inspect
  lua-ansicolors lua-basexx lua-binaryheap lua-fifo lua-messagepack lua-uri lua-logging"

# What some tests need beside: strace, python3, tmux, the libraries that edit lines at the prompt, what
# the examples call, an sshd and Slurm for workers elsewhere, and a node of version 20 or later. Without
# them those tests are skipped with the reason, so nothing fails here. Packages that bring a service are
# left out where their installation would start it, for everybody.
want_for_tests() {
  services="openssh-server slurm-wlm munge"
  if [ -d /run/systemd/system ]; then services=; fi
  # shellcheck disable=SC2086 # a list of names
  wanted=$(missing_of strace python3 tmux libreadline8 libedit2 git curl jq procps xz-utils zstd $services)
  if ! have node && [ "$(node_candidate)" -ge 20 ]; then wanted="$wanted nodejs"; fi
  want "$wanted"
  # shellcheck disable=SC2086 # a list of names
  want "$(missing_of $lua_packages)"
}

want() {
  have apt-get && [ -n "$1" ] || return 0
  # shellcheck disable=SC2086 # a list of names
  (need $1) || say "going on without$1: the tests that need them are skipped"
}

# What a build directory was made with. When one of these changes it is made anew.
toolchain() {
  printf '%s\n' "$root" "${CC:-cc}"
  meson --version
  "${CC:-cc}" --version | head -n 1
  for package in libuv libcjson lua5.4 lua-5.4; do
    pkg-config --modversion "$package" 2>/dev/null || true
  done
}

is_build_dir() {
  [ -f "$1/build.ninja" ] && [ -f "$1/meson-private/coredata.dat" ]
}

# Removes a build directory, and nothing that is not one.
wipe() {
  case $1 in
    "$root"/build | "$root"/build/*) rm -rf "$1" ;;
    *) die "$1 cannot be used: remove it and run this again" ;;
  esac
}

# meson_setup DIR [OPTION …] - quiet unless it fails.
meson_setup() {
  meson setup "$@" "$root" >"$log" 2>&1
}

# configure DIR [MESON_OPTION …] - makes DIR ready to build: new, changed or broken ones alike.
configure() {
  dir=$1
  shift
  tools=$(toolchain)
  wanted=$(printf '%s\n' "$@" && "$root/scripts/list-sources")
  if [ -f "$dir/setup.tools" ] && [ "$tools" != "$(cat "$dir/setup.tools")" ]; then
    say "${dir#"$root"/} was made with other tools; making it anew"
    wipe "$dir"
  fi
  if is_build_dir "$dir" && [ "$wanted" = "$(cat "$dir/setup.wanted" 2>/dev/null)" ] &&
    run_ninja -C "$dir" -n >/dev/null 2>&1; then
    return 0
  fi
  say "configuring ${dir#"$root"/}"
  log=$(mktemp)
  if ! { is_build_dir "$dir" && meson_setup "$@" --reconfigure "$dir"; }; then
    if [ -e "$dir" ]; then wipe "$dir"; fi
    meson_setup "$@" "$dir" || {
      tail -n 20 "$log" >&2
      rm -f "$log"
      die "meson setup failed; its last lines stand above"
    }
  fi
  rm -f "$log"
  printf '%s\n' "$tools" >"$dir/setup.tools"
  printf '%s\n' "$wanted" >"$dir/setup.wanted"
}

# build DIR
build() {
  say "building ${1#"$root"/}"
  run_ninja -C "$1" || die "the build failed; the compiler's lines stand above"
}

# run_tests DIR [RUNNER_OPTION …]
run_tests() {
  dir=$1
  shift
  "$dir/tests-runner" --root "$root" --procrun "$dir/procrun" --unit-dir "$dir" "$@"
}
