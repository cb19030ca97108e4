# complete.zsh FOLDER LINE: the line after Tab was pressed at its end, in a zsh with a terminal of its own.
zmodload zsh/zpty
zpty shell 'zsh -f -i'
zpty -w shell "fpath=($1 \$fpath); autoload -U compinit; compinit -D -u"
# A key that shows the line; the word is written apart, so that its echo is not taken for it.
zpty -w shell 'report() { print -r "<$BUFFER>" }; zle -N report; bindkey "^X" report; print rea""dy'
zpty -r shell said '*ready*'
zpty -w -n shell "$2"$'\t\x18'
zpty -r shell said '*<*>*'
print -r -- "${${said##*<}%%>*}"
zpty -d shell
