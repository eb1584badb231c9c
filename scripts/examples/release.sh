#!/usr/bin/env bash
# release.sh - tags the next version of a git repository, with notes and an archive. release.lua
# beside it is the same for procrun.
set -euo pipefail

usage() {
  cat <<TEXT
usage: release.sh [-h] [-n] [-o DIR] major|minor|patch
  -n      say what would be done, and do nothing
  -o DIR  where notes and archive go (default dist)
TEXT
}

die() {
  echo "release: $1" >&2
  exit 1
}

dry=0
out=dist
while getopts hno: option; do
  case $option in
    h) usage; exit 0 ;;
    n) dry=1 ;;
    o) out=$OPTARG ;;
    *) usage >&2; exit 2 ;;
  esac
done
shift $((OPTIND - 1))
part=${1:-}
[[ $part =~ ^(major|minor|patch)$ ]] || { usage >&2; exit 2; }

[ -z "$(git status --porcelain --untracked-files=no)" ] || die "there are changes that are not committed"
last=$(git describe --tags --abbrev=0 --match 'v*' 2>/dev/null || echo v0.0.0)
[[ $last =~ ^v[0-9]+\.[0-9]+\.[0-9]+$ ]] || die "$last is no version such as v1.2.3"
IFS=. read -r major minor patch <<<"${last#v}"
case $part in
  major) major=$((major + 1)) minor=0 patch=0 ;;
  minor) minor=$((minor + 1)) patch=0 ;;
  patch) patch=$((patch + 1)) ;;
esac
next=v$major.$minor.$patch
range=HEAD
if git rev-parse -q --verify "refs/tags/$last" >/dev/null; then range=$last..HEAD; fi

notes=$(mktemp)
trap 'rm -f "$notes"' EXIT
{
  echo "# $next"
  for kind in feat fix; do
    found=$(git log --reverse --format=%s "$range" | sed -n "s/^$kind: /- /p")
    if [ -n "$found" ]; then
      [ $kind = feat ] && printf '\n## New\n' || printf '\n## Mended\n'
      echo "$found"
    fi
  done
} >"$notes"
[ "$(wc -l <"$notes")" -gt 1 ] || die "nothing to release since $last"

cat "$notes"
[ "$dry" = 0 ] || exit 0
name=$(basename "$(git rev-parse --show-toplevel)")-${next#v}
mkdir -p "$out"
git tag -a "$next" -F "$notes" --cleanup=verbatim
trap 'git tag -d "$next" >/dev/null; rm -f "$out/$name.tar.gz"' ERR
git archive --format=tar --prefix="$name/" "$next" | gzip -9n >"$out/$name.tar.gz"
cp "$notes" "$out/$name.md"
(cd "$out" && sha256sum "$name.tar.gz" >"$name.tar.gz.sha256")
echo "$next is tagged; $out/$name.tar.gz has $(stat -c %s "$out/$name.tar.gz") bytes"
