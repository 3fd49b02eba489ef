//! Merging and comparing on bytes: what the author wrote stays.
