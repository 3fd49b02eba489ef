"""The files that the command is given: five keys, files of many lines, and a tree of folders with five keys each.

Both programs have nothing to say about any of them, so that none is measured at writing findings."""

FIVE = """\
DATABASE_URL=postgres://db.example/orders
LOG_LEVEL=info
PORT=8080
REGION=eu-central-1
WORKERS=4
"""
FOLDERS = 2000
# A key without its equal sign.
SPOILED = "BROKEN"


def make(folder, lines):
    """Puts `five.env`, a file for each number of lines, `tree` and the `spoiled` folder into a folder. It lies in this
    repository, as a service's files lie in its own."""
    (folder / "tree").mkdir(parents=True, exist_ok=True)
    (folder / "five.env").write_text(FIVE)
    (folder / "spoiled").mkdir(exist_ok=True)
    (folder / "spoiled" / ".env").write_text(FIVE + f"{SPOILED} 4\n")
    for number in lines:
        (folder / f"{number}.env").write_text("".join(f"VARIABLE_{line:07}=value-{line}\n" for line in range(number)))
    for number in range(FOLDERS):
        service = folder / "tree" / f"service-{number:04}"
        service.mkdir(exist_ok=True)
        (service / ".env").write_text(FIVE)
