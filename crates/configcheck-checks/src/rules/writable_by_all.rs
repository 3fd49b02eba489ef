//! `writable-by-all`: in staging and production a file that sets a variable may be written by every user of the machine.

use configcheck_core::origin::Origin;
use configcheck_core::{Diagnostic, Place, RuleInfo, Severity};

use super::Rule;
use crate::context::Context;

pub(super) struct WritableByAll;

static INFO: RuleInfo = RuleInfo {
    name: "writable-by-all",
    code: "CC027",
    severity: Severity::Warning,
    summary: "Every user of the machine may write to a file that sets a variable in staging or production.",
    page: include_str!("writable_by_all.md"),
};

impl Rule for WritableByAll {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn applies(&self, context: &Context<'_>) -> bool {
        !context.snapshot().writable_by_all.is_empty() && context.is_deployed()
    }

    fn check(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for source in &context.snapshot().writable_by_all {
            // A file that sets nothing here can be changed to set something, but so can any that is not there yet.
            if context.keys().any(|view| view.entries().any(|entry| entry.origin.source == *source)) {
                let name = context.spot(Origin::of(*source));
                let finding = Diagnostic::new(&INFO, format!("every user of the machine may write to {name}"));
                findings.push(
                    finding
                        .at(Place::Source(name))
                        .expected("a file that only its owner may write to")
                        .help("take the right from the others: chmod o-w, and look at the umask of whatever writes the file"),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use configcheck_core::origin::{Layer, SourceKind};

    use super::*;
    use crate::rules::testing::{Case, check, text};

    fn case(environment: &str) -> Case {
        let case = Case::new(&[text("HOST")]).in_environment(environment).config("config.toml", 4, "HOST", "db");
        case.with(|snapshot| {
            let source = snapshot.slots[0].origin().expect("the file sets it").source;
            snapshot.writable_by_all.push(source);
        })
    }

    #[test]
    fn finds_files_that_set_something() {
        for environment in ["staging", "production"] {
            check(
                &WritableByAll,
                case(environment),
                "\
warning: every user of the machine may write to config.toml
  about -, at config.toml
  expected: a file that only its owner may write to
  help: take the right from the others: chmod o-w, and look at the umask of whatever writes the file",
            );
        }
    }

    #[test]
    fn leaves_alone_what_is_on_the_machine_of_a_developer_or_sets_nothing() {
        check(&WritableByAll, case("development"), "");
        check(&WritableByAll, case("test"), "");
        let idle = Case::new(&[text("HOST")]).in_environment("production").set("HOST", "db").with(|snapshot| {
            let source = snapshot.add_source(SourceKind::File, "config.toml", Layer::File, true);
            snapshot.writable_by_all.push(source);
        });
        check(&WritableByAll, idle, "");
    }
}
