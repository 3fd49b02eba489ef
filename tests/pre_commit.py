"""The hooks of .pre-commit-hooks.yaml, run by the real pre-commit in a repository of their own.

Needs pre-commit beside the Python that runs it and the command in the folder given as the only argument. The hook that builds the
command is held to its script alone: building takes minutes.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
MANIFEST = ROOT / ".pre-commit-hooks.yaml"
PRE_COMMIT = str(pathlib.Path(sys.executable).parent / "pre-commit")
CACHE = tempfile.TemporaryDirectory()
HOOKS = {hook["id"]: hook for hook in yaml.safe_load(MANIFEST.read_text())}


def run(folder, *command, code=0):
    """Runs a command in a folder that knows nothing of the user's own settings, and gives back what it printed."""
    environment = {
        "PATH": f"{os.path.abspath(sys.argv[1])}:{os.environ['PATH']}",
        "HOME": CACHE.name,
        "PRE_COMMIT_HOME": CACHE.name,
        "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_{who}_{what}": "hook@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }
    done = subprocess.run(command, cwd=folder, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == code, f"{command} ended with {done.returncode}\n{done.stdout}"
    return done.stdout


def write(folder, **files):
    for name, text in files.items():
        path = folder / {"example": ".env.example", "env": ".env.production", "readme": "readme.md"}[name]
        path.write_text(text)


def test_the_manifest_is_valid():
    run(ROOT, PRE_COMMIT, "validate-manifest", str(MANIFEST))
    assert set(HOOKS) == {"configcheck", "configcheck-system"}
    assert HOOKS["configcheck"]["files"] == HOOKS["configcheck-system"]["files"]


def test_the_hooks_look_at_env_files_only():
    hook = HOOKS["configcheck-system"]
    runs = lambda path: bool(re.search(hook["files"], path)) and not re.search(hook["exclude"], path)
    for path in (".env", "a/.env", ".env.production", "a/b/.env.staging.local", "deploy/production.env", "configcheck.toml"):
        assert runs(path), path
    for path in (".en", ".environment", "a.environment", "src/env.rs", ".envrc", ".env.example", "a/.env.production.sample", "x.toml"):
        assert not runs(path), path


def test_a_commit_is_stopped_and_a_good_one_is_not():
    with tempfile.TemporaryDirectory() as name:
        hooks, project = pathlib.Path(name, "hooks"), pathlib.Path(name, "project")
        for folder in (hooks, project):
            folder.mkdir()
            run(folder, "git", "init", "-q", "-b", "main")
        # The manifest in a repository by itself: the hook takes the command from the PATH.
        (hooks / MANIFEST.name).write_text(MANIFEST.read_text())
        run(hooks, "git", "add", ".")
        run(hooks, "git", "commit", "-q", "-m", "Hooks")
        revision = run(hooks, "git", "rev-parse", "HEAD").strip()
        repository = {"repo": str(hooks), "rev": revision, "hooks": [{"id": "configcheck-system"}]}
        (project / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [repository]}))
        run(project, PRE_COMMIT, "install")
        write(project, example="# @required @type=port\nPORT=8080\n# @required @sensitive\nAPI_TOKEN=\n")
        run(project, "git", "add", ".")
        said = run(project, "git", "commit", "-m", "An example alone")
        assert "Skipped" in said, said

        write(project, env="PORT=80a80\nAPI_TOKEN=hunter2-fake\n")
        run(project, "git", "add", "-f", ".")
        said = run(project, "git", "commit", "-m", "A broken file", code=1)
        assert ".env.production:1:6: error[invalid-value]: PORT" in said and "exit code: 1" in said, said
        assert "hunter2" not in said, said

        write(project, env="PORT=8080\nAPI_TOKEN=file:/run/secrets/token\n")
        run(project, "git", "add", "-f", ".")
        said = run(project, "git", "commit", "-m", "A good file")
        assert "Passed" in said, said

        write(project, readme="Nothing to check.\n")
        run(project, "git", "add", ".")
        said = run(project, "git", "commit", "-m", "Another file")
        assert "Skipped" in said, said


def test_the_script_of_the_building_hook_can_run():
    script = ROOT / HOOKS["configcheck"]["entry"].split()[0]
    assert os.access(script, os.X_OK), script
    run(ROOT, "bash", "-n", str(script))
    with tempfile.TemporaryDirectory() as name:
        # A cargo that builds nothing, but where the script looks for the command there is one.
        clone, elsewhere = pathlib.Path(name, "a clone"), pathlib.Path(name, "elsewhere")
        copy = clone / script.relative_to(ROOT)
        built = clone / "target/pre-commit/release/configcheck"
        for folder in (copy.parent, built.parent, elsewhere, clone / "bin"):
            folder.mkdir(parents=True)
        copy.write_bytes(script.read_bytes())
        (clone / "bin/cargo").write_text('#!/bin/sh\necho "cargo in $PWD: $*"\n')
        built.write_text('#!/bin/sh\necho "command in $PWD: $*"\n')
        for program in (copy, clone / "bin/cargo", built):
            program.chmod(0o755)
        said = run(elsewhere, "env", f"PATH={clone}/bin:{os.environ['PATH']}", str(copy), "check", "a b")
        assert f"cargo in {clone}: build" in said and f"command in {elsewhere}: check a b" in said, said


if __name__ == "__main__":
    tests = [test for name, test in list(globals().items()) if name.startswith("test_")]
    for test in tests:
        test()
        print(f"test {test.__name__.removeprefix('test_')} ... ok")
    print(f"test result: ok. {len(tests)} passed; 0 failed")
