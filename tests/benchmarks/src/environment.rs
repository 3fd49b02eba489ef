//! The inputs: the process environment and the `.env` file of a group, as text for run.py to put in place.

use crate::fields;
use crate::group::Group;

/// What else a service finds in its environment: thirty variables of the shell, the container and the cluster.
const FOREIGN: [&str; 30] = [
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME=/home/service",
    "HOSTNAME=orders-6d4cf56db6-x7x2k",
    "LANG=C.UTF-8",
    "PWD=/srv/orders",
    "SHELL=/bin/sh",
    "SHLVL=1",
    "TERM=xterm-256color",
    "TZ=UTC",
    "USER=service",
    "KUBERNETES_PORT=tcp://10.0.0.1:443",
    "KUBERNETES_PORT_443_TCP=tcp://10.0.0.1:443",
    "KUBERNETES_PORT_443_TCP_ADDR=10.0.0.1",
    "KUBERNETES_PORT_443_TCP_PORT=443",
    "KUBERNETES_PORT_443_TCP_PROTO=tcp",
    "KUBERNETES_SERVICE_HOST=10.0.0.1",
    "KUBERNETES_SERVICE_PORT=443",
    "KUBERNETES_SERVICE_PORT_HTTPS=443",
    "ORDERS_PORT=tcp://10.0.14.7:8080",
    "ORDERS_PORT_8080_TCP=tcp://10.0.14.7:8080",
    "ORDERS_PORT_8080_TCP_ADDR=10.0.14.7",
    "ORDERS_PORT_8080_TCP_PORT=8080",
    "ORDERS_PORT_8080_TCP_PROTO=tcp",
    "ORDERS_SERVICE_HOST=10.0.14.7",
    "ORDERS_SERVICE_PORT=8080",
    "OTEL_EXPORTER_OTLP_ENDPOINT=http://collector.monitoring:4317",
    "OTEL_SERVICE_NAME=orders",
    "RUST_BACKTRACE=1",
    "RUST_LOG=info,hyper=warn",
    "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt",
];

/// One `NAME=value` a line: the foreign variables, the environment's name and, where no `.env` file holds them, the
/// configuration.
pub fn process(group: Group) -> String {
    let mut text: String = FOREIGN.iter().map(|line| format!("{line}\n")).collect();
    text.push_str("APP_ENV=development\n");
    if !group.reads_dotenv() {
        for index in 0..group.fields() {
            text.push_str(&format!("{}={}\n", fields::variable(index), fields::value(index)));
        }
    }
    text
}

/// The `.env` file: the configuration spread evenly over the group's lines, text in double quotes.
pub fn dotenv(group: Group) -> String {
    let stride = group.lines() / group.fields();
    (0..group.lines()).map(|line| dotenv_line(line, stride)).collect()
}

fn dotenv_line(line: usize, stride: usize) -> String {
    if !line.is_multiple_of(stride) {
        return format!("SOMEBODY_ELSE_{line:05}=value-{line:05}\n");
    }
    let index = line / stride;
    let value = fields::value(index);
    let quote = if value.contains(' ') { "\"" } else { "" };
    format!("{}={quote}{value}{quote}\n", fields::variable(index))
}
