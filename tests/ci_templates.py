"""The GitHub action and the GitLab template: their scripts run in a shell as the runners run them, with good and with hostile inputs.

Needs PyYAML, and the command in the folder given as the only argument.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
GITLAB = yaml.safe_load((ROOT / "docs/ci/gitlab.yml").read_text())[".configcheck"]
INSTALL, CHECK = ACTION["runs"]["steps"]
# What a shell would run, expand or split, were it ever read by one.
HOSTILE = ["; touch pwned", "$(touch pwned)", "`touch pwned`", '"; touch pwned; "', "'; touch pwned; '", "x\ntouch pwned", "* $HOME", "-x"]


def project(folder):
    files = {
        ".env.example": "# @required @type=port\nPORT=8080\n# @required @sensitive\nAPI_TOKEN=\n",
        ".env.staging": "PORT=80a80\nAPI_TOKEN=hunter2-fake\n",
        ".env.production": "PORT=8080\nAPI_TOKEN=file:/run/secrets/token\n",
        "a b/.env": "PORT=8080\nAPI_TOKEN=file:/run/secrets/token\n",
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)


def run(command, folder, variables):
    path = f"{os.path.abspath(sys.argv[1])}:{os.environ['PATH']}"
    environment = {"PATH": path, "HOME": str(folder), **variables}
    done = subprocess.run(command, cwd=folder, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert "hunter2" not in done.stdout and not list(folder.rglob("pwned")), done.stdout
    return done.returncode, done.stdout


def action(folder, **inputs):
    """Runs the check of the action as a runner does, and gives back its code, its log and its output."""
    assert set(inputs) <= {name.replace("-", "_") for name in ACTION["inputs"]}, inputs
    value = lambda name: inputs.get(name.replace("-", "_"), ACTION["inputs"][name]["default"])
    variables = {name: re.fullmatch(r"\$\{\{ inputs\.([a-z-]+) }}", text) for name, text in CHECK["env"].items()}
    assert all(variables.values()), "a variable is one input and nothing else"
    variables = {name: value(match[1]) for name, match in variables.items()}
    output = folder / "output"
    output.write_text("")
    runner = {"GITHUB_OUTPUT": str(output), "GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(folder / "summary")}
    script = folder / "script.sh"
    script.write_text(CHECK["run"])
    code, log = run(["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)], folder, {**variables, **runner})
    return code, log, output.read_text()


def gitlab(folder, **variables):
    variables = {**GITLAB["variables"], **{f"CONFIGCHECK_{name.upper()}": value for name, value in variables.items()}}
    return run(["sh", "-ec", "\n".join(GITLAB["script"])], folder, variables)


def test_no_input_is_put_into_a_script():
    assert ACTION["runs"]["using"] == "composite"
    for step in ACTION["runs"]["steps"]:
        assert step["shell"] == "bash" and "${{" not in step["run"], step["name"]
    passed = {re.search(r"inputs\.([a-z-]+)", text)[1] for text in CHECK["env"].values()}
    assert passed | {"install"} == set(ACTION["inputs"]), "every input is used"
    assert "inputs.install" in INSTALL["if"]
    for name, text in ACTION["inputs"].items():
        assert text["description"] and isinstance(text["default"], str), name


def test_the_page_names_every_input():
    page = (ROOT / "docs/guide/ci.md").read_text()
    rows = set(re.findall(r"^\| `([a-z-]+)` \|", page.split("| input |")[1], re.MULTILINE))
    assert rows == set(ACTION["inputs"]), rows ^ set(ACTION["inputs"])


def test_the_action_checks():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        project(folder)
        code, log, output = action(folder, env="staging", sarif_file="results.sarif")
        assert code == 1 and output == "exit-code=1\n" and "\n::error " in log, log
        results = json.loads((folder / "results.sarif").read_text())["runs"][0]["results"]
        assert any(result["ruleId"] == "invalid-value" for result in results), results
        assert "invalid-value" in (folder / "summary").read_text()
        assert action(folder, env="production")[::2] == (0, "exit-code=0\n")
        assert action(folder, env="production", args="--strict\n--quiet")[0] == 3
        assert action(folder, path="a b/.env\n.env.production\n", schema=".env.example")[0] == 0
        assert action(folder, path="a b/.env", schema="missing.json")[0] == 3
        code, log, _ = action(folder, env="staging", format="concise", fail_on="note")
        assert code == 1 and "::error" not in log and ".env.staging:1:6: error[invalid-value]" in log, log


def test_the_action_lets_no_input_run():
    for hostile in HOSTILE:
        for name in ("path", "env", "schema", "format", "fail_on", "args", "sarif_file"):
            with tempfile.TemporaryDirectory() as folder_name:
                folder = pathlib.Path(folder_name)
                project(folder)
                code, log, output = action(folder, **{name: hostile, **({"env": "production"} if name == "sarif_file" else {})})
                is_name_of_a_file = name == "sarif_file" and code in (0, 3)
                assert code in (2, 3) or is_name_of_a_file, (name, hostile, code, log)
                assert output == f"exit-code={code}\n", output


def test_the_gitlab_job_writes_its_reports():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        project(folder)
        code, log = gitlab(folder, env="staging")
        assert code == 1 and ".env.staging:1:6: error[invalid-value]" in log, log
        reports = GITLAB["artifacts"]["reports"]
        assert json.loads((folder / reports["codequality"]).read_text())[0]["check_name"], log
        assert xml.etree.ElementTree.parse(folder / reports["junit"]).getroot().tag == "testsuites"
        assert gitlab(folder, env="production", fail_on="warning")[0] == 0
        assert gitlab(folder, path="a b/.env", schema=".env.example")[0] == 0
        for hostile in HOSTILE:
            for variable in ("path", "env", "schema", "fail_on"):
                code, log = gitlab(folder, **{variable: hostile})
                assert code in (2, 3), (variable, hostile, code, log)


if __name__ == "__main__":
    tests = [test for name, test in list(globals().items()) if name.startswith("test_")]
    for test in tests:
        test()
        print(f"test {test.__name__.removeprefix('test_')} ... ok")
    print(f"test result: ok. {len(tests)} passed; 0 failed")
