#!/bin/sh
# Installs vmcore out of the unpacked archive this file lies in, or takes it away again.
#
#   ./install.sh [PREFIX]               into PREFIX, /usr/local if it isn't given
#   ./install.sh --uninstall [PREFIX]   takes away what was installed there, and nothing else: from
#                                       PREFIX/lib/vmcore, too, where a copy of this file is installed
#
# With DESTDIR in the environment, all is written below that folder, for PREFIX in the end. A file that is
# there and isn't of install.sh is refused. What breaks off leaves what was there before, or, where it was killed,
# what a second run and --uninstall can deal with: all is copied beside its place first and listed before that.
set -eu
umask 022
unset CDPATH

newline='
'
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

# absolute PATH: sets $path, with no / at its end; the folders at its end needn't exist
absolute() {
  path=$1 rest=
  case $path in
    *"$newline"*) fail 'there is a line break in the name of a folder' ;;
    /*) ;;
    *) path=./$path ;;
  esac
  while [ ! -d "${path:-/}" ]; do
    rest=/${path##*/}$rest path=${path%/*}
  done
  case $rest/ in
    */../*) fail "$1: there is no folder that .. would lead out of" ;;
  esac
  path=$(cd -- "${path:-/}" && pwd)
  path=${path%/}$rest
  while [ "$path" != "${path%/}" ]; do path=${path%/}; done
}
root=
[ -z "${DESTDIR-}" ] || {
  absolute "$DESTDIR"
  root=$path
}
absolute "${prefix:-/usr/local}"
prefix=$path
to=$root$prefix
own=$to/lib/vmcore
# What was installed, a line each: a file, or, with / at its end, a folder that wasn't there; those below PREFIX by
# their names from there, others by absolute ones.
list=$own/installed
staged=.vmcore-install. # begins the name of a file that is copied, and not in its place yet

# place LINE: sets $path to where that is
place() {
  case $1 in
    /*) path=$root$1 ;;
    *) path=$to/$1 ;;
  esac
}

# note LINE: lists it
note() {
  if [ -f "$list" ]; then printf '%s\n' "$1" >>"$list"; else made=$made$1$newline; fi
}

# folder PATH: makes a folder and those above it, and lists those that weren't there
folder() {
  [ -n "$1" ] || return 0
  folder "${1%/*}"
  case $1 in
    "$prefix/lib/vmcore"* | "$prefix/share/doc/vmcore"*)
      [ ! -L "$root$1" ] || fail "$root$1 is a link: take it away first"
      ;;
  esac
  [ ! -d "$root$1" ] || return 0
  note "${1#"$prefix/"}/"
  mkdir -- "$root$1"
}

# away: takes away what the lines of stdin name, files first, then folders that are empty
away() {
  folders=
  while IFS= read -r line; do
    place "$line"
    case $line in
      */) folders=$folders$line$newline ;;
      *) rm -f -- "$path" ;;
    esac
  done
  # backwards, so that those inside of others come first, and those above PREFIX last
  printf %s "$folders" | LC_ALL=C sort -ur | while IFS= read -r line; do
    place "$line"
    rmdir -- "$path" 2>/dev/null || true
  done
}

uninstall() {
  listed=$(cat "$list")
  printf '%s\n' "$listed" | grep -v '/$' | away
  rm -f -- "$list" "$list.new"
  printf '%s\n' "$listed" | grep '/$' | away
}

# tidy: takes away what the lines of stdin name, and lists what is left
tidy() {
  away
  LC_ALL=C sort -u "$list" | while IFS= read -r line; do
    place "$line"
    [ ! -e "$path" ] && [ ! -L "$path" ] || printf '%s\n' "$line"
  done >"$list.new"
  mv -f -- "$list.new" "$list"
}

[ ! -L "$own" ] && [ ! -L "$list" ] || fail "$own is not of install.sh: there is a link"
if [ $action = uninstall ]; then
  [ -f "$list" ] || fail "there is no vmcore in ${to:-/} that install.sh has installed"
  [ -w "$own" ] || fail "${to:-/} can't be written: run it as root"
  uninstall
  echo "vmcore is no longer in ${to:-/}"
  exit
fi

cd -- "$(dirname -- "$0")"
[ -f bin/vmcore ] && [ -f lib/vmcore/vmcore.jar ] || fail "there is no vmcore beside it: run it where it was unpacked"
machine=$(uname -m)
./lib/vmcore/runtime/bin/java -version >/dev/null 2>&1 ||
  fail "the Java runtime in $PWD doesn't run on this machine ($machine)"
[ -z "$root" ] || mkdir -p -- "$root"
there=$to
while [ -n "$there" ] && [ ! -e "$there" ]; do there=${there%/*}; done
[ -d "${there:-/}" ] || fail "$there is not a folder"
[ -w "${there:-/}" ] || fail "${to:-/} can't be written: run it as root, or name a PREFIX"

# bin/vmcore is the last, so that it isn't there before the rest is
files=$(find lib share bin -type f | LC_ALL=C sort -r)
files=lib/vmcore/install.sh$newline$files
listed=/dev/null
[ ! -f "$list" ] || listed=$list
foreign=$(printf '%s\n' "$files" | grep -vxFf "$listed" | while IFS= read -r file; do
  [ ! -e "$to/$file" ] && [ ! -L "$to/$file" ] || printf '%s\n' "$to/$file"
done)
[ -z "$foreign" ] || fail "these are there, and aren't of install.sh: take them away first" "$foreign"

made=
whole=no
[ ! -f "$list" ] || [ ! -f "$to/bin/vmcore" ] || whole=yes
undo() {
  status=$?
  trap '' INT TERM HUP
  trap - EXIT
  set +e
  if [ ! -f "$list" ]; then
    printf %s "$made" | away
    echo 'install.sh: nothing is installed' >&2
  elif [ $whole = yes ]; then
    grep -e '/$' -e "/$staged" "$list" | tidy
    echo "install.sh: the vmcore that is in ${to:-/} stays" >&2
  else
    uninstall
    echo 'install.sh: nothing is installed' >&2
  fi
  exit "$status"
}
trap undo EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP
folder "$prefix/lib/vmcore"
[ -f "$list" ] || printf %s "$made" >"$list"
while IFS= read -r file; do
  name=${file%/*}/$staged${file##*/}
  folder "$prefix/${file%/*}"
  [ ! -d "$to/$file" ] || [ -L "$to/$file" ] || fail "$to/$file is a folder"
  note "$name"
  rm -f -- "$to/$name"
  from=$file
  [ "$file" != lib/vmcore/install.sh ] || from=install.sh
  cp -- "$from" "$to/$name"
  if [ -x "$from" ]; then chmod 755 "$to/$name"; else chmod 644 "$to/$name"; fi
  touch -r "$from" "$to/$name" # the AOT caches know the time of the jar
done <<END
$files
END

# All of it is there: nothing is written any more, but names.
trap '' INT TERM HUP
printf '%s\n' "$files" >>"$list"
while IFS= read -r file; do
  [ ! -L "$to/$file" ] || rm -f -- "$to/$file"
  mv -f -- "$to/${file%/*}/$staged${file##*/}" "$to/$file"
done <<END
$files
END
trap - EXIT
# what an older one had, and this one hasn't
printf '%s\n' "$files" | grep -vxFf - "$list" | tidy
# fish looks below /usr and below the home folder, and in /etc.
fish=/etc/fish/completions
link=$root$fish/vmcore.fish
if [ "$prefix" = /usr/local ] && [ -w "$root$fish" ] && [ ! -e "$link" ] && [ ! -L "$link" ]; then
  note "$fish/vmcore.fish"
  ln -s "$prefix/share/fish/vendor_completions.d/vmcore.fish" "$link"
fi
trap - INT TERM HUP

case $prefix in
  *[!A-Za-z0-9/._+-]*) quoted="'$(printf '%s\n' "$prefix" | sed "s/'/'\\\\''/g")'" ;;
  *) quoted=$prefix ;;
esac
echo "vmcore is in ${to:-/}: bin/vmcore, lib/vmcore, share/man, share/doc/vmcore, completion for bash, zsh and fish"
echo "to take it away: $quoted/lib/vmcore/install.sh --uninstall ${quoted:-/}"
case :$PATH: in
  *:"$prefix/bin":*) ;;
  *) echo "$prefix/bin isn't in PATH" ;;
esac
