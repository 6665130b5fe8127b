"""What a page says of a design with mistakes: the sentences of the checks here, so that both say the same.

A page makes the checks of ``governance`` again, in its own code, and takes each sentence from this list by its English
text, as gettext does. Tests hold that the page uses these and no others, and that both say the same of wrong designs.
"""

from __future__ import annotations

from bresim.common.text import language

SENTENCES = (
    # common.errors, common.validation_messages
    "{one}, or {other}",
    "did you mean '{name}'?",
    "known: {names}",
    "allowed: {names}",
    "did you mean '{name}'? allowed: {options}",
    "unknown key",
    "is missing",
    "add it",
    "is empty",
    "{value} is not a mapping",
    "write its keys below it",
    "leave it out",
    "{value} is not allowed",
    "this value",
    "must be at least {limit}",
    "must be at most {limit}",
    "name at least {limit}",
    "name at most {limit}",
    "must be a whole number",
    "must be a number",
    "must be a finite number",
    "must be true or false",
    "must be text",
    "must be text; put it between quotes",
    "must not be empty",
    "must have at most {limit} characters",
    "must be a list: [a, b]",
    "use lower case letters, digits and underscores, and begin with a letter",
    # common.yaml_files
    "is not valid YAML at line {line}, column {column} ({reason})",
    "is not valid YAML ({reason})",
    "check indentation, colons and quotes",
    "is nested too deeply",
    "write plain values",
    "has a tag at line {line} ({tag})",
    "has an alias of itself or of nothing at line {line}",
    "holds more than {most} values",
    "has a key that is no word ({key})",
    "has a key of {count} characters",
    "refers to something else by '${{…}}', which a file cannot",
    "has a sign that cannot be seen",
    "is a number of more than {most} digits",
    "is not text in UTF-8 ({reason})",
    "save it as UTF-8",
    "is not a mapping of keys to values",
    # governance.schema
    "name '{value}' once",
    "write '{all_but}' first: [{all_but}, NAME]",
    "name whom to leave out: [{all_but}, NAME]",
    # governance.codings
    "add it, or name another design: {{as: status_quo}}",
    "has both 'as' and '{other}'",
    "'as' takes all from the other design: leave one out",
    "unknown design '{name}'",
    "says what a value rests on, and there is no such field",
    "'{evidence}' names a passage: add it",
    "{shown} is no number, so it has no range",
    "leave the range out",
    "{told} does not hold the value {value}",
    "write [low, high], with the value between them",
    "{told} holds 0, which means none",
    "begin above 0",
    # governance.library, governance.compile, config.files, config.fits
    "its name is '{name}', the name of a shipped {kind} with other content",
    "design",
    "give it a name of its own",
    "rename the file",
    "unknown design '{name}': a successor is one of the shipped designs, not a file of your own",
    "the region '{region}' has no municipality '{name}'",
    "that is a group: write the names of its municipalities",
    "'{all_but}' leaves nobody",
    "leave out fewer",
    "the region '{region}' has no group '{name}'",
    "write a list: [{name}]",
    "add it to groups in the region's file, or set position.board to centres, none or a list of municipalities",
    "unknown theme '{name}'",
    "the board supplies the bureau, but no municipality has a seat on it",
    "the board supplies the services, but no municipality has a seat on it",
    "set position.board, or choice.{field}: {other}",
    "on a board on which no municipality has a seat others count for nothing",
    "set position.board, or position.{field}: 0",
    "{needed} members are needed, {eligible} municipalities are eligible",
    "lower boundary.min_members or widen boundary.eligible",
    "the province has a role in the region's own arena only, and this design stands beside it (boundary.beside)",
    "leave it out, or set boundary.beside: false",
    "{count} initiatives at once, and the region '{region}' has {themes} themes",
    "write at most {limit}",
)


def messages() -> dict[str, str]:
    """English sentence → Dutch sentence."""
    dutch = language("nl")
    return {sentence: dutch.gettext(sentence) for sentence in SENTENCES}
