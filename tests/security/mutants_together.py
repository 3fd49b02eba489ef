"""Compiles many mutants at once: each function holds its mutants beside its own body, and a number chooses one when the program starts."""

import json
import re
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

# At the end of the root of each crate. The number is read once.
CHOICE = """
#[doc(hidden)]
#[allow(warnings, clippy::all)]
pub fn __mutant() -> u32 {
    static NUMBER: std::sync::OnceLock<u32> = std::sync::OnceLock::new();
    *NUMBER.get_or_init(|| std::env::var_os("MUTANT").and_then(|text| text.to_str()?.parse().ok()).unwrap_or(0))
}
"""

# The tests of the file opener beside its unit tests.
OF_FILES = ["traps", "memory", "replace"]

TOKEN = re.compile(
    r"""//[^\n]*|/\*.*?\*/|b?r(#*)".*?"\1|b?"(?:\\.|[^"\\])*"|b?'(?:\\u\{[^}]*\}|\\.|[^'\\])'|[{}]""",
    re.DOTALL,
)


def copy(source, tree):
    """Copies what git knows or would add; a file that is the same keeps its time, so that little is built anew."""
    names = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=source, stdout=subprocess.PIPE, text=True, check=True).stdout
    for name in names.splitlines():
        if not name.startswith("target/") and (source / name).is_file():
            write(tree / name, (source / name).read_bytes())
            (tree / name).chmod((source / name).stat().st_mode)
    known = set(names.splitlines())
    for path in tree.glob("**/*.rs"):
        if str(path.relative_to(tree)) not in known:
            path.unlink()


def write(path, data):
    if not path.exists() or path.read_bytes() != data:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


class Source:
    """One file, and where its functions have their mutants."""

    def __init__(self, path):
        self.path = path
        self.original = path.read_text()
        self.starts = [0]
        for line in self.original.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))

    def offset(self, place):
        return self.starts[place["line"] - 1] + place["column"] - 1

    def range(self, span):
        return self.offset(span["start"]), self.offset(span["end"])


def body(text, start, end):
    """The braces of the body of the function that stands there."""
    open_braces, last = [], None
    for token in TOKEN.finditer(text, start, end):
        if token.group() == "{":
            open_braces.append(token.start())
        elif token.group() == "}" and open_braces:
            last = (open_braces.pop(), token.start())
    return last if last and not open_braces and text[last[1]:end].strip() == "}" else None


def can_choose(text, start, brace):
    """Whether a function can hold several bodies: a `const fn` cannot ask, and an `impl` that is returned has one type."""
    head = text[start:brace]
    return not re.search(r"\bconst\s+fn\b", head) and not re.search(r"->.*\bimpl\b", head, re.DOTALL)


def changed(text, mutant, source, start, end):
    """The text from start to end with one mutant in it."""
    first, last = source.range(mutant["span"])
    if mutant["genre"] == "StructField":
        last += len(re.match(r"\s*,?", text[last:]).group())
    return text[start:first] + f"{mutant['replacement']} " + text[last:end]


def weave(source, mutants):
    """The file with all these mutants in it, and which lines belong to which; and the mutants that cannot be among them."""
    functions, alone = defaultdict(dict), []
    for number, mutant in mutants.items():
        span = mutant["function"] and source.range(mutant["function"]["span"])
        braces = span and body(source.original, *span)
        if braces and can_choose(source.original, span[0], braces[0]):
            functions[braces][number] = mutant
        else:
            alone.append(mutant)
    # A function within another would be copied with it.
    for inner in list(functions):
        if any(outer[0] < inner[0] and inner[1] < outer[1] for outer in functions):
            alone.extend(functions.pop(inner).values())
    text, places, at = "", [], 0
    for (start, end), of_function in sorted(functions.items()):
        text += source.original[at:start] + "{ match crate::__mutant() {\n"
        for number, mutant in of_function.items():
            first = text.count("\n") + 1
            text += f"{number} => {{" + changed(source.original, mutant, source, start + 1, end) + "\n}\n"
            places.append((first, text.count("\n"), {number}, False))
        first = text.count("\n") + 1
        text += "_ => {" + source.original[start + 1:end] + "\n} } }"
        places.append((first, text.count("\n") + 1, set(of_function), True))
        at = end + 1
    return text + source.original[at:], places, alone


def roots(tree, package):
    folder = tree / "crates" / f"configcheck-{package}" / "src"
    return [folder / name for name in ("lib.rs", "main.rs") if (folder / name).exists()]


def build(tree, mutants, environment):
    """Puts the mutants into the tree, those that compile. Gives the mutants by number, those to be built alone, and those that do not compile."""
    numbered = dict(enumerate(mutants, 1))
    sources = {file: Source(tree / file) for file in {mutant["file"] for mutant in mutants}}
    packages = sorted({mutant["package"].removeprefix("configcheck-") for mutant in mutants})
    alone, refused = {}, {}
    for attempt in range(30):
        places = {}
        for file, source in sources.items():
            of_file = {n: m for n, m in numbered.items() if m["file"] == file and n not in alone and n not in refused}
            text, places[file], apart = weave(source, of_file)
            alone |= {n: m for n, m in of_file.items() if m in apart}
            write(source.path, text.encode())
        for package in packages:
            for root in roots(tree, package):
                if "fn __mutant()" not in root.read_text():
                    write(root, (root.read_text() + CHOICE).encode())
        errors, _ = compiled(tree, packages, environment)
        if not errors:
            together = {n: m for n, m in numbered.items() if n not in alone and n not in refused}
            print(f"  {len(together)} mutants together, {len(alone)} apart, {len(refused)} do not compile", file=sys.stderr, flush=True)
            return together, list(alone.values()), list(refused.values())
        blamed = 0
        for file, line in errors:
            for first, last, numbers, is_own_body in places.get(file, []):
                if first <= line <= last:
                    left = {n: numbered[n] for n in numbers if n not in alone and n not in refused}
                    blamed += len(left)
                    # An error in a mutant is its own; one in the body of the function comes of its holding several.
                    (alone if is_own_body else refused).update(left)
        print(f"  attempt {attempt + 1}: {len(errors)} errors, {blamed} mutants left out", file=sys.stderr, flush=True)
        if not blamed:
            sys.exit(f"the copy does not compile, and no mutant is to blame: {errors[:5]}")
    sys.exit("the copy does not compile")


def compiled(tree, packages, environment):
    """Builds the test programs of packages. Gives the places of errors, and the programs by package."""
    command = ["cargo", "test", "--no-run", "--all-features", "--message-format=json", "--quiet"]
    command += [argument for package in packages for argument in ("--package", f"configcheck-{package}")]
    command += ["--lib"] if packages != ["cli"] else []
    command += ["--bins"] if "cli" in packages else []
    # The file opener is tested with real files beside its unit tests.
    command += [f"--test={test}" for test in OF_FILES] if "files" in packages else []
    return built(tree, command, environment)


def built(tree, command, environment):
    done = subprocess.run(command, cwd=tree, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    errors, programs = set(), defaultdict(list)
    for line in done.stdout.splitlines():
        message = json.loads(line) if line.startswith("{") else {}
        if message.get("reason") == "compiler-artifact" and message.get("executable") and message["profile"]["test"]:
            folder = Path(message["manifest_path"]).parent
            programs[folder.name].append(Program(message["executable"], str(folder)))
        if message.get("reason") == "compiler-message" and message["message"]["level"] == "error":
            for span in message["message"]["spans"]:
                if span["is_primary"]:
                    while span["expansion"] and not span["file_name"].startswith("crates/"):
                        span = span["expansion"]["span"]
                    errors.add((span["file_name"], span["line_start"]))
    if done.returncode != 0 and not errors:
        sys.exit(done.stderr)
    return sorted(errors), programs


def programs_of(tree, packages, environment):
    """The test programs of packages, by package."""
    return compiled(tree, packages, environment)[1]


def programs_of_product(tree, tests, environment):
    """The behaviour tests of the whole product, in the order given."""
    command = ["cargo", "test", "--no-run", "--workspace", "--all-features", "--message-format=json", "--quiet", *(f"--test={test}" for test in tests)]
    errors, programs = built(tree, command, environment)
    if errors:
        sys.exit(f"the tests of the product do not compile: {errors[:5]}")
    order = {test: at for at, test in enumerate(tests)}
    found = [program for program in programs["tests"] if Path(program.path).name.rsplit("-", 1)[0] in order]
    return sorted(found, key=lambda program: order[Path(program.path).name.rsplit("-", 1)[0]])


@dataclass
class Program:
    """A test program and where it is run."""

    path: str
    folder: str
    arguments: tuple[str, ...] = ()
    usual: float = 0

    def run(self, number, environment):
        """What becomes of a mutant: `noticed`, `timeout`, `missed`."""
        environment = environment | {"MUTANT": str(number), "CARGO_MANIFEST_DIR": self.folder}
        begun = time.monotonic()
        limit = 8 + 10 * self.usual if number else 900
        try:
            done = subprocess.run(
                [self.path, "--quiet", *self.arguments], cwd=self.folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, timeout=limit, check=False,
            )
        except subprocess.TimeoutExpired:
            return "timeout"
        if number == 0:
            self.usual = time.monotonic() - begun
        return "missed" if done.returncode == 0 else "noticed"

