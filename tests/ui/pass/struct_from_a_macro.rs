//! A struct that another macro writes compiles: its types carry other spans.

use configcheck::AppConfig;

macro_rules! settings {
    ($name:ident, $field:ident: $type:ty, $default:literal) => {
        #[derive(AppConfig)]
        pub struct $name {
            #[config(default = $default)]
            #[validate(range(min = $default))]
            pub $field: $type,
            pub names: Option<Vec<$type>>,
        }
    };
}

settings!(Settings, port: u16, 8080);

fn main() {
    let _ = Settings::schema();
}
