# Completion of vmcore for bash 4.4 or newer; written by `vmcore completion bash`.
#
# For this shell:   source <(vmcore completion bash)
# For this user:    vmcore completion bash >~/.local/share/bash-completion/completions/vmcore
#                   (make the folder first; it needs the package bash-completion. Without that:
#                   put the line for this shell into ~/.bashrc)
# For all users:    vmcore completion bash >/usr/share/bash-completion/completions/vmcore

# _vmcore_table COMMAND: sets what it takes: options, as NAME or NAME=KIND, arguments and commands.
# A KIND is words with commas in between, or one of @file, @folder, @symbols, @types, @commands and @none.
_vmcore_table() {
  options='' arguments='' commands=''
  case $1 in
    # COMMANDS
    *) return 1 ;;
  esac
}

# _vmcore_kind OPTION: sets kind, and succeeds if the option takes a value
_vmcore_kind() {
  local each
  for each in $options; do
    if [[ $each == "$1="* ]]; then
      kind=${each#*=}
      return
    fi
  done
  return 1
}

# _vmcore_unquoted WORD: sets unquoted to what it stands for
_vmcore_unquoted() {
  unquoted=${1//[\\\'\"]/}
  [[ $unquoted != '~/'* ]] || unquoted=$HOME${unquoted:1}
}

# _vmcore_offer KIND PREFIX VALUE: offers what begins with VALUE, and stands behind PREFIX. What comes out
# of a dump or a folder is offered quoted: nobody may run it by a name.
_vmcore_offer() {
  local IFS=$' \t\n' unquoted each start
  local -a found=()
  _vmcore_unquoted "$3"
  start=$unquoted
  case $1 in
    @none) return ;;
    @file) compopt -o default ;;
    @folder) compopt -o dirnames ;;
    @symbols | @types)
      [[ -n $dump && -n $3 && $3 != *[\'\"]* ]] || return
      _vmcore_unquoted "$program"
      mapfile -t found < <("$unquoted" names "${1#@}" "$dump" "$start" 2>/dev/null </dev/null)
      ;;
    @commands) found=(@COMMANDS@) ;;
    *) IFS=, && read -r -a found <<<"$1" ;;
  esac
  case $COMP_WORDBREAKS in
    *=*) set -- "$1" '' "$3" ;;
    *)
      if [[ -n $2 && $3 != *[\'\"]* ]]; then
        case $1 in
          @file) mapfile -t found < <(compgen -f -- "$start") ;;
          @folder) mapfile -t found < <(compgen -d -- "$start") ;;
        esac
      fi
      ;;
  esac
  for each in "${found[@]}"; do
    [[ $each != "$start"* ]] || COMPREPLY+=("$2$(printf %q "$each")")
  done
}

_vmcore() {
  local IFS=$' \t\n' line=${COMP_LINE:0:COMP_POINT} lead piece word kind expected='' command='' dump='' i
  local options arguments commands program unquoted only=''
  local -a words=() given=()
  COMPREPLY=()

  # bash takes words apart at = and colons: what stands together is one.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    piece=${COMP_WORDS[i]}
    lead=${line%%[![:space:]]*}
    line=${line#"$lead"}
    ((i < COMP_CWORD)) || piece=$line
    if ((i == 0)) || [[ -n $lead ]]; then
      words+=("$piece")
    else
      words[-1]+=$piece
    fi
    line=${line#"$piece"}
  done
  program=${words[0]}

  _vmcore_table ''
  for word in "${words[@]:1:${#words[@]}-2}"; do
    if [[ -n $expected ]]; then
      expected=
    elif [[ -z $only && $word == -- ]]; then
      only=1
    elif [[ -z $only && $word == -?* ]]; then
      kind=
      [[ $word == --*=* ]] || ! _vmcore_kind "$word" || expected=$kind
    elif [[ -n $commands ]]; then
      command=${command:+$command }$word
      _vmcore_table "$command" || return 0
    else
      given+=("$word")
    fi
  done

  # The dump may stand behind the place that is completed.
  dump=${given[0]-}
  for ((i = COMP_CWORD + 1; i < ${#COMP_WORDS[@]}; i++)); do
    [[ -n $dump || ${COMP_WORDS[i]} == -* ]] || dump=${COMP_WORDS[i]}
  done
  _vmcore_unquoted "$dump"
  dump=$unquoted

  word=${words[-1]}
  if [[ -n $expected ]]; then
    _vmcore_offer "$expected" '' "$word"
  elif [[ -z $only && $word == --*=* ]]; then
    kind=
    ! _vmcore_kind "${word%%=*}" || _vmcore_offer "$kind" "${word%%=*}=" "${word#*=}"
  elif [[ -z $only && $word == -* ]]; then
    for piece in $options; do
      case $piece in
        --*=*) piece=${piece%%=*}= ;;
        *=*) piece=${piece%%=*} ;;
      esac
      [[ $piece != "$word"* ]] || COMPREPLY+=("$piece")
    done
    [[ ${#COMPREPLY[@]} != 1 || ${COMPREPLY[0]} != *= ]] || compopt -o nospace
  elif [[ -n $commands ]]; then
    _vmcore_offer "${commands// /,}" '' "$word"
  else
    local -a kinds=()
    read -r -a kinds <<<"$arguments"
    kind=${kinds[${#given[@]}]-}
    if [[ -z $kind && ${#kinds[@]} -gt 0 && ${kinds[-1]} == *'*' ]]; then
      kind=${kinds[-1]}
    fi
    [[ -z $kind ]] || _vmcore_offer "${kind%'*'}" '' "$word"
  fi
}

complete -F _vmcore vmcore
