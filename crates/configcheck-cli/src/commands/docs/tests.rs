//! What the pages of a schema with one key of most kinds say, and what they never show.
