"""The rows of the table of docs/security.md: what is asked, and the commands that measure it. `elsewhere` is what is known of other libraries: a figure
without a date was taken once, in the autumn of 2026, with the versions that docs/threat-model.md names."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    id: str
    asked: str
    commands: tuple[str, ...] = ()
    # Why there is no command.
    missing: str = ""
    elsewhere: str = ""
    # Figures of other rows that are of this one too.
    also: tuple[str, ...] = ()
    # Which tests of the commands are the figure: those with this pattern in their name, or with `faults` those whose name begins with the row.
    tests: str = ""
    # What the tests of the command are called where their number is a figure.
    counted: str = ""
    slow: bool = False


def test(target, *filters):
    return " ".join(["cargo test --workspace --locked --test", target, "-- --nocapture", *filters])


PEERS = "cargo run --locked --quiet --release --manifest-path tests/security/Cargo.toml --bin"
LEAKS, LOADING, MEMORY, HARDENING, MACHINE = test("leaks"), test("loading"), test("memory"), test("hardening"), test("machine")
REPLAY = test("replay")
FUZZ = "python3 tests/fuzz/run.py"
FAULTS, TRANSPORT, SUPPLY = test("secrets", "faults::"), test("transport"), test("supply_chain")


def fault(number, asked, **more):
    return Row(f"F{number}", asked, (FAULTS, TRANSPORT), tests="faults", **more)


ROWS = [
    Row("L1", "shapes of secrets × failures × channels, at least 6,720 cells: 0 hits", (LEAKS, f"{PEERS} leaks_of_peers"),
        elsewhere="once, chosen by hand: 137 of 193 outputs of 12 libraries held the secret"),
    Row("L2", "the whole suite at `TRACE`: 0 hits", ("python3 tests/security/trace_scan.py",), slow=True),
    Row("L3", "1,000 pairs of secrets of other content and length: all output the same, byte for byte", (LEAKS,)),
    Row("L4", "100 forced panics with a secret in the frame: 0 hits", (LEAKS,)),
    Row("L5", "10,000 hostile names and values: no byte steers, formats parse", (LEAKS,), elsewhere="once: 7 of 8 error paths passed an escape and a new line on"),
    Row("L6", "at least 25 cases that must not compile", (test("ui"), test("derive", "every_compile_fail_case_is_run")), slow=True),
    Row("V1", "100,000 random values for each source: byte for byte", (LOADING,),
        elsewhere="once: dotenvy `pa$$word` to `pa`, config `007` to `7`, figment drops quotes and blanks"),
    Row("V2", "all combinations of layers, set, empty and unset, against a model: 0 differences", (LOADING,)),
    Row("M1", "copies of a secret outside its `Secret`, whole or the last 16 bytes: 0 alive, 0 after drop, for each source", (MEMORY, HARDENING, f"{PEERS} memory_of_peers"),
        elsewhere="once, whole/last 16 bytes: dotenvy with figment 2/5 alive and 1/4 dropped, vaultrs 3/3 and 2/2, AWS SDK 2/2 and 1/1"),
    Row("M2", "a core file of a hardened process: 0 hits", (HARDENING,), elsewhere="once: a secret on the heap is in every core file"),
    Row("M3", "no secret in swap", missing="the pages of the hardened mode are locked; a machine without swap cannot show more"),
    Row("M4", "`/proc/PID/environ` and a child after a load that takes its secrets: 0 hits", (HARDENING,), also=("M1.environment-taken",), tests="environment::", elsewhere="removing a variable does not clear it"),
    Row("P1", "20 traps of files: the right finding within 100 ms, no growth of memory", (MACHINE,),
        elsewhere="once: dotenvy takes mode 0666, follows links, waits for a pipe, aborts on /dev/zero"),
    Row("Z1", "`.env`, any bytes: no panic, no leak, round trip, linear time; the same as python-dotenv and dotenv of Node", (REPLAY, FUZZ, test("dialects"))),
    Row("Z2", "references: the same", (REPLAY, FUZZ)),
    Row("Z3", "schemas: the same", (REPLAY, FUZZ)),
    Row("Z4", "documents in TOML, YAML and JSON: the same", (REPLAY, FUZZ)),
    Row("Z5", "a whole load: the same", (REPLAY, FUZZ)),
    Row("Z6", "bombs: an error within 100 ms and 32 MiB", (test("bombs"),),
        elsewhere="once: dotenvy 438 MB from 313 bytes, config aborts at 396 bytes, figment overflows at 2,000 brackets"),
    fault(1, "refused, or no such name: tried again until the deadline, exit code 69"),
    fault(2, "a server that says nothing: 200 starts of each within the deadline", elsewhere="vaultrs and AWS SDK still waited after 20 s"),
    fault(3, "denied: one request, no second try"),
    fault(4, "not found: one request"),
    fault(5, "throttled, with and without `Retry-After`: kept, within the deadline"),
    fault(6, "500, 502, 503: a few tries with jitter"),
    fault(7, "a certificate that is wrong: no byte of a token is sent"),
    fault(8, "a login that has ended: one new one, then denied"),
    fault(9, "an answer that is none: refused without its text", elsewhere="the errors of vaultrs and AWS SDK hold the body"),
    fault(10, "an answer that breaks off: never a part for the whole"),
    fault(11, "a redirect: the other host sees nothing", elsewhere="vaultrs sends the token to the other host after a 307"),
    fault(12, "a body of 1 GiB: less than 8 MiB of memory", elsewhere="at 400 MiB: vaultrs 823 MiB, AWS SDK 425 MiB"),
    fault(13, "a body that unpacks into much more: refused"),
    fault(14, "a byte in a second: within the deadline"),
    fault(15, "headers without end: refused"),
    fault(16, "a connection kept alive beyond the deadline: within it"),
    fault(17, "one of 50 secrets fails: all 50 are told in one run"),
    fault(18, "an address out of reach: refused before a connection"),
    fault(19, "a proxy of the environment sees nothing", elsewhere="vaultrs gives it the token"),
    fault(20, "only `true` switches verification off, never in production", elsewhere="vaultrs: empty, `no` and `off` switch it off"),
    Row("F21", "a name that leads elsewhere at the second try: not followed",
        ("cargo test --workspace --locked --lib -- --nocapture a_name_that_changes_after_it_answered_is_not_followed",), counted="test passes"),
    Row("C1", "killed while it writes: the old file or the new, never a mixture", (MACHINE,)),
    Row("C2", "the n-th system call fails, for every n: no panic, the right finding, nothing half written", (MACHINE,)),
    Row("C3", "clocks that jump: deadlines hold", (MACHINE,), tests="clock::"),
    Row("C4", "SIGTERM in the middle of a load: ends at once, nothing half done", (MACHINE,)),
    Row("Q1", "lines that tests run: 95%, and all of redaction, references and the opener", ("python3 tests/security/coverage.py",), slow=True),
    Row("Q2", "mutants: 0 survive in redaction, rendering and the opener; 90% caught in the rest", ("python3 tests/security/mutants.py --read",), slow=True),
    Row("Q3", "Miri on the crate with `unsafe`: 0 errors", ("cargo +nightly miri test --locked -p configcheck-memory --lib",), counted="tests without an error", slow=True),
    Row("Q4", "the same input 1,000 times: the same bytes", (LOADING,)),
    Row("Q5", "a start with 200 keys and no network: p99 below 10 ms", (f"{PEERS} start",)),
    Row("Q6", "an hour of reloads", missing="nothing is read again while a service runs, in this version"),
    Row("D1", "licences, bans, sources: 0 findings; advisories where there is a database", (".ci/deny",)),
    Row("D2", "no version with a known advisory", (SUPPLY,), elsewhere="the default features of the AWS crates bring 4"),
    Row("D3", "the default build: at most 60 crates, no client", (SUPPLY,)),
    Row("D4", "nothing of ours runs at build time; the lowest versions build", (SUPPLY, ".ci/minimal-versions"), slow=True),
    Row("D5", "two builds in two folders: the same bytes", (".ci/reproducible",), slow=True),
    Row("D6", "a bill of materials is what is compiled and locked", (SUPPLY,)),
]
