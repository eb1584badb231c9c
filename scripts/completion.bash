# completion.bash - completes procrun's options, scripts and modules in bash; installed as
# share/bash-completion/completions/procrun, or sourced by hand.
# shellcheck shell=bash disable=SC2207 # words of our own, without blanks

_procrun() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} first= i
  COMPREPLY=()

  if [[ ${COMP_WORDS[1]} == bundle && COMP_CWORD -gt 1 ]]; then
    compopt -o default 2>/dev/null
    [[ $current == -* ]] && COMPREPLY=($(compgen -W "-o --main --exclude --hidden --strip --exec --list --help" -- "$current"))
    return
  fi

  # Behind the script stand its own arguments: files.
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in
      -e | -l) ((i++)) ;;
      -*) ;;
      =) ((i++)) ;;
      *)
        compopt -o default 2>/dev/null
        return
        ;;
    esac
  done

  case $previous in
    -e) return ;;
    -l)
      COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" --help 2>/dev/null | sed -n 's/^Built-in modules: //p')" -- "$current"))
      return
      ;;
    =)
      case ${COMP_WORDS[COMP_CWORD - 2]} in
        --config) COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" --config 2>/dev/null | sed 's/=.*//')" -- "$current")) ;;
        --channel) COMPREPLY=($(compgen -W stdio -- "$current")) ;;
      esac
      return
      ;;
  esac

  case $current in
    -*)
      COMPREPLY=($(compgen -W "-e -l -i -v -E -W -- - --channel=stdio --config --config= --profile= --profile-interval= --trace= --trace-file= --help --version" -- "$current"))
      [[ ${COMPREPLY[*]} == *= ]] && compopt -o nospace 2>/dev/null
      ;;
    *)
      compopt -o filenames 2>/dev/null
      [[ $COMP_CWORD == 1 ]] && first=bundle
      mapfile -t COMPREPLY < <(compgen -W "$first" -- "$current"; compgen -d -- "$current"; compgen -f -X '!*.lua' -- "$current")
      ;;
  esac
} && complete -F _procrun procrun
