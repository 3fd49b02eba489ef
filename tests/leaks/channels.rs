//! The channels: every way in which a load may speak, through the public interface.

use std::cell::RefCell;
use std::error::Error as _;
use std::fmt::{Debug, Write as _};
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use configcheck::{AppConfig, Error, Loader, Report, render};

/// What one channel said.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Output {
    pub(crate) channel: &'static str,
    pub(crate) text: String,
}

fn output(channel: &'static str, text: impl Into<String>) -> Output {
    Output { channel, text: text.into() }
}

/// Loads and listens to every channel.
pub(crate) fn observe<T: AppConfig + Debug>(loader: &Loader) -> Vec<Output> {
    let mut outputs = Vec::new();
    let (result, traced) = traced(|| loader.load::<T>());
    outputs.push(output("tracing at TRACE", traced));
    match &result {
        Ok(settings) => of_settings(settings, &mut outputs),
        Err(error) => of_error(error, &mut outputs),
    }
    if result.is_err() {
        outputs.push(output("panic of unwrap", panic_of(|| drop(result.unwrap()))));
    }
    of_report(&loader.inspect::<T>(), &mut outputs);
    outputs.push(output("Debug of the loader", format!("{loader:?}")));
    outputs.push(output("{:#?} of the loader", format!("{loader:#?}")));
    outputs.push(output("JSON of the schema", T::schema().to_json()));
    outputs.push(output("Debug of the schema", format!("{:?}", T::schema())));
    outputs
}

fn of_settings<T: Debug>(settings: &T, outputs: &mut Vec<Output>) {
    outputs.push(output("Debug of the settings", format!("{settings:?}")));
    outputs.push(output("{:#?} of the settings", format!("{settings:#?}")));
}

fn of_error(error: &Error, outputs: &mut Vec<Output>) {
    outputs.push(output("Display of the error", error.to_string()));
    outputs.push(output("Debug of the error", format!("{error:?}")));
    outputs.push(output("{:#?} of the error", format!("{error:#?}")));
    outputs.push(output("kind of the error", format!("{:?}", error.kind())));
    let mut chain = String::new();
    let mut source = error.source();
    while let Some(cause) = source {
        writeln!(chain, "{cause}\n{cause:?}\n{cause:#?}").unwrap();
        source = cause.source();
    }
    outputs.push(output("source chain of the error", chain));
    let boxed: Box<dyn std::error::Error> = format!("the start failed: {error}").into();
    outputs.push(output("error in another error", format!("{boxed}\n{boxed:?}")));
    outputs.push(output("plain report of the error", render::plain(error.report())));
}

/// The report in every form.
pub(crate) fn of_report(report: &Report, outputs: &mut Vec<Output>) {
    outputs.push(output("plain report", render::plain(report)));
    outputs.push(output("report on a terminal", render::terminal(report, render::Style::default())));
    outputs.push(output("report on a terminal in colour", render::terminal(report, render::Style::default().color(true))));
    outputs.push(output("report on a narrow terminal", render::terminal(report, render::Style::default().width(60))));
    outputs.push(output("JSON of the report", render::json(report)));
    outputs.push(output("Debug of the report", format!("{report:?}")));
    outputs.push(output("{:#?} of the report", format!("{report:#?}")));
    let places = report.findings.iter().map(|finding| format!("{}\n", finding.place));
    outputs.push(output("places of the report", places.collect::<String>()));
}

thread_local! {
    static PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
    static TRACED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// The message of a panic, as the panic hook gets it.
fn panic_of(act: impl FnOnce()) -> String {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |information| {
            PANIC.with_borrow_mut(|panic| match panic {
                Some(text) => *text += &information.to_string(),
                None => usual(information),
            });
        }));
    });
    PANIC.set(Some(String::new()));
    let payload = catch_unwind(AssertUnwindSafe(act)).expect_err("a load that failed panics when it is unwrapped");
    let text = payload.downcast_ref::<String>().cloned().unwrap_or_default();
    PANIC.take().unwrap_or_default() + "\n" + &text
}

/// What was traced without what chance decides: how long an access took, and how often it was tried.
fn without_chance(traced: &str) -> String {
    let is_chance = |word: &&str| word.starts_with("took=") || word.starts_with("tries=");
    traced.lines().map(|line| line.split(' ').filter(|word| !is_chance(word)).collect::<Vec<_>>().join(" ") + "\n").collect()
}

/// Runs something and gives what was traced meanwhile.
fn traced<T>(act: impl FnOnce() -> T) -> (T, String) {
    struct ToThread;
    impl Write for ToThread {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            TRACED.with_borrow_mut(|traced| traced.extend_from_slice(bytes));
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let spans = tracing_subscriber::fmt::format::FmtSpan::FULL;
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(spans)
        .with_ansi(false)
        .without_time()
        .with_writer(|| ToThread)
        .finish();
    TRACED.take();
    let value = tracing::subscriber::with_default(subscriber, act);
    (value, without_chance(&String::from_utf8_lossy(&TRACED.take())))
}

#[test]
fn channels_do_speak() {
    let loader = crate::failures::base().vars([("TOKEN", "not-a-number")]);
    let outputs = observe::<crate::settings::Number>(&loader);
    for output in &outputs {
        let may_be_silent = output.channel == "source chain of the error";
        assert!(may_be_silent || !output.text.is_empty(), "{} says nothing", output.channel);
    }
    let text = |channel: &str| outputs.iter().find(|output| output.channel == channel).unwrap().text.clone();
    assert!(text("panic of unwrap").contains("TOKEN"), "{}", text("panic of unwrap"));
    assert!(text("tracing at TRACE").contains("configuration refused"), "{}", text("tracing at TRACE"));
    assert!(outputs.len() >= 18, "{}", outputs.len());
}
