#!/usr/bin/env python3
"""Writes man pages (mdoc) of every command of the program, from what the program says of itself.

Usage: manual.py PROGRAM DIRECTORY: writes DIRECTORY/edgemanage.1, edgemanage-run.1, edge_conf.1, ...
The date is SOURCE_DATE_EPOCH's. Commands come from --experimental-dump-help, the names of old from their --help.
"""
import datetime
import json
import os
import re
import subprocess
import sys

OLD = {
    "edge_manage": "one round of one network, as the original's command",
    "edge_conf": "sets an edge's mode, as the original's command",
    "edge_query": "lists edges, as the original's command",
    "check_edgemanage": "Nagios check of whole networks",
    "check_edgemanage_rotation": "Nagios check of how often the live set changed",
    "check_edgemanage_latency": "Nagios check of how long the slowest live edge took",
    "check_edgemanage_integrity": "Nagios check of what edges serve",
}
FILES = [
    ("/etc/edgemanage/edgemanage.yaml", "the configuration"),
    ("/var/lib/edgemanage", "the database, the published zones and the daemon's socket"),
    ("/usr/share/doc/edgemanage/docs", "every key, every file, each name server, metrics and alarms"),
]


def escape(text):
    """Text that roff takes as it is."""
    text = text.replace("\\", "\\e")
    for sign, name in (("…", "..."), ("“", "\\(lq"), ("”", "\\(rq"), ("µ", "\\(mc")):
        text = text.replace(sign, name)
    return "\\&" + text if text[:1] in (".", "'") else text


def literal(text):
    """Text in which a dash is a dash, for what is typed."""
    return escape(text).replace("-", "\\-")


def macro(text):
    """An argument of a macro: no word in it is a macro's name or a delimiter."""
    return '"' + escape(text).replace('"', "\\(dq") + '"'


def sentences(text):
    """One sentence a line, as mdoc has it."""
    lines = re.split(r"(?<=[a-z)`\"][.!?]) +(?=[A-Z])", text)
    return [escape(line.strip()) for line in lines if line.strip()]


def paragraphs(text):
    """A command's discussion: plain paragraphs, and lines in columns as they stand."""
    lines = []
    for number, block in enumerate(re.split(r"\n\s*\n", text.strip())):
        if number > 0:
            lines.append(".Pp")
        if re.search(r"\S {2,}\S|^ ", block, re.M):
            lines += [".Bd -literal -compact"] + [literal(line) for line in block.split("\n")] + [".Ed"]
        else:
            lines += sentences(" ".join(block.split()))
    return lines


def head(title, name, about, date):
    about = about.strip().rstrip(".")
    return [f".Dd {date}", f".Dt {title.upper()} 1", ".Os", ".Sh NAME", f".Nm {name}",
            ".Nd " + escape(about[:1].lower() + about[1:])]


def forms(argument):
    """An option's names as macros, without its value."""
    result = []
    for name in argument["names"]:
        dash = "" if name["kind"] == "short" else "-"
        result.append(f"Fl {dash}{name['name']}".replace("Fl -", "Fl \\-"))
    return result


def synopsis(arguments):
    lines = []
    for argument in arguments:
        value = argument.get("valueName", "value")
        dots = " ..." if argument["isRepeating"] else ""
        if argument["kind"] == "positional":
            words = f"Ar {macro(value)}{dots}"
        elif argument["kind"] == "option":
            words = f"{forms(argument)[-1]} Ar {macro(value)}{dots}"
        else:
            words = forms(argument)[-1]
        lines.append(f".Op {words}" if argument["isOptional"] else f".{words}")
    return lines


def options(arguments):
    lines = [".Bl -tag -width Ds"]
    for argument in arguments:
        value = argument.get("valueName", "value")
        if argument["kind"] == "positional":
            lines.append(f".It Ar {macro(value)}")
        else:
            tail = f" Ar {macro(value)}" if argument["kind"] == "option" else ""
            lines.append(".It " + " , ".join(forms(argument)) + tail)
        lines += sentences(argument.get("abstract", ""))
        if argument.get("defaultValue"):
            lines.append(f"The default is {escape(argument['defaultValue'])}.")
        values = argument.get("allValues")
        if values and not argument.get("defaultValue", "") in ("true", "false"):
            lines.append("One of " + escape(", ".join(values)) + ".")
    return lines + [".El"]


def command_page(command, path, date):
    """One command's page, and those of the commands below it."""
    name = "-".join(path)
    lines = head(name, name, command.get("abstract", ""), date)
    below = [c for c in command.get("subcommands", []) if c["commandName"] != "help"]
    arguments = [a for a in command.get("arguments", []) if a["shouldDisplay"]
                 and not any(n["name"] in ("help", "version") for n in a.get("names", []))]
    lines += [".Sh SYNOPSIS", ".Nm " + " ".join(path)]
    if below:
        lines.append(".Ar command ...")
    lines += synopsis(arguments)
    lines.append(".Sh DESCRIPTION")
    lines += sentences(command.get("abstract", ""))
    discussion = command.get("discussion", "").strip()
    status = re.search(r"(?:\n\s*\n|^)Exit status: *(.*)\Z", discussion, re.S)
    if status:
        discussion = discussion[: status.start()]
    if discussion:
        lines += [".Pp"] + paragraphs(discussion)
    if below:
        lines += [".Sh COMMANDS", ".Bl -tag -width Ds"]
        for one in below:
            lines.append(f".It Xr {name}-{one['commandName']} 1")
            lines += sentences(one.get("abstract", ""))
        lines.append(".El")
    if arguments:
        lines += [".Sh OPTIONS"] + options(arguments)
    if len(path) == 1:
        lines += [".Sh FILES", ".Bl -tag -width Ds"]
        for file, about in FILES:
            lines += [f".It Pa {file}", escape(about)]
        lines.append(".El")
    lines.append(".Sh EXIT STATUS")
    lines += sentences(" ".join(status.group(1).split())) if status else [
        "0 when it did as it was asked, 1 when something failed, 2 when it was called wrongly."]
    lines.append(".Sh SEE ALSO")
    others = ["-".join(path[:-1])] if len(path) > 1 else sorted(OLD)
    lines += [f".Xr {one} 1" + (" ," if one != others[-1] else "") for one in others]
    pages = {name: lines}
    for one in below:
        pages.update(command_page(one, path + [one["commandName"]], date))
    return pages


def old_page(name, text, date):
    """The page of a name of old, from its help: usage, summary, then entries at two columns."""
    usage, summary, *rest = re.split(r"\n\n+", text.strip())
    lines = head(name, name, OLD[name], date)
    lines += [".Sh SYNOPSIS", ".Bd -literal -compact"]
    lines += [literal(line.replace("usage: ", "", 1) if n == 0 else line[len("usage: "):])
              for n, line in enumerate(usage.split("\n"))] + [".Ed"]
    lines += [".Sh DESCRIPTION"] + sentences(" ".join(summary.split()))
    lines += [".Sh OPTIONS", ".Bl -tag -width Ds"]
    for block in rest:
        for entry in re.split(r"\n(?=  \S)", block)[1:]:
            left, _, about = entry.strip().partition("  ") if "  " in entry.strip().split("\n")[0] \
                else entry.strip().partition("\n")
            lines.append(".It " + macro(left.strip()).replace("-", "\\-"))
            lines += sentences(" ".join(about.split()))
    lines += [".El", ".Sh EXIT STATUS"]
    check = name.startswith("check_")
    lines.append("0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN." if check
                 else "0 done, 1 refused or failed, 2 called wrongly.")
    return lines + [".Sh SEE ALSO", ".Xr edgemanage 1"]


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__.strip())
    program, directory = sys.argv[1:]

    def ask(*words):
        environment = dict(os.environ, COLUMNS="80", LC_ALL="C")
        return subprocess.run([program, *words], check=True, stdout=subprocess.PIPE, text=True,
                              encoding="utf-8", env=environment).stdout

    epoch = int(os.environ.get("SOURCE_DATE_EPOCH", "0"))
    day = datetime.datetime.fromtimestamp(epoch, datetime.timezone.utc)
    date = f"{day:%B} {day.day}, {day.year}"
    pages = command_page(json.loads(ask("--experimental-dump-help"))["command"], ["edgemanage"], date)
    for name in OLD:
        pages[name] = old_page(name, ask(name, "--help"), date)
    os.makedirs(directory, exist_ok=True)
    for name, lines in pages.items():
        with open(os.path.join(directory, f"{name}.1"), "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")


main()
