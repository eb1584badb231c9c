# completion.bash - completes procrun's options, scripts and modules in bash; installed as
# share/bash-completion/completions/procrun, or sourced by hand.
# shellcheck shell=bash disable=SC2207 # words of our own, without blanks

# _procrun_help PROGRAM TEXT - what stands behind TEXT in the program's --help
_procrun_help() {
  "$1" --help 2>/dev/null | sed -n "s/^.*$2//p"
}

_procrun() {
  local current=${COMP_WORDS[COMP_CWORD]} option first="" words="" i
  COMPREPLY=()

  if [[ ${COMP_WORDS[1]} == bundle && COMP_CWORD -gt 1 ]]; then
    compopt -o default 2>/dev/null
    [[ $current == -* ]] && COMPREPLY=($(compgen -W "-o --main --exclude --hidden --strip --exec --list --help" -- "$current"))
    return
  fi

  # Behind the script stand its own arguments: files. The = of --name=value is a word of its own.
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in
      -e | -l | --profile | --profile-interval | --trace | --trace-file)
        [[ ${COMP_WORDS[i + 1]} == = ]] || ((i++))
        ;;
      -*) ;;
      =) ((i++)) ;;
      *)
        compopt -o default 2>/dev/null
        return
        ;;
    esac
  done

  # The option whose value is wanted, with the = if there is one.
  option=${COMP_WORDS[COMP_CWORD - 1]}
  if [[ $current == = ]]; then
    option+="=" current=
  elif [[ $option == = ]]; then
    option=${COMP_WORDS[COMP_CWORD - 2]}=
  fi
  case $option in
    -e | --profile-interval | --profile-interval=) return ;;
    -l) words=$(_procrun_help "${COMP_WORDS[0]}" "Built-in modules: ") ;;
    --config=) words=$("${COMP_WORDS[0]}" --config 2>/dev/null | sed 's/=.*//') ;;
    --channel=) words=stdio ;;
    --trace | --trace=) # a list: what stands behind its last comma
      first=${current%"${current##*,}"}
      words=$(_procrun_help "${COMP_WORDS[0]}" " one line an event: ")
      COMPREPLY=($(compgen -P "$first" -W "${words//,/ }" -- "${current##*,}"))
      return
      ;;
    --profile | --profile= | --trace-file | --trace-file=)
      compopt -o default 2>/dev/null
      return
      ;;
  esac
  if [[ $words ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
    return
  fi

  case $current in
    -*)
      COMPREPLY=($(compgen -W "-e -l -i -v -E -W -x -n -- - --channel=stdio --config --config= --profile= --profile-interval= --trace= --trace-file= --help --version" -- "$current"))
      [[ ${COMPREPLY[*]} == *= ]] && compopt -o nospace 2>/dev/null
      ;;
    *)
      compopt -o filenames 2>/dev/null
      [[ $COMP_CWORD == 1 ]] && first=bundle
      mapfile -t COMPREPLY < <(compgen -W "$first" -- "$current"; compgen -d -- "$current"; compgen -f -X '!*.lua' -- "$current")
      ;;
  esac
} && complete -F _procrun procrun
