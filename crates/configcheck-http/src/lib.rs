//! The HTTP client of Configcheck's providers: bounded in time, size and reach, and silent about what it carries.
