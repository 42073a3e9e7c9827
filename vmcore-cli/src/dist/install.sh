#!/bin/sh
# Installs vmcore out of the unpacked archive this file lies in, or takes it away again.
#
#   ./install.sh [PREFIX]               into PREFIX, /usr/local if it isn't given
#   ./install.sh --uninstall [PREFIX]   takes away what was installed there, and nothing else: from
#                                       PREFIX/lib/vmcore, too, where a copy of this file is installed
#
# With DESTDIR in the environment, all is written below that folder, for PREFIX in the end.
set -eu

fail() {
  printf 'install.sh: %s\n' "$@" >&2
  exit 1
}

usage() {
  echo 'usage: install.sh [--uninstall] [PREFIX]'
  echo 'Installs vmcore into PREFIX, or takes it away again. PREFIX is /usr/local if it is not given.'
}

action=install
prefix=
for argument; do
  case $argument in
    -h | --help)
      usage
      exit
      ;;
    --uninstall) action=uninstall ;;
    -*)
      usage >&2
      exit 2
      ;;
    *)
      [ -z "$prefix" ] || {
        usage >&2
        exit 2
      }
      prefix=$argument
      ;;
  esac
done
prefix=${prefix:-/usr/local}
case $prefix in
  /*) ;;
  *) prefix=$PWD/$prefix ;;
esac
to=${DESTDIR-}${prefix%/}
# What was installed, a line each: a file, or a folder that wasn't there, ending with /; below $to if it isn't absolute.
list=$to/lib/vmcore/installed

# folder PATH: makes a folder below $to, and those above it, and lists those that weren't there
folder() {
  [ ! -d "$to/$1" ] || return 0
  case $1 in */*) folder "${1%/*}" ;; esac
  mkdir "$to/$1"
  chmod 755 "$to/$1"
  made="$1/
$made"
}

# uninstall: takes away what $list names, the files first, then folders that are empty
uninstall() {
  while IFS= read -r line; do
    case $line in
      */ | '') ;;
      /*) rm -f -- "${DESTDIR-}$line" ;;
      *) rm -f -- "$to/$line" ;;
    esac
  done <"$list"
  listed=$(cat "$list")
  rm -f -- "$list"
  while IFS= read -r line; do
    case $line in
      */) rmdir -- "$to/$line" 2>/dev/null || true ;;
    esac
  done <<END
$listed
END
}

if [ $action = uninstall ]; then
  [ -f "$list" ] || fail "there is no vmcore in $to that install.sh has installed"
  [ -w "$to/lib/vmcore" ] || fail "$to can't be written: run it as root"
  uninstall
  echo "vmcore is no longer in $to"
  exit
fi

cd "$(dirname "$0")"
[ -f bin/vmcore ] && [ -f lib/vmcore/vmcore.jar ] || fail "there is no vmcore beside it: run it where it was unpacked"
machine=$(uname -m)
./lib/vmcore/runtime/bin/java -version >/dev/null 2>&1 ||
  fail "the Java runtime in $PWD doesn't run on this machine ($machine)"
mkdir -p "$to" 2>/dev/null && [ -w "$to" ] || fail "$to can't be written: run it as root, or name a PREFIX"
if [ -f "$list" ]; then
  uninstall
else
  for file in bin/vmcore lib/vmcore; do
    [ ! -e "$to/$file" ] || fail "$to/$file is there, and isn't of install.sh: take it away first"
  done
fi

made=
files=$(find bin lib share -type f | sort)
while IFS= read -r file; do
  folder "${file%/*}"
  cp "$file" "$to/$file"
  if [ -x "$file" ]; then chmod 755 "$to/$file"; else chmod 644 "$to/$file"; fi
  touch -r "$file" "$to/$file" # the AOT caches know the time of the jar
done <<END
$files
END
cp install.sh "$to/lib/vmcore/install.sh"
chmod 755 "$to/lib/vmcore/install.sh"
# fish looks below /usr and below the home folder, and in /etc.
fish=/etc/fish/completions
linked=
if [ "$prefix" = /usr/local ] && [ -w "${DESTDIR-}$fish" ] && [ ! -e "${DESTDIR-}$fish/vmcore.fish" ] && [ ! -h "${DESTDIR-}$fish/vmcore.fish" ]; then
  linked=$fish/vmcore.fish
  ln -s "$prefix/share/fish/vendor_completions.d/vmcore.fish" "${DESTDIR-}$linked"
fi
# Those that were made last are inside of those made before.
printf '%s\n' "$files" lib/vmcore/install.sh "$linked" "$made" >"$list"
chmod 644 "$list"

echo "vmcore is in $to: bin/vmcore, lib/vmcore, share/man, share/doc/vmcore, completion for bash, zsh and fish"
echo "to take it away: $prefix/lib/vmcore/install.sh --uninstall $prefix"
case :$PATH: in
  *:"$prefix/bin":*) ;;
  *) echo "$prefix/bin isn't in PATH" ;;
esac
