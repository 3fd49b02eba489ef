//! What a mistake of ours looks like: a place in our source and what to do, and nothing of what was being read.

use crate::console::Console;

/// Replaces the panic message, which may quote a value.
pub(crate) fn install_hook() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(String::new, |place| format!(" at {}:{}", place.file(), place.line()));
        Console::error(&format!(
            "configcheck {} stopped{place}: this is a mistake of configcheck, not of your configuration\n  help: please report it with \
             the line above and the command you ran: {}/issues; no value is needed, and none was printed",
            env!("CARGO_PKG_VERSION"),
            env!("CARGO_PKG_REPOSITORY"),
        ));
    }));
}
