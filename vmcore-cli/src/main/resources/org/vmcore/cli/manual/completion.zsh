#compdef vmcore
#
# Completion of vmcore for zsh; written by `vmcore completion zsh`.
#
# For this shell, once compinit has run:   source <(vmcore completion zsh)
# For good: as a file named _vmcore in a folder of $fpath, such as
#   vmcore completion zsh >/usr/local/share/zsh/site-functions/_vmcore

# _vmcore_names KIND: names of the dump on the line that begin as the word does; vmcore knows them
_vmcore_names() {
  local dump=${(Q)line[1]} program=${(Q)vmcore_program}
  [[ -n $dump && -n $PREFIX ]] || return 1
  dump=${dump/#\~\//$HOME/} program=${program/#\~\//$HOME/}
  local -a names
  names=(${(f)"$($program names $argv[-1] $dump ${(Q)PREFIX} 2>/dev/null </dev/null)"})
  compadd "${(@)argv[1,-2]}" -a names
}

# COMMANDS
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _vmcore "$@"
else
  compdef _vmcore vmcore
fi
