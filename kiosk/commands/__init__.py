"""`kiosk …`: one file per command, imported only when it is called."""

import sys
from importlib import import_module

COMMANDS = {
    "run": "start the kiosk with a configuration file",
    "check": "read a configuration file and say what is wrong with it",
    "doctor": "is this lane fit to sell, and if not, what is to be done?",
    "enrol": "make this machine a lane of a shop: from a file, or a code held to the camera",
    "logs": "what the lane's programs wrote, in a shape for people",
    "diag": "one file for support, without secrets",
    "support": "let somebody in for a few hours, by an SSH key that runs out",
    "health": "ask the running kiosk whether it is well",
    "update": "install a release, change over to it, go back",
    "journal": "show or replay the journal",
    "fiscal": "check a German receipt's code, export the books for the tax office",
    "price": "price a basket given as a vector file",
    "text": "list words that are not translated",
    "link": "run the store server's client",
    "terminal": "ask a card terminal in the cloud, in a process of its own",
    "camera": "read the codes on pictures, or watch a camera for the lane",
    "demo": "store server, simulated devices and kiosk: a sale to look at",
    "dock": "a window with the simulated world around a kiosk",
    "simulate": "run one simulated device for the bench",
    "tape": "record what a device says on a bench, play it to its driver",
    "weight": "try the weight check in a simulated shop, or be it for a shop outside",
    "wire": "explain captured messages of a device",
}


def usage() -> str:
    names = "\n".join(f"  kiosk {name:9} {about}" for name, about in COMMANDS.items())
    return f"kiosk COMMAND …\n\n{names}\n\nkiosk COMMAND --help tells more."


def main(argv: list[str] | None = None) -> int:
    """The console command; the exit code is the command's, 2 where it was not understood."""
    arguments = sys.argv[1:] if argv is None else argv
    if not arguments or arguments[0] in {"-h", "--help"}:
        print(usage())
        return 0 if arguments else 2
    if arguments[0] not in COMMANDS:
        print(f"kiosk: there is no command {arguments[0]!r}\n\n{usage()}", file=sys.stderr)
        return 2
    run = import_module(f"kiosk.commands.{arguments[0]}").main
    return int(run(arguments[1:]))
