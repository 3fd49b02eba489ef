//! `configcheck explain`: the declaration, the places in order, who wins, and no secret in any case.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod project;

use project::{Project, SECRET, ran};

fn project() -> Project {
    let production = format!("PORT=9090\nJWT_KEY={SECRET}-for-production-000\nPARTNER_URL=https://{SECRET}.example.com/\n");
    let base = format!("PORT=3000\nPORT=3001\nJWT_SECRET=\nJWT_SECRET={SECRET}-of-the-base-file-0\n");
    Project::with_schema(&[
        (".env", &base),
        (".env.production", &production),
        (".env.development", "SMTP_HOST=mail\nJWT_SECRET=vault:secret/data/own#key\n"),
    ])
}

#[test]
fn says_what_is_declared() {
    let expected = "\
PORT  config.schema.json
  Port the HTTP server listens on.

  type          a whole number from 0 to 65535
  required      no, it has a default
  secret        no
  default       `8080`
  config files  server.port
";
    for name in ["PORT", "server.port"] {
        let told = project().line(&format!("explain {name} .env.production")).exits(0);
        assert!(told.stdout.starts_with(expected), "{}", told.stdout);
    }
    let told = project().line("explain SMTP_HOST .env.production").exits(0);
    told.says("required      in production").says("deprecated    since 2.0: use the mail service");
    let told = project().line("explain JWT_KEY .env.production").exits(0);
    told.says("must be       a length of at least 32")
        .says("also called   JWT_KEY")
        .says("vault:secret/data/{environment}/checkout#jwt_secret");
}

#[test]
fn lists_the_places_in_the_order_of_the_layers() {
    let expected = "
production: ok
    default        `8080`, overridden
    config files   not read here
    env file       .env:1:6: overridden by a later line
    env file       .env:2:6: `3001`, overridden
  > env file       .env.production:1:6: `9090`
    secret maps    not read here
    mounted files  not read here
    environment    not read here, but with --from env
  .env.production:1:6 decides: it is the highest of the 2 that set the key
";
    project().line("explain PORT --env production").exits(0).says(expected).says("warning[duplicate-key]");
}

#[test]
fn shows_no_secret_and_says_where_references_lead() {
    let told = project().line("explain JWT_SECRET --env production").exits(0);
    let told = told.says("> env file       .env.production:2:9: a value that is not shown, as JWT_KEY");
    told.says("  env file       .env:4:12: a value that is not shown, overridden").says("asked when");
    project()
        .line("explain PARTNER_URL --env production")
        .exits(0)
        .says("> env file       .env.production:3:13: a value that is not shown");
    let told = project().line("explain JWT_SECRET --env development").exits(0).says("development: not checkable here");
    told.says("`vault:secret/data/own#key`")
        .says("reference: scheme vault, path secret/data/own, field key")
        .says("    needs: path \"secret/data/own\" { capabilities = [\"read\"] }\n")
        .says("not fetched here")
        .does_not_say("asked: ");
    let bare = Project::with_schema(&[(".env.staging", "PORT=1\n")]);
    let told = bare.line("explain JWT_SECRET --env staging").exits(0);
    told.says("> reference      vault:secret/data/staging/checkout#jwt_secret, not fetched\n                   here")
        .says("staging: not checkable here");
}

#[test]
fn asks_whether_a_reference_can_be_read() {
    let project = project();
    project.write(".env.staging", "JWT_SECRET=file:jwt\n");
    project.write("jwt", SECRET);
    let explain = "explain JWT_SECRET --env staging --ask";
    project.line(explain).exits(0).says("    asked: it can be read\n").does_not_say("needs: ");
    project.write(".env.staging", "JWT_SECRET=file:none\n");
    project.line(explain).exits(0).says("    asked: absent: ");
    let json = project.line(&format!("{explain} --format json")).exits(0).json();
    assert_eq!(json["explained"][0]["targets"][0]["reference"]["id"], "file:none");
    assert!(
        json["explained"][0]["targets"][0]["reference"]["answer"].as_str().is_some_and(|answer| answer.starts_with("absent")),
        "{json}"
    );
    project.write(".env.staging", "JWT_SECRET=op://vault/item/field\n");
    project.line(explain).exits(0).says("    this command does not reach op\n").says("    asked: no provider: ");
}

#[test]
fn explains_what_is_wrong() {
    let broken = format!("PORT=80a80\nJWT_SECRET=\"{SECRET}\n{SECRET}=\nSMTP_HOST=\nPARTNER_URL={SECRET}\n");
    let project = Project::with_schema(&[(".env.production", &broken)]);
    let told = project.line("explain PORT").exits(0).says("production: bad").says("error[invalid-value]").says("found: `80a80`");
    told.says("    --> .env.production:1:6\n    expected: a whole number from 0 to 65535\n");
    project.line("explain JWT_SECRET").exits(0).says("env file       .env.production:2:12: cannot be read");
    project.write("wrong.env", "APP_ENV=qa-seven\n");
    let told = project.line("explain APP_ENV wrong.env").stdout;
    assert!(told.contains("> env file       wrong.env:1:9: a value that is not shown"), "{told}");
    project.line("explain SMTP_HOST").exits(0).says("production: missing").says("set to nothing, which counts as not set").says("help: ");
    project.line("explain PARTNER_URL").exits(0).says("production: ").does_not_say("found:");
}

#[test]
fn reads_the_environment_of_the_process_when_asked() {
    let project = Project::with_schema(&[(".env.production", "PORT=1\n")]);
    project.write("key", format!("{SECRET}-of-a-mounted-file-000"));
    let mut command = project.command_line("explain JWT_SECRET .env.production --from env --env production");
    let told = ran(command.env("JWT_SECRET_FILE", "./key")).exits(0);
    told.says("> mounted file  ./key: a value that is not shown, as JWT_SECRET_FILE").says("environment   JWT_SECRET: does not set it");
    let mut command = project.command_line("explain PORT .env.production --from env --env production");
    let told = ran(command.env("PORT", "2")).exits(0);
    told.says("> environment   PORT: `2`").says("environment variable PORT decides: it is the highest of the 2");
    let mut command = project.command_line("explain JWT_SECRET --from env --env production");
    ran(command.env("JWT_SECRET_FILE", SECRET)).exits(0).says("environment   JWT_SECRET_FILE: cannot be read");
}

#[test]
fn is_read_by_programs() {
    let told = project().line("explain JWT_SECRET --env production --format json").exits(0).json();
    assert_eq!(told["explained"][0]["key"], "JWT_SECRET");
    assert_eq!(told["explained"][0]["targets"][0]["verdict"], "ok");
    let places = told["explained"][0]["targets"][0]["places"].as_array().unwrap();
    let winner = places.iter().find(|place| place["state"] == "wins").unwrap();
    assert_eq!((&winner["path"], winner["line"].as_u64(), &winner["name"]), (&".env.production".into(), Some(2), &"JWT_KEY".into()));
    assert!(winner.get("value").is_none());
    let told = project().line("explain PORT --env production --format json").json();
    assert_eq!(told["explained"][0]["targets"][0]["findings"][0]["rule"], "duplicate-key");
    let told = project().line("explain JWT_SECRET --env development --format json").json();
    assert_eq!(told["explained"][0]["targets"][0]["reference"]["field"], "key");
}

#[test]
fn knows_keys_from_slips() {
    project().line("explain PROT").exits(1).complains("config.schema.json: PROT is not declared\n  help: did you mean PORT?");
    project().line("explain SERVER.PROT").exits(1).complains("did you mean server.port?");
    project().line("explain NOTHING_LIKE_IT").exits(1).complains("NOTHING_LIKE_IT is not declared");
    project().line(&format!("explain JWT_SECRET={SECRET}")).exits(2).complains("give the name of a key alone");
    project().line(&format!("explain {SECRET}")).exits(1).complains("this key is not declared");
    project().run(&["explain", ""]).exits(1).complains("this key is not declared");
    project().line("explain JWT_SECRET_FILE .env").exits(0).says("JWT_SECRET  config.schema.json");
}

#[test]
fn says_what_cannot_be_read() {
    project().line("explain PORT nothing.env").exits(3).complains("nothing.env: the file cannot be read").says("PORT  config.schema.json");
    project().line("explain PORT nothing.env .env.production --format json").exits(3).says(r#""unread":[{"path":"nothing.env""#);
    project().line("explain PORT --env nowhere").exits(2).complains("nowhere is not an environment");
    project().line("explain PORT --schema nothing.json").exits(3).complains("nothing.json: the file cannot be read");
    Project::of(&[(".env", "PORT=1\n")]).line("explain PORT").exits(2).complains("no schema was found");
    let alone = Project::with_schema(&[]).line("explain PORT").exits(0);
    alone.complains("only what is declared is explained").says("default       `8080`").does_not_say("env file");
}

#[test]
fn says_why_nothing_decides() {
    let own = r#"{"version":1,"name":"shop","environment_variable":"APP_ENV","keys":[
{"variable":"SMTP_HOST","path":"smtp.host","file_path":"smtp.host","optional_group":"smtp","type":{"kind":"text"},"required":true},
{"variable":"SMTP_PORT","path":"smtp.port","file_path":"smtp.port","optional_group":"smtp","type":{"kind":"text"},"required":true,"defaults":[{"text":"25"}]},
{"variable":"TOKEN","path":"token","file_path":"token","type":{"kind":"text"},"required":true,"secret":true}]}"#;
    let project = Project::of(&[("config.schema.json", own), (".env", &format!("TOKEN=\"{SECRET}\n"))]);
    let told = project.line("explain SMTP_PORT .env").exits(0).says(".env: not looked for\n");
    told.says("    default        `25`, which does not count here\n")
        .says("  nothing sets the key, nor another of its struct, which may be absent as a\n  whole\n");
    project.line("explain TOKEN .env").says("  .env:1:7 cannot be read, and nothing else sets the key\n");
    project.write(".env", "SMTP_HOST=mail\n");
    project.line("explain SMTP_PORT .env").says("  > default        `25`\n");
}

#[test]
fn follows_the_schema_of_each_folder() {
    let own = r#"{"version":1,"name":"worker","environment_variable":"APP_ENV","keys":[{"variable":"QUEUE","path":"queue","file_path":"queue","type":{"kind":"text"},"required":true}]}"#;
    let project = Project::with_schema(&[("worker/config.schema.json", own), ("worker/.env", "QUEUE=a\n"), (".env", "PORT=1\n")]);
    project
        .line("explain QUEUE .env worker/.env")
        .exits(0)
        .says("QUEUE  worker/config.schema.json")
        .says("> env file")
        .does_not_say("PORT");
    project.line("explain PORT .env worker/.env").exits(0).says("PORT  config.schema.json").does_not_say("worker");
    project.line("explain QEUE .env worker/.env").exits(1).complains("did you mean QUEUE?");
    let example = Project::of(&[(".env.example", "# The port\nPORT=8080\n"), (".env", "PORT=1\n")]);
    example.line("explain PORT").exits(0).says("PORT  .env.example:2:1\n  The port\n").says("guessed");
}

#[test]
fn fits_a_terminal_and_is_painted_when_asked() {
    let project = project();
    for key in ["PORT", "JWT_SECRET", "SMTP_HOST", "PARTNER_URL"] {
        let told = project.line(&format!("explain {key} --env production,development")).exits(0).does_not_say("\x1b");
        for line in told.stdout.lines() {
            assert!(line.chars().count() <= 80, "{line}");
        }
    }
    project.line("explain PORT --env production --color always").says("\x1b[1mPORT\x1b[0m");
    ran(project.command_line("explain PORT .env").env("FORCE_COLOR", "1")).says("\x1b[1m");
    ran(project.command_line("explain PORT .env").env("FORCE_COLOR", "1").env("NO_COLOR", "1")).does_not_say("\x1b");
}
