//! A server that repeats every secret it can know of, in every part of its answer and with every status: nothing of it is told or traced.

use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use configcheck_testkit::failure_lab::{FailureLab, Fault};

use crate::managers::{Ended, Manager, SECRETS, load};
use crate::oracle;

const STATUSES: [u16; 26] =
    [200, 201, 202, 204, 206, 300, 301, 307, 400, 401, 403, 404, 405, 408, 409, 412, 418, 429, 451, 472, 473, 500, 501, 502, 503, 599];

/// The answer with this status to a request, which is repeated in it.
fn echo(status: u16, request: &[u8]) -> Fault {
    let known = SECRETS.join(" ");
    let headers = ["x-vault-token", "www-authenticate", "x-amzn-errortype", "x-amzn-requestid", "server", "set-cookie", "content-language"];
    let mut headers: Vec<(String, String)> = headers.iter().map(|name| ((*name).to_owned(), known.clone())).collect();
    headers.push(("location".to_owned(), format!("http://{}@127.0.0.1:9/{}?token={}", SECRETS[0], SECRETS[1], SECRETS[2])));
    // Nobody waits for that, so that each load ends at once.
    headers.push(("retry-after".to_owned(), "86400".to_owned()));
    let body = serde_json::json!({
        "errors": [known, String::from_utf8_lossy(request)],
        "warnings": [known],
        "__type": known,
        "message": known,
        "Message": known,
        "error": known,
        "code": 3,
        SECRETS[4]: known,
    });
    Fault::StatusWith { status, headers, body: body.to_string().into_bytes() }
}

#[test]
fn what_a_server_repeats_is_never_told() {
    let cells = Mutex::new(STATUSES.iter().flat_map(|status| Manager::ALL.map(|manager| (*status, manager))));
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                loop {
                    let Some((status, manager)) = cells.lock().unwrap().next() else { return };
                    for after_login in [false, true] {
                        let repeats = Fault::by(move |request| {
                            if after_login && Manager::is_login(request) { manager.logged_in() } else { echo(status, &request.bytes) }
                        });
                        let lab = FailureLab::start(repeats);
                        let ended = load(&manager.loader(&lab.url(), Duration::from_secs(5)));
                        assert!(matches!(ended, Ended::Refused(..)), "{manager:?} {status}: {ended:?}");
                        assert!(lab.requests() > 0, "{manager:?} {status}");
                    }
                }
            });
        }
    });
    oracle::assert_nothing_was_traced();
}
