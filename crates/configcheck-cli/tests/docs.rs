//! `configcheck docs` as a process: tables, pages, and pages of people with tables between markers.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that cannot go on has failed, and its name says what it is")]

mod project;

use project::Project;

const SECRET: &str = "hunter2-fake-default";

/// A schema with text that would break a table or a page.
fn schema() -> String {
    format!(
        r#"{{"version":1,"name":"shop","doc":"Settings of the shop.","environment_variable":"APP_ENV","keys":[
{{"variable":"APP_ENV","path":"app_env","file_path":"app_env","type":{{"kind":"environment"}},"required":true}},
{{"variable":"PORT","path":"port","file_path":"port","doc":"Port | of <script>the</script>\nserver.","type":{{"kind":"integer","min":0,"max":65535}},
 "required":true,"defaults":[{{"text":"8080"}},{{"environments":["production"],"text":"80"}}],"constraints":[{{"check":"range","min":80}}]}},
{{"variable":"API_TOKEN","path":"api_token","file_path":"api_token","type":{{"kind":"text"}},"required":true,"secret":true,
 "defaults":[{{"environments":["development"]}}],"example":"{SECRET}","from":["vault:secret/data/shop#token"],"aliases":["TOKEN"]}},
{{"variable":"REDIS_URL","path":"redis.url","file_path":"redis.url","type":{{"kind":"url"}},"required":false,"required_in":["production"],
 "example":"redis://me:{SECRET}@host"}}]}}"#
    )
}

fn project() -> Project {
    Project::of(&[("config.schema.json", &schema())])
}

#[test]
fn tables_are_grouped_and_hold_no_secret() {
    let printed = project().expect(0, &["docs"]).stdout;
    assert!(!printed.contains(SECRET), "{printed}");
    let rows: Vec<&str> = printed.lines().filter(|line| line.starts_with("| `") || line.starts_with("###")).collect();
    assert_eq!(
        rows,
        [
            "| `APP_ENV` | an environment: development, test, staging, production | yes | none | no |  |",
            "| `PORT` | a whole number from 0 to 65535; a number of at least 80 | no | `8080`; production: `80` | no | Port \\| of \
             &lt;script&gt;the&lt;/script&gt; server. |",
            "| `API_TOKEN` | text in UTF-8 | in test, staging, production | development: not shown | yes |  |",
            "### `redis`",
            "| `REDIS_URL` | a URL such as https://host/path | in production | none | no |  |",
        ]
    );
}

#[test]
fn a_page_shows_the_very_text_of_a_failure() {
    let project = project();
    let check = ["docs", "--pages", "ref", "--check"];
    let missing = project.expect(1, &check).stdout;
    assert_eq!(missing.lines().next(), Some("ref/README.md: the page is missing"));
    assert_eq!(missing.lines().count(), 5);
    project.expect(0, &["docs", "--pages", "ref"]);
    project.expect(0, &check);
    let (port, token) = (project.read("ref/PORT.md"), project.read("ref/API_TOKEN.md"));
    assert!(project.read("ref/README.md").contains("[`PORT`](PORT.md)"));
    for (page, part) in [
        (&port, "```text\nerror[invalid-value]: PORT is not a whole number from 0 to 65535\n  --> environment variable PORT\n"),
        (&port, "error[constraint-violated]: PORT is not a number of at least 80\n"),
        (&port, "| production | `80` |"),
        (&port, "### It is not a number of at least 80"),
        (&token, "error[missing-required]: API_TOKEN is not set\n"),
        (
            &token,
            "4. a whole map of a secret manager, where the service reads one\n5. the secret manager, by the reference `vault:secret/data/shop#token`",
        ),
        (&token, "error[placeholder-value]: API_TOKEN still holds a placeholder"),
        (&token, "### It is set under an old name"),
        (&token, "| Old names | `TOKEN` |"),
        (&token, "`configcheck check --env production`"),
    ] {
        assert!(page.contains(part), "{part}\n\n{page}");
    }
    for name in ["README", "APP_ENV", "PORT", "API_TOKEN", "REDIS_URL"] {
        let page = project.read(&format!("ref/{name}.md"));
        assert!(!page.contains(SECRET) && !page.contains("<script>"), "{page}");
    }
}

#[test]
fn relations_between_keys_are_told_with_their_failures() {
    let schema = r#"{"version":1,"name":"kit","environment_variable":"APP_ENV","environments":{"qa":"staging"},"keys":[
{"variable":"APP_ENV","path":"app_env","file_path":"app_env","type":{"kind":"environment"},"required":true},
{"variable":"CACHE_HOST","path":"cache.host","file_path":"cache.host","type":{"kind":"text"},"required":true,"optional_group":"cache"},
{"variable":"CACHE_PORT","path":"cache.port","file_path":"cache.port","type":{"kind":"text"},"required":true,"optional_group":"cache",
 "defaults":[{"environments":["qa"],"text":"1"}]},
{"variable":"A","path":"a","file_path":"a","type":{"kind":"text"},"required":false,"one_of":"ab","conflicts":["C"]},
{"variable":"B","path":"b","file_path":"b","type":{"kind":"text"},"required":false,"one_of":"ab","requires":["C"]},
{"variable":"C","path":"c","file_path":"c","type":{"kind":"text"},"required":false}]}"#;
    let project = Project::of(&[("config.schema.json", schema)]);
    project.expect(0, &["docs", "--pages", "ref"]);
    for (name, part) in [
        ("APP_ENV", "| Value | an environment: development, test, staging, production, qa |"),
        ("CACHE_HOST", "| Required | yes, when `cache` is used |"),
        ("CACHE_HOST", "error[missing-required]: CACHE_HOST is not set\n"),
        ("CACHE_PORT", "| qa | `1` |"),
        ("CACHE_PORT", "`configcheck check --env production`"),
        ("A", "error[conflicting-keys]: none of A and B is set, and one of them must be\n"),
        ("A", "### It is set together with C\n\n```text\nerror[conflicting-keys]: A and C are both set, and only one of them may be\n"),
        ("B", "error[conflicting-keys]: none of A and B is set, and one of them must be\n"),
        ("B", "### It is set without C\n\n```text\nerror[requires]: B is set and requires C, which is not set\n"),
        ("B", "| Set it only together with | `C` |"),
    ] {
        let page = project.read(&format!("ref/{name}.md"));
        assert!(page.contains(part), "{part}\n\n{page}");
    }
}

#[test]
fn a_variable_called_readme_has_a_page_beside_the_index() {
    let project = project();
    project.write("config.schema.json", schema().replace("\"PORT\"", "\"README\""));
    project.expect(0, &["docs", "--pages", "ref"]);
    project.expect(0, &["docs", "--pages", "ref", "--check"]);
    assert!(project.read("ref/README.md").contains("[`README`](README-variable.md)"));
    assert!(project.read("ref/README-variable.md").contains("# `README`"));
}

#[test]
fn pages_without_a_variable_go_and_those_of_people_stay() {
    let project = project();
    project.expect(0, &["docs", "--pages", "ref"]);
    project.write("ref/NOTES.md", "# mine\n");
    project.write("config.schema.json", schema().replace("REDIS_URL", "CACHE_URL"));
    let drifted = project.expect(1, &["docs", "--pages", "ref", "--check"]).stdout;
    assert_eq!(
        drifted,
        "ref/README.md: the page has drifted from the schema\nref/CACHE_URL.md: the page is missing\nref/REDIS_URL.md: the page is about no \
         variable any more\n"
    );
    project.expect(0, &["docs", "--pages", "ref"]);
    project.expect(0, &["docs", "--pages", "ref", "--check"]);
    assert!(!project.path("ref/REDIS_URL.md").exists());
    assert_eq!(project.read("ref/NOTES.md"), "# mine\n");
}

#[test]
fn tables_go_between_markers() {
    let project = project();
    let page = "# Shop\r\n\r\n<!-- configcheck:begin -->\r\nold\r\n<!-- configcheck:end -->\r\n\r\nWords.\r\n";
    project.write("README.md", page);
    let both = ["docs", "--inject", "README.md", "--out", "table.md", "--check"];
    assert_eq!(project.expect(1, &both).stdout, "table.md: the page is missing\nREADME.md: the page has drifted from the schema\n");
    assert_eq!(project.read("README.md"), page);
    project.expect(0, &["docs", "--inject", "README.md", "--out", "table.md"]);
    project.expect(0, &both);
    let written = project.read("README.md");
    assert!(written.starts_with("# Shop\r\n\r\n<!-- configcheck:begin -->\r\n\r\n| Variable |"), "{written}");
    assert!(written.ends_with("|\r\n\r\n<!-- configcheck:end -->\r\n\r\nWords.\r\n"), "{written}");
    project.write("bare.md", "# Shop\n");
    let ran = project.expect(2, &["docs", "--inject", "bare.md"]);
    assert!(ran.stderr.starts_with("error: bare.md: the markers are missing\n  help: write <!-- configcheck:begin -->"), "{}", ran.stderr);
    assert!(project.expect(2, &["docs", "--check"]).stderr.contains("nothing is named that could be checked"));
}
