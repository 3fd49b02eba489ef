//! What is never told.
