# Completion of vmcore for fish; written by `vmcore completion fish`.
#
# For this shell:   vmcore completion fish | source
# For this user:    vmcore completion fish >~/.config/fish/completions/vmcore.fish
# For all users:    vmcore completion fish >/usr/share/fish/vendor_completions.d/vmcore.fish

# the options of a command whose value may be the next word
function __vmcore_valued
    switch "$argv"
        # VALUED
    end
end

# whether a command has commands of its own
function __vmcore_is_group
    switch "$argv"
        case ''
            return 0
        # GROUPS
    end
    return 1
end

# prints the command on the line, a word a line, behind that an empty line and its arguments so far
function __vmcore_words
    set -l tokens $argv
    set -l command
    set -l arguments
    set -l valued (__vmcore_valued '')
    set -l is_value 0
    set -l is_over 0
    for token in $tokens[2..-1]
        if test $is_value = 1
            set is_value 0
        else if test $is_over = 0; and test "$token" = --
            set is_over 1
        else if test $is_over = 0; and string match -qr -- '^-.' "$token"
            contains -- "$token" $valued; and set is_value 1
        else if __vmcore_is_group $command
            set -a command $token
            set valued (__vmcore_valued $command)
        else
            set -a arguments $token
        end
    end
    printf '%s\n' $command '' $arguments
end

# whether it is that command
function __vmcore_in
    set -l words (__vmcore_words (commandline -opc))
    set -l border (contains -i -- '' $words)
    contains -- (string join ' ' $words[1..$border] | string trim) $argv
end

# whether argument N of that command is completed, or with N+ a later one
function __vmcore_at
    set -l words (__vmcore_words (commandline -opc))
    set -l border (contains -i -- '' $words)
    set -l number (math (count $words) - $border + 1)
    set -l place (string replace + '' $argv[1])
    if string match -q '*+' $argv[1]
        test $number -ge $place; or return 1
    else
        test $number = $place; or return 1
    end
    contains -- (string join ' ' $words[1..$border] | string trim) $argv[2..-1]
end

# the word that is completed, without the option that it may be the value of
function __vmcore_word
    string replace -r -- '^--[^=]*=' '' (commandline -ct)
end

# names of the dump on the line that begin as the word does: vmcore knows them
function __vmcore_names
    set -l tokens (commandline -opc)
    set -l words (__vmcore_words $tokens)
    set -l border (contains -i -- '' $words)
    set -l dump $words[(math $border + 1)]
    if test -z "$dump"
        # it may stand behind the place that is completed
        set -l rest (commandline -o)
        for token in $rest[(math (count $tokens) + 2)..-1]
            string match -q -- '-*' "$token"; or set dump $token
        end
    end
    set -l word (__vmcore_word | string unescape)
    test -n "$dump" -a -n "$word"; or return
    set -l program (string replace -r '^~/' "$HOME/" -- $tokens[1])
    set dump (string replace -r '^~/' "$HOME/" -- $dump)
    $program names $argv[1] $dump $word 2>/dev/null </dev/null
end

complete -c vmcore -f
# COMMANDS
