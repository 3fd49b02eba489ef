//! Settings, right and wrong.
