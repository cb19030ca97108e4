# complete.bash SCRIPT LINE: what bash offers where Tab is pressed at the end of the line, one a line.
source "$1"
read -ra COMP_WORDS <<<"$2"
[[ $2 != *" " ]] || COMP_WORDS+=("")
COMP_LINE=$2 COMP_POINT=${#2} COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
function=$(complete -p buildkit-installer)
function=${function#*-F }
"${function%% *}" buildkit-installer "${COMP_WORDS[-1]}" "${COMP_WORDS[-2]}"
printf '%s\n' "${COMPREPLY[@]}"
