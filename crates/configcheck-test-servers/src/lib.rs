//! The real servers of Configcheck's tests, started and stopped; not published.
